<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Exception\TTransportException;
use Thrift\Protocol\TProtocol;

/** One target's connection and the cases of its contract. */
final class Suite
{
    private const POLL_LIMIT_MILLIS = 10000;
    private const POLL_PAUSE_MICROS = 10000;
    private const LINGER_WAIT_MILLIS = 4000;
    private const IN_FLIGHT_CALLS = 1000;
    private const PIPELINE_WINDOW = 50;

    /** @var array<string, \Closure(): array{0: mixed, 1: mixed}> what was seen, what should have been */
    private array $cases = [];
    private ?Connection $connection = null;
    /** @var \Closure(TProtocol): Service */
    private \Closure $opener;
    private bool $providerSeesCancels = false;

    private function __construct(public readonly Target $target)
    {
    }

    public static function of(Target $target): self
    {
        $suite = new self($target);
        $cases = match ($target->contract) {
            'own' => OwnCases::class,
            'derived' => 'Koine\Interop\Peer\DerivedCases',
            'java' => 'Koine\Interop\Peer\DerivedFromJava',
            default => throw new \InvalidArgumentException("unknown contract {$target->contract} (own, derived, java)"),
        };
        if (!class_exists($cases)) {
            throw new \RuntimeException('built without the derived contract: build it with a koine binary');
        }
        $cases::addTo($suite);
        return $suite;
    }

    /** @return string[] */
    public function names(): array
    {
        return array_keys($this->cases);
    }

    public function add(string $name, \Closure $run): void
    {
        $this->cases[$name] = $run;
    }

    /** @return array{ok: bool, got: mixed, want: mixed, error: string} */
    public function run(string $name): array
    {
        try {
            if (!isset($this->cases[$name])) {
                throw new \InvalidArgumentException("no case $name in contract {$this->target->contract}");
            }
            [$got, $want] = ($this->cases[$name])();
            return ['ok' => Render::encode($got) === Render::encode($want), 'got' => $got, 'want' => $want, 'error' => ''];
        } catch (\Throwable $error) {
            $this->close(); // whatever is left on the wire belongs to the case that failed
            return ['ok' => false, 'got' => null, 'want' => null, 'error' => Connection::describe($error)];
        }
    }

    /** The connection of all cases that do not need one of their own. */
    public function shared(): TProtocol
    {
        $this->connection ??= Connection::open($this->target);
        return $this->connection->protocol;
    }

    public function close(): void
    {
        $this->connection?->close();
        $this->connection = null;
    }

    /** Adds the cases that no pair of values describes. */
    public function addCourseCases(\Closure $opener, bool $providerSeesCancels): void
    {
        $this->opener = $opener;
        $this->providerSeesCancels = $providerSeesCancels;
        $this->add('void', $this->runVoid(...));
        $this->add('oneway', $this->runOneway(...));
        $this->add('deadline_passed', $this->runDeadline(...));
        $this->add('cancelled', $this->runCancelled(...));
        $this->add('in_flight_1000', $this->runInFlight(...));
    }

    private function service(?Connection $connection = null): Service
    {
        return ($this->opener)($connection?->protocol ?? $this->shared());
    }

    private static function newNonce(): int
    {
        return random_int(0, PHP_INT_MAX);
    }

    private function runVoid(): array
    {
        $nonce = self::newNonce();
        $this->service()->reset($nonce);
        return [['resets' => $this->service()->seen($nonce)['resets']], ['resets' => 1]];
    }

    private function runOneway(): array
    {
        $nonce = self::newNonce();
        $this->service()->post($nonce, Samples::POST_NOTE);
        $seen = $this->poll($nonce, static fn(array $seen): bool => $seen['posts'] > 0);
        return [['posts' => $seen['posts']], ['posts' => 1]];
    }

    /** Asks what the provider saw until enough says so or the limit is over. */
    private function poll(int $nonce, \Closure $enough): array
    {
        $end = hrtime(true) + self::POLL_LIMIT_MILLIS * 1000000;
        while (true) {
            $seen = $this->service()->seen($nonce);
            if ($enough($seen) || hrtime(true) > $end) {
                return $seen;
            }
            usleep(self::POLL_PAUSE_MICROS);
        }
    }

    private function runDeadline(): array
    {
        $this->service()->greet();
        $nonce = self::newNonce();
        $hurried = Connection::open($this->target, $this->target->deadlineMillis);
        try {
            $service = $this->service($hurried);
            $service->sendLinger($nonce, self::LINGER_WAIT_MILLIS);
            $service->receiveLinger();
        } catch (TTransportException $timeout) {
            // PHP's library has no code for it, only the text.
            if (!str_contains($timeout->getMessage(), 'timed out')) {
                throw $timeout;
            }
            $hurried->close();
            return $this->aftermath($nonce);
        }
        throw new \RuntimeException('a time-out was due, but the call was answered');
    }

    private function runCancelled(): array
    {
        $nonce = self::newNonce();
        $abandoned = Connection::open($this->target);
        $this->service($abandoned)->sendLinger($nonce, self::LINGER_WAIT_MILLIS);
        $this->poll($nonce, static fn(array $seen): bool => $seen['started'] > 0);
        $abandoned->close();
        return $this->aftermath($nonce);
    }

    /**
     * Checks that an abandoned call was started once, that a provider which can see its caller go
     * did so, and that a late answer reaches nobody else.
     */
    private function aftermath(int $nonce): array
    {
        $wanted = $this->providerSeesCancels ? 1 : 0;
        $seen = $this->poll($nonce, static fn(array $seen): bool => $seen['started'] > 0 && $seen['cancelled'] >= $wanted);
        $fresh = Connection::open($this->target);
        $next = self::newNonce();
        $stamped = $this->service($fresh)->stamp($next);
        $fresh->close();
        return [
            ['started' => $seen['started'], 'cancelled' => $this->providerSeesCancels ? $seen['cancelled'] : 0, 'stamp' => $stamped],
            ['started' => 1, 'cancelled' => $wanted, 'stamp' => ~$next],
        ];
    }

    /** Writes requests a window ahead of the answers on one connection. */
    private function runInFlight(): array
    {
        $own = Connection::open($this->target);
        $service = $this->service($own);
        $base = self::newNonce() & ~0xffff;
        $sent = 0;
        $right = 0;
        for ($received = 0; $received < self::IN_FLIGHT_CALLS; $received++) {
            for (; $sent < self::IN_FLIGHT_CALLS && $sent - $received < self::PIPELINE_WINDOW; $sent++) {
                $service->sendStamp($base + $sent);
            }
            if ($service->receiveStamp() === ~($base + $received)) {
                $right++;
            }
        }
        $own->close();
        return [['right' => $right], ['right' => self::IN_FLIGHT_CALLS]];
    }
}
