<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Google\Protobuf\Any;
use Google\Protobuf\Internal\Message;
use Koine\Interop\Derived\AddUpRequest;
use Koine\Interop\Derived\AddUpResponse;
use Koine\Interop\Derived\ExchangeHeadersRequest;
use Koine\Interop\Derived\ExchangeHeadersResponse;
use Koine\Interop\Derived\FailRequest;
use Koine\Interop\Derived\GreetRequest;
use Koine\Interop\Derived\GreetResponse;
use Koine\Interop\Derived\ListNamesRequest;
use Koine\Interop\Derived\ListNamesResponse;
use Koine\Interop\Derived\SeveralResponse;
use Koine\Interop\Derived\Ticket;

/** The cases of contract.thrift, called with the proto types that Koine derives from it, towards a Thrift provider. */
final class DerivedCases
{
    public static function addTo(Suite $suite): void
    {
        self::addSamples($suite, DerivedSamples::scalars(), 'Scalars');
        self::addSamples($suite, DerivedSamples::payloads(), 'Payload');
        self::addSamples($suite, DerivedSamples::lists(), 'Lists');
        self::addSamples($suite, DerivedSamples::sets(), 'Sets');
        self::addSamples($suite, DerivedSamples::maps(), 'Maps');
        self::addSamples($suite, DerivedSamples::orders(), 'PlaceOrder');
        self::addSamples($suite, DerivedSamples::nodes(), 'Grow');
        self::addSamples($suite, DerivedSamples::optionals(), 'Optionals');
        self::addSamples($suite, DerivedSamples::paints(), 'Paint');
        self::addSamples($suite, DerivedSamples::picks(), 'Pick');
        self::addSamples($suite, DerivedSamples::times(), 'Times');
        $call = static fn(string $name, string $method, Message $request, Message $want, array $metadata = []) =>
            $suite->addCall($name, DerivedService::PATH . $method, $request, $want, $metadata);
        $call('several_arguments', 'Several', DerivedSamples::several(), new SeveralResponse(['value' => Samples::SEVERAL_ANSWER]));
        $call('no_arguments', 'Greet', new GreetRequest(), new GreetResponse(['value' => Samples::GREET_ANSWER]));
        $call('bare_result', 'AddUp', new AddUpRequest(['left' => Samples::ADD_LEFT, 'right' => Samples::ADD_RIGHT]),
            new AddUpResponse(['value' => Samples::ADD_ANSWER]));
        $call('bare_list_result', 'ListNames', new ListNamesRequest(['prefix' => Samples::NAMES_PREFIX]),
            new ListNamesResponse(['value' => Samples::NAMES_ANSWER]));
        $call('no_exception', 'Fail', new FailRequest(['caseId' => 'no_exception']), DerivedSamples::ticket());
        $suite->add('metadata_roundtrip', static fn(): array => self::exchangeHeaders($suite->channel));
        self::addErrors($suite);
        $suite->addCourseCases(new DerivedService($suite->channel), false);
    }

    private static function addSamples(Suite $suite, array $samples, string $method): void
    {
        foreach ($samples as $name => [$request, $answer]) {
            $suite->addCall($name, DerivedService::PATH . $method, Samples::named($request, $name), Samples::named($answer, $name . '.answer'));
        }
    }

    /** Sends metadata and no message; the answer comes in the place that the provider has for it. */
    private static function exchangeHeaders(Channel $channel): array
    {
        $call = $channel->finished(DerivedService::PATH . 'ExchangeHeaders', new ExchangeHeadersRequest(),
            ['x-koine-greeting' => 'hello', 'x-koine-tag' => 'caller']);
        $answer = $call->answer(ExchangeHeadersResponse::class);
        $got = (array) Render::metadata($call->headers) + (array) Render::metadata($call->trailers);
        foreach ($answer->getValue() as $name => $value) {
            $got[$name] = [$value];
        }
        ksort($got, SORT_STRING);
        return [(object) $got, (object) ['x-koine-reply' => ['world'], 'x-koine-tag' => ['provider']]];
    }

    private static function addErrors(Suite $suite): void
    {
        foreach (DerivedSamples::failing() as $name => [$code, $detail]) {
            $suite->addFailure($name, DerivedService::PATH . 'Fail', new FailRequest(['caseId' => $name]), Ticket::class,
                static function (Failure $failure) use ($code, $detail): array {
                    if ($failure->name() !== $code) {
                        throw $failure;
                    }
                    $want = new Any();
                    $want->pack($detail);
                    return [Render::failure($failure, ''), Render::status($code, '', [$want])];
                });
        }
        $suite->addDeliberate(DerivedService::PATH . 'Fail', new FailRequest(['caseId' => 'undeclared_failure']), Ticket::class);
        $suite->addNoSuchMethod(DerivedService::PATH);
    }
}
