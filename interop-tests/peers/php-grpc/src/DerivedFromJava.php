<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Google\Protobuf\Any;
use Google\Protobuf\Internal\Message;
use Koine\Interop\Javas\FailRequest;

/** The proto that Koine derives from the Java contract: the cases towards Dubbo's providers, whose values are those of a table. */
final class DerivedFromJava
{
    private const PACKAGE = 'koine.interop.shop';

    public static function addTo(Suite $suite): void
    {
        $path = '/' . self::PACKAGE . '.InteropService/';
        $types = self::types();
        foreach (file(__DIR__ . '/../javas.values', FILE_IGNORE_NEW_LINES) as $line) {
            $columns = explode("\t", $line);
            [$name, $method, $request, $answer] = $columns;
            [$asked, $answered] = $types[$method];
            if (count($columns) === 4) {
                $suite->addCall($name, $path . $method, self::message($asked, $request), self::message($answered, $answer));
                continue;
            }
            $suite->addFailure($name, $path . $method, self::message($asked, $request), 'Koine\Interop\Javas\\' . $answered,
                static function (Failure $failure) use ($columns): array {
                    self::message(substr($columns[4], strlen(self::PACKAGE) + 1), ''); // a class that the library has to know
                    $want = new Any();
                    $want->setTypeUrl('type.googleapis.com/' . $columns[4]);
                    $want->setValue(hex2bin($columns[3]));
                    return [Render::failure($failure), Render::status('UNKNOWN', hex2bin($columns[5]), [$want])];
                });
        }
        $suite->addDeliberate($path . 'Fail', new FailRequest(['caseId' => 'undeclared_failure']), 'Koine\Interop\Javas\Ticket');
        $suite->addNoSuchMethod($path);
        $suite->addCourseCases(new DerivedService($suite->channel, $path, 'Koine\Interop\Javas\\'), false);
    }

    /** @return array<string, array{0: string, 1: string}> of each method the messages that it takes and gives: nothing is generated for services */
    private static function types(): array
    {
        preg_match_all('/rpc (\w+)\((?:[\w.]+\.)?(\w+)\) returns \((?:[\w.]+\.)?(\w+)\)/', file_get_contents(__DIR__ . '/../idl/javas.proto'), $found, PREG_SET_ORDER);
        $types = [];
        foreach ($found as [, $method, $asked, $answered]) {
            $types[$method] = [$asked, $answered];
        }
        return $types;
    }

    private static function message(string $type, string $bytes): Message
    {
        $class = 'Koine\Interop\Javas\\' . $type;
        $made = new $class();
        $made->mergeFromString(hex2bin($bytes));
        return $made;
    }
}
