<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Exception\TApplicationException;
use Thrift\Protocol\TBinaryProtocol;
use Thrift\Protocol\TProtocol;
use Thrift\Transport\TMemoryBuffer;
use Thrift\Type\TMessageType;

/** The Thrift that Koine derives from the Java contract: the cases towards Dubbo's providers, whose values are those of a table. */
final class DerivedFromJava
{
    public static function addTo(Suite $suite): void
    {
        foreach (file(__DIR__ . '/../javas.values', FILE_IGNORE_NEW_LINES) as $line) {
            [$name, $method, $arguments, $answer] = explode("\t", $line);
            $suite->add($name, static fn(): array => [
                Render::value(self::call($suite->shared(), $method, self::struct($method, 'args', $arguments))),
                Render::value(self::struct($method, 'result', $answer)),
            ]);
        }
        $suite->add('undeclared_failure', static function () use ($suite): array {
            try {
                self::call($suite->shared(), 'fail', new \Koine\Interop\Javas\InteropService_fail_args(['caseId' => 'undeclared_failure']));
            } catch (TApplicationException $failure) {
                if ($failure->getCode() === TApplicationException::INTERNAL_ERROR && str_contains($failure->getMessage(), Samples::DELIBERATE)) {
                    return ['failed', 'failed'];
                }
                throw $failure;
            }
            return ['the call ended well', 'failed'];
        });
        $suite->add('no_such_method', static fn(): array => [OwnCases::callUnknown($suite->shared()), 'UNKNOWN_METHOD']);
        $suite->addCourseCases(static fn(TProtocol $protocol): Service => new OwnService($protocol, \Koine\Interop\Javas\InteropServiceClient::class), false);
    }

    /** What was generated for a method's arguments or its result, with the fields that these bytes have. */
    private static function struct(string $method, string $role, string $bytes = ''): object
    {
        $class = "Koine\\Interop\\Javas\\InteropService_{$method}_$role";
        $made = new $class();
        if ($bytes !== '') {
            $made->read(new TBinaryProtocol(new TMemoryBuffer(hex2bin($bytes))));
        }
        return $made;
    }

    /** Any method by its name, as a generated client calls it. */
    private static function call(TProtocol $protocol, string $method, object $arguments): object
    {
        $protocol->writeMessageBegin($method, TMessageType::CALL, 0);
        $arguments->write($protocol);
        $protocol->writeMessageEnd();
        $protocol->getTransport()->flush();
        $name = null;
        $type = 0;
        $sequence = 0;
        $protocol->readMessageBegin($name, $type, $sequence);
        $result = $type === TMessageType::EXCEPTION ? new TApplicationException() : self::struct($method, 'result');
        $result->read($protocol);
        $protocol->readMessageEnd();
        return $result instanceof TApplicationException ? throw $result : $result;
    }
}
