<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Koine\Interop\Derived\GreetRequest;
use Koine\Interop\Derived\GreetResponse;
use Koine\Interop\Derived\LingerRequest;
use Koine\Interop\Derived\LingerResponse;
use Koine\Interop\Derived\PostRequest;
use Koine\Interop\Derived\PostResponse;
use Koine\Interop\Derived\ResetRequest;
use Koine\Interop\Derived\ResetResponse;
use Koine\Interop\Derived\Seen;
use Koine\Interop\Derived\SeenRequest;
use Koine\Interop\Derived\StampRequest;
use Koine\Interop\Derived\StampResponse;

/** Calls a Thrift provider with the proto types that Koine derives. */
final class DerivedService implements Service
{
    public const PATH = '/koine.interop.contract.Interop/';

    public function __construct(private readonly Channel $channel)
    {
    }

    public function greet(): void
    {
        $this->channel->call(self::PATH . 'Greet', new GreetRequest(), GreetResponse::class);
    }

    public function linger(int $nonce, int $waitMillis, ?int $deadlineMillis): Call
    {
        $request = new LingerRequest(['nonce' => $nonce, 'waitMillis' => $waitMillis]);
        return $this->channel->prepare(self::PATH . 'Linger', $request, [], $deadlineMillis);
    }

    public function lingered(Call $call): int
    {
        return $call->answer(LingerResponse::class)->getValue();
    }

    public function stamp(int $nonce): Call
    {
        return $this->channel->prepare(self::PATH . 'Stamp', new StampRequest(['nonce' => $nonce]), [], Channel::ANSWER_LIMIT_MILLIS);
    }

    public function stamped(Call $call): int
    {
        return $call->answer(StampResponse::class)->getValue();
    }

    public function post(int $nonce, string $note): void
    {
        $this->channel->call(self::PATH . 'Post', new PostRequest(['nonce' => $nonce, 'note' => $note]), PostResponse::class);
    }

    public function reset(int $nonce): void
    {
        $this->channel->call(self::PATH . 'Reset', new ResetRequest(['nonce' => $nonce]), ResetResponse::class);
    }

    public function seen(int $nonce): array
    {
        $seen = $this->channel->call(self::PATH . 'Seen', new SeenRequest(['nonce' => $nonce]), Seen::class);
        return ['posts' => $seen->getPosts(), 'resets' => $seen->getResets(),
            'started' => $seen->getLingersStarted(), 'cancelled' => $seen->getLingersCancelled()];
    }
}
