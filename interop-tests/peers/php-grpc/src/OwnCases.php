<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Google\Protobuf\Any;
use Google\Protobuf\GPBEmpty;
use Google\Protobuf\Internal\Message;
use Koine\Interop\V1\AddReply;
use Koine\Interop\V1\AddRequest;
use Koine\Interop\V1\FailRequest;
use Koine\Interop\V1\ListNamesReply;
use Koine\Interop\V1\ListNamesRequest;
use Koine\Interop\V1\NonceMessage;
use Koine\Interop\V1\TextReply;
use Koine\Interop\V1\Ticket;

/** The cases of contract.proto, towards a gRPC provider. */
final class OwnCases
{
    public static function addTo(Suite $suite): void
    {
        self::addSamples($suite, Samples::numbers(), 'CheckNumbers');
        self::addSamples($suite, Samples::blobs(), 'CheckBlob');
        self::addSamples($suite, Samples::repeats(), 'CheckRepeats');
        self::addSamples($suite, Samples::dictionaries(), 'CheckDictionaries');
        self::addSamples($suite, Samples::purchases(), 'PlacePurchase');
        self::addSamples($suite, Samples::trees(), 'Grow');
        self::addSamples($suite, Samples::presences(), 'CheckPresence');
        self::addSamples($suite, Samples::coatings(), 'Coat');
        self::addSamples($suite, Samples::selections(), 'Select');
        self::addSamples($suite, Samples::moments(), 'CheckMoments');
        $call = static fn(string $name, string $method, Message $request, Message $want) =>
            $suite->addCall($name, OwnService::PATH . $method, $request, $want);
        $call('several_arguments', 'Several', Samples::several(), new TextReply(['value' => Samples::SEVERAL_ANSWER]));
        $call('no_arguments', 'Greet', new GPBEmpty(), new TextReply(['value' => Samples::GREET_ANSWER]));
        $call('bare_result', 'Add', new AddRequest(['left' => Samples::ADD_LEFT, 'right' => Samples::ADD_RIGHT]),
            new AddReply(['sum' => Samples::ADD_ANSWER]));
        $call('bare_list_result', 'ListNames', new ListNamesRequest(['prefix' => Samples::NAMES_PREFIX]),
            new ListNamesReply(['names' => Samples::NAMES_ANSWER]));
        $call('no_exception', 'Fail', new FailRequest(['case_id' => 'no_exception']), Samples::ticket());
        self::addErrors($suite);
        $suite->add('metadata_roundtrip', static fn(): array => self::exchangeMetadata($suite->channel));
        $suite->addCourseCases(new OwnService($suite->channel), true);
    }

    private static function addSamples(Suite $suite, array $samples, string $method): void
    {
        foreach ($samples as $name => [$request, $answer]) {
            $suite->addCall($name, OwnService::PATH . $method, Samples::named($request, $name), Samples::named($answer, $name . '.answer'));
        }
    }

    private static function addErrors(Suite $suite): void
    {
        foreach (Samples::failing() as $name => [$code, $message, $detail]) {
            $suite->addFailure($name, OwnService::PATH . 'Fail', new FailRequest(['case_id' => $name]), Ticket::class,
                static function (Failure $failure) use ($code, $message, $detail): array {
                    $want = new Any();
                    $want->pack($detail);
                    return [Render::failure($failure), Render::status($code, $message, [$want])];
                });
        }
        $suite->addDeliberate(OwnService::PATH . 'Fail', new FailRequest(['case_id' => 'undeclared_failure']), Ticket::class);
        $suite->addNoSuchMethod(OwnService::PATH);
    }

    /** Sends entries of both forms and compares what comes back before and after the answer. */
    private static function exchangeMetadata(Channel $channel): array
    {
        $nonce = Suite::newNonce();
        $call = $channel->finished(OwnService::PATH . 'ExchangeMetadata', new NonceMessage(['nonce' => $nonce]), Samples::CALLER_ENTRIES);
        $answer = $call->answer(NonceMessage::class);
        return [
            ['nonce' => $answer->getNonce(), 'headers' => Render::metadata($call->headers), 'trailers' => Render::metadata($call->trailers)],
            ['nonce' => ~$nonce, 'headers' => ['x-koine-reply' => ['world']],
                'trailers' => ['x-koine-blob-bin' => ['hex:ff007f01'], 'x-koine-trail' => ['done']]],
        ];
    }
}
