<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Koine\Interop\Derived\InteropServiceClient;
use Koine\Interop\Derived\LingerRequest;
use Koine\Interop\Derived\NonceMessage;
use Koine\Interop\Derived\PostRequest;
use Thrift\Protocol\TProtocol;

/** Calls a gRPC provider with the Thrift types that Koine derives. */
final class DerivedService implements Service
{
    private readonly InteropServiceClient $client;

    public function __construct(TProtocol $protocol)
    {
        $this->client = new InteropServiceClient($protocol);
    }

    private static function message(int $nonce): NonceMessage
    {
        return new NonceMessage(['nonce' => $nonce]);
    }

    public function greet(): void
    {
        $this->client->greet();
    }

    public function sendLinger(int $nonce, int $waitMillis): void
    {
        $this->client->send_linger(new LingerRequest(['nonce' => $nonce, 'wait_millis' => $waitMillis]));
    }

    public function receiveLinger(): int
    {
        return $this->client->recv_linger()->nonce;
    }

    public function stamp(int $nonce): int
    {
        return $this->client->stamp(self::message($nonce))->nonce;
    }

    public function sendStamp(int $nonce): void
    {
        $this->client->send_stamp(self::message($nonce));
    }

    public function receiveStamp(): int
    {
        return $this->client->recv_stamp()->nonce;
    }

    public function post(int $nonce, string $note): void
    {
        $this->client->post(new PostRequest(['nonce' => $nonce, 'note' => $note]));
    }

    public function reset(int $nonce): void
    {
        $this->client->reset(self::message($nonce));
    }

    public function seen(int $nonce): array
    {
        $seen = $this->client->seen(self::message($nonce));
        return ['posts' => $seen->posts ?? 0, 'resets' => $seen->resets ?? 0,
            'started' => $seen->lingers_started ?? 0, 'cancelled' => $seen->lingers_cancelled ?? 0];
    }
}
