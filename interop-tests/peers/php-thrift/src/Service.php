<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

/** What the cases about the course of a call need of a contract, whichever IDL made its types. */
interface Service
{
    public function greet(): void;

    public function sendLinger(int $nonce, int $waitMillis): void;

    public function receiveLinger(): int;

    public function stamp(int $nonce): int;

    public function sendStamp(int $nonce): void;

    public function receiveStamp(): int;

    public function post(int $nonce, string $note): void;

    public function reset(int $nonce): void;

    /** @return array{posts: int, resets: int, started: int, cancelled: int} */
    public function seen(int $nonce): array;
}
