<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Google\Protobuf\GPBEmpty;
use Koine\Interop\V1\LingerRequest;
use Koine\Interop\V1\NonceMessage;
use Koine\Interop\V1\PostRequest;
use Koine\Interop\V1\Sightings;
use Koine\Interop\V1\TextReply;

/** Calls a gRPC provider with the types of contract.proto. */
final class OwnService implements Service
{
    public const PATH = '/koine.interop.v1.InteropService/';

    public function __construct(private readonly Channel $channel)
    {
    }

    private static function message(int $nonce): NonceMessage
    {
        return new NonceMessage(['nonce' => $nonce]);
    }

    public function greet(): void
    {
        $this->channel->call(self::PATH . 'Greet', new GPBEmpty(), TextReply::class);
    }

    public function linger(int $nonce, int $waitMillis, ?int $deadlineMillis): Call
    {
        $request = new LingerRequest(['nonce' => $nonce, 'wait_millis' => $waitMillis]);
        return $this->channel->prepare(self::PATH . 'Linger', $request, [], $deadlineMillis);
    }

    public function lingered(Call $call): int
    {
        return $call->answer(NonceMessage::class)->getNonce();
    }

    public function stamp(int $nonce): Call
    {
        return $this->channel->prepare(self::PATH . 'Stamp', self::message($nonce), [], Channel::ANSWER_LIMIT_MILLIS);
    }

    public function stamped(Call $call): int
    {
        return $call->answer(NonceMessage::class)->getNonce();
    }

    public function post(int $nonce, string $note): void
    {
        $this->channel->call(self::PATH . 'Post', new PostRequest(['nonce' => $nonce, 'note' => $note]), GPBEmpty::class);
    }

    public function reset(int $nonce): void
    {
        $this->channel->call(self::PATH . 'Reset', self::message($nonce), GPBEmpty::class);
    }

    public function seen(int $nonce): array
    {
        $seen = $this->channel->call(self::PATH . 'Seen', self::message($nonce), Sightings::class);
        return ['posts' => $seen->getPosts(), 'resets' => $seen->getResets(),
            'started' => $seen->getLingersStarted(), 'cancelled' => $seen->getLingersCancelled()];
    }
}
