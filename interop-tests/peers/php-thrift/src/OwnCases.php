<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Koine\Interop\Contract\InteropClient;
use Koine\Interop\Contract\Interop_greet_args;
use Koine\Interop\Contract\NotFound;
use Koine\Interop\Contract\OverQuota;
use Thrift\Exception\TApplicationException;
use Thrift\Protocol\TProtocol;
use Thrift\Type\TMessageType;
use Thrift\Type\TType;

/** The cases of contract.thrift, towards a Thrift provider. */
final class OwnCases
{
    public static function addTo(Suite $suite): void
    {
        self::addSamples($suite, Samples::scalars(), 'scalars');
        self::addSamples($suite, Samples::payloads(), 'payload');
        self::addSamples($suite, Samples::lists(), 'lists');
        self::addSamples($suite, Samples::sets(), 'sets');
        self::addSamples($suite, Samples::maps(), 'maps');
        self::addSamples($suite, Samples::orders(), 'placeOrder');
        self::addSamples($suite, Samples::nodes(), 'grow');
        self::addSamples($suite, Samples::optionals(), 'optionals');
        self::addSamples($suite, Samples::paints(), 'paint');
        self::addSamples($suite, Samples::picks(), 'pick');
        self::addSamples($suite, Samples::times(), 'times');
        self::addCall($suite, 'several_arguments', Samples::SEVERAL_ANSWER,
            static fn(InteropClient $client) => $client->several(...Samples::several()));
        self::addCall($suite, 'no_arguments', Samples::GREET_ANSWER, static fn(InteropClient $client) => $client->greet());
        self::addCall($suite, 'bare_result', Samples::ADD_ANSWER,
            static fn(InteropClient $client) => $client->addUp(Samples::ADD_LEFT, Samples::ADD_RIGHT));
        self::addCall($suite, 'bare_list_result', Samples::NAMES_ANSWER,
            static fn(InteropClient $client) => $client->listNames(Samples::NAMES_PREFIX));
        self::addCall($suite, 'no_exception', Samples::ticket(), static fn(InteropClient $client) => $client->fail('no_exception'));
        self::addCall($suite, 'metadata_roundtrip', Samples::HEADERS_ANSWER,
            static fn(InteropClient $client) => $client->exchangeHeaders(Samples::HEADERS_REQUEST));
        self::addErrors($suite);
        $suite->addCourseCases(static fn(TProtocol $protocol): Service => new OwnService($protocol), false);
    }

    private static function addSamples(Suite $suite, array $samples, string $method): void
    {
        foreach ($samples as $name => [$request, $answer]) {
            self::addCall($suite, $name, Samples::named($answer, $name . '.answer'),
                static fn(InteropClient $client) => $client->$method(Samples::named($request, $name)));
        }
    }

    private static function addCall(Suite $suite, string $name, mixed $want, \Closure $call): void
    {
        $suite->add($name, static fn(): array => [Render::value($call(new InteropClient($suite->shared()))), Render::value($want)]);
    }

    private static function addErrors(Suite $suite): void
    {
        self::addCall($suite, 'declared_exception_a', Samples::notFound(), static function (InteropClient $client): object {
            try {
                return $client->fail('declared_exception_a');
            } catch (NotFound $declared) {
                return $declared;
            }
        });
        self::addCall($suite, 'declared_exception_b', Samples::overQuota(), static function (InteropClient $client): object {
            try {
                return $client->fail('declared_exception_b');
            } catch (OverQuota $declared) {
                return $declared;
            }
        });
        self::addCall($suite, 'undeclared_failure', 'INTERNAL_ERROR with the text', static function (InteropClient $client): mixed {
            try {
                return $client->fail('undeclared_failure');
            } catch (TApplicationException $failure) {
                // Libraries that know only UNKNOWN have providers that say so in the text, see contract/cases.md.
                $kind = str_contains($failure->getMessage(), '(UNKNOWN)') ? TApplicationException::UNKNOWN : TApplicationException::INTERNAL_ERROR;
                if ($failure->getCode() === $kind && str_contains($failure->getMessage(), Samples::DELIBERATE)) {
                    return 'INTERNAL_ERROR with the text';
                }
                throw $failure;
            }
        });
        $suite->add('no_such_method', static fn(): array => [self::callUnknown($suite->shared()), 'UNKNOWN_METHOD']);
    }

    /** Calls a method that the IDL does not have, message by hand. */
    public static function callUnknown(TProtocol $protocol): string
    {
        $protocol->writeMessageBegin('noSuchMethod', TMessageType::CALL, 0);
        (new Interop_greet_args())->write($protocol);
        $protocol->writeMessageEnd();
        $protocol->getTransport()->flush();
        $method = null;
        $type = 0;
        $sequence = 0;
        $protocol->readMessageBegin($method, $type, $sequence);
        if ($type !== TMessageType::EXCEPTION) {
            $protocol->skip(TType::STRUCT);
            $protocol->readMessageEnd();
            return 'the call ended well';
        }
        $failure = new TApplicationException();
        $failure->read($protocol);
        $protocol->readMessageEnd();
        if ($failure->getCode() === TApplicationException::UNKNOWN_METHOD) {
            return 'UNKNOWN_METHOD';
        }
        throw $failure;
    }
}
