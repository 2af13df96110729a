<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

/** What the cases about the course of a call need of a contract, whichever IDL made its types. */
interface Service
{
    public function greet(): void;

    /** A call that has not been sent. */
    public function linger(int $nonce, int $waitMillis, ?int $deadlineMillis): Call;

    /** @throws Failure when it ended in another status than OK */
    public function lingered(Call $call): int;

    /** A call that has not been sent. */
    public function stamp(int $nonce): Call;

    /** @throws Failure when it ended in another status than OK */
    public function stamped(Call $call): int;

    public function post(int $nonce, string $note): void;

    public function reset(int $nonce): void;

    /** @return array{posts: int, resets: int, started: int, cancelled: int} */
    public function seen(int $nonce): array;
}
