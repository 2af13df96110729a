<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Koine\Interop\Derived\AddRequest;
use Koine\Interop\Derived\FailRequest;
use Koine\Interop\Derived\InteropServiceClient;
use Koine\Interop\Derived\ListNamesRequest;
use Koine\Interop\Derived\NonceMessage;
use Koine\Interop\Derived\RpcStatus;
use Thrift\Protocol\TProtocol;

/** The cases of contract.proto, called with the Thrift types that Koine derives from it, towards a gRPC provider. */
final class DerivedCases
{
    public static function addTo(Suite $suite): void
    {
        self::addSamples($suite, DerivedSamples::numbers(), 'checkNumbers');
        self::addSamples($suite, DerivedSamples::blobs(), 'checkBlob');
        self::addSamples($suite, DerivedSamples::repeats(), 'checkRepeats');
        self::addSamples($suite, DerivedSamples::dictionaries(), 'checkDictionaries');
        self::addSamples($suite, DerivedSamples::purchases(), 'placePurchase');
        self::addSamples($suite, DerivedSamples::trees(), 'grow');
        self::addSamples($suite, DerivedSamples::presences(), 'checkPresence');
        self::addSamples($suite, DerivedSamples::coatings(), 'coat');
        self::addSamples($suite, DerivedSamples::selections(), 'select');
        self::addSamples($suite, DerivedSamples::moments(), 'checkMoments');
        self::addCall($suite, 'several_arguments', Samples::SEVERAL_ANSWER,
            static fn(InteropServiceClient $client) => $client->several(DerivedSamples::several())->value);
        self::addCall($suite, 'no_arguments', Samples::GREET_ANSWER, static fn(InteropServiceClient $client) => $client->greet()->value);
        self::addCall($suite, 'bare_result', Samples::ADD_ANSWER, static fn(InteropServiceClient $client) =>
            $client->add(new AddRequest(['left' => Samples::ADD_LEFT, 'right' => Samples::ADD_RIGHT]))->sum);
        self::addCall($suite, 'bare_list_result', Samples::NAMES_ANSWER, static fn(InteropServiceClient $client) =>
            $client->listNames(new ListNamesRequest(['prefix' => Samples::NAMES_PREFIX]))->names);
        self::addCall($suite, 'no_exception', DerivedSamples::ticket(), static fn(InteropServiceClient $client) =>
            $client->fail(new FailRequest(['case_id' => 'no_exception'])));
        $nonce = random_int(0, PHP_INT_MAX);
        self::addCall($suite, 'metadata_roundtrip', ~$nonce, static fn(InteropServiceClient $client) =>
            $client->exchangeMetadata(new NonceMessage(['nonce' => $nonce]))->nonce);
        self::addErrors($suite);
        $suite->addCourseCases(static fn(TProtocol $protocol): Service => new DerivedService($protocol), true);
    }

    private static function addSamples(Suite $suite, array $samples, string $method): void
    {
        foreach ($samples as $name => [$request, $answer]) {
            self::addCall($suite, $name, Samples::named($answer, $name . '.answer'),
                static fn(InteropServiceClient $client) => $client->$method(Samples::named($request, $name)));
        }
    }

    private static function addCall(Suite $suite, string $name, mixed $want, \Closure $call): void
    {
        $suite->add($name, static fn(): array => [Render::value($call(new InteropServiceClient($suite->shared()))), Render::value($want)]);
    }

    private static function addErrors(Suite $suite): void
    {
        foreach (['declared_exception_a' => DerivedSamples::missing(), 'declared_exception_b' => DerivedSamples::quota()] as $name => $want) {
            self::addCall($suite, $name, $want, static function (InteropServiceClient $client) use ($name): object {
                try {
                    return $client->fail(new FailRequest(['case_id' => $name]));
                } catch (RpcStatus $declared) {
                    return $declared;
                }
            });
        }
        self::addCall($suite, 'undeclared_failure', 'UNKNOWN with the text', static function (InteropServiceClient $client): mixed {
            try {
                return $client->fail(new FailRequest(['case_id' => 'undeclared_failure']));
            } catch (RpcStatus $status) {
                if ($status->code === 2 && str_contains($status->message, Samples::DELIBERATE) && ($status->details ?? []) === []) {
                    return 'UNKNOWN with the text';
                }
                throw $status;
            }
        });
        $suite->add('no_such_method', static fn(): array => [OwnCases::callUnknown($suite->shared()), 'UNKNOWN_METHOD']);
    }
}
