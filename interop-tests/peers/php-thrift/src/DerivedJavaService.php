<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Koine\Interop\Javas\InteropServiceClient;
use Thrift\Protocol\TProtocol;

/** Calls a Dubbo provider with the Thrift types that Koine derives from the Java contract. */
final class DerivedJavaService implements Service
{
    private readonly InteropServiceClient $client;

    public function __construct(TProtocol $protocol)
    {
        $this->client = new InteropServiceClient($protocol);
    }

    public function greet(): void
    {
        $this->client->greet();
    }

    public function sendLinger(int $nonce, int $waitMillis): void
    {
        $this->client->send_linger($nonce, $waitMillis);
    }

    public function receiveLinger(): int
    {
        return $this->client->recv_linger();
    }

    public function stamp(int $nonce): int
    {
        return $this->client->stamp($nonce);
    }

    public function sendStamp(int $nonce): void
    {
        $this->client->send_stamp($nonce);
    }

    public function receiveStamp(): int
    {
        return $this->client->recv_stamp();
    }

    public function post(int $nonce, string $note): void
    {
        $this->client->post($nonce, $note);
    }

    public function reset(int $nonce): void
    {
        $this->client->reset($nonce);
    }

    public function seen(int $nonce): array
    {
        $seen = $this->client->seen($nonce);
        return ['posts' => $seen->posts, 'resets' => $seen->resets,
            'started' => $seen->lingersStarted, 'cancelled' => 0];
    }
}
