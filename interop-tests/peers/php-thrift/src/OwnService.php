<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Koine\Interop\Contract\InteropClient;
use Thrift\Protocol\TProtocol;

/** Calls with the types of contract.thrift, or of what was derived from the Java contract, whose methods look alike. */
final class OwnService implements Service
{
    private readonly object $client;

    public function __construct(TProtocol $protocol, string $client = InteropClient::class)
    {
        $this->client = new $client($protocol);
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
            'started' => $seen->lingersStarted, 'cancelled' => $seen->lingersCancelled ?? 0];
    }
}
