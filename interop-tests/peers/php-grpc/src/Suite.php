<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Google\Protobuf\GPBEmpty;
use Google\Protobuf\Internal\Message;

/** One target's channel and the cases of its contract. */
final class Suite
{
    private const POLL_LIMIT_MILLIS = 10000;
    private const POLL_PAUSE_SECONDS = 0.01;
    private const LINGER_WAIT_MILLIS = 4000;
    private const IN_FLIGHT_CALLS = 1000;

    /** @var array<string, \Closure(): array{0: mixed, 1: mixed}> what was seen, what should have been */
    private array $cases = [];
    private Service $service;
    private bool $providerSeesCancels = false;
    public readonly Channel $channel;

    private function __construct(public readonly Target $target)
    {
        $this->channel = new Channel($target);
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

    /** Adds a case that is one call with an answer to compare; the answer is of the type of $want. */
    public function addCall(string $name, string $method, Message $request, Message $want, array $metadata = []): void
    {
        $this->add($name, fn(): array =>
            [Render::message($this->channel->call($method, $request, $want::class, $metadata)), Render::message($want)]);
    }

    /**
     * Adds a case that is one call which ends in a status.
     *
     * @param class-string<Message> $answer
     * @param \Closure(Failure): array{0: mixed, 1: mixed} $compare
     */
    public function addFailure(string $name, string $method, Message $request, string $answer, \Closure $compare): void
    {
        $this->add($name, function () use ($method, $request, $answer, $compare): array {
            try {
                $this->channel->call($method, $request, $answer);
            } catch (Failure $failure) {
                return $compare($failure);
            }
            throw new \RuntimeException('the call ended well');
        });
    }

    /** @param class-string<Message> $answer */
    public function addDeliberate(string $method, Message $request, string $answer): void
    {
        $this->addFailure('undeclared_failure', $method, $request, $answer, static function (Failure $failure): array {
            if (!str_contains($failure->getMessage(), Samples::DELIBERATE)) {
                throw $failure;
            }
            return [Render::failure($failure, Samples::DELIBERATE), Render::status('UNKNOWN', Samples::DELIBERATE, [])];
        });
    }

    public function addNoSuchMethod(string $path): void
    {
        $this->addFailure('no_such_method', $path . 'NoSuchMethod', new GPBEmpty(), GPBEmpty::class, static fn(Failure $failure): array =>
            $failure->name() === 'UNIMPLEMENTED' ? [$failure->name(), 'UNIMPLEMENTED'] : throw $failure);
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
            return ['ok' => false, 'got' => null, 'want' => null, 'error' => Failure::describe($error)];
        }
    }

    /** Adds the cases that no pair of values describes. */
    public function addCourseCases(Service $service, bool $providerSeesCancels): void
    {
        $this->service = $service;
        $this->providerSeesCancels = $providerSeesCancels;
        $this->add('void', $this->runVoid(...));
        $this->add('oneway', $this->runOneway(...));
        $this->add('deadline_passed', $this->runDeadline(...));
        $this->add('cancelled', $this->runCancelled(...));
        $this->add('in_flight_1000', $this->runInFlight(...));
    }

    public static function newNonce(): int
    {
        return random_int(0, PHP_INT_MAX);
    }

    private function runVoid(): array
    {
        $nonce = self::newNonce();
        $this->service->reset($nonce);
        return [['resets' => $this->service->seen($nonce)['resets']], ['resets' => 1]];
    }

    private function runOneway(): array
    {
        $nonce = self::newNonce();
        $this->service->post($nonce, Samples::POST_NOTE);
        $seen = $this->poll($nonce, static fn(array $seen): bool => $seen['posts'] > 0);
        return [['posts' => $seen['posts']], ['posts' => 1]];
    }

    /** Asks what the provider saw until enough says so or the limit is over; $pause waits between two questions. */
    private function poll(int $nonce, \Closure $enough, ?\Closure $pause = null): array
    {
        $end = hrtime(true) + self::POLL_LIMIT_MILLIS * 1000000;
        while (true) {
            $seen = $this->service->seen($nonce);
            if ($enough($seen) || hrtime(true) > $end) {
                return $seen;
            }
            $pause === null ? usleep((int) (self::POLL_PAUSE_SECONDS * 1e6)) : $pause();
        }
    }

    private function runDeadline(): array
    {
        $this->service->greet();
        $nonce = self::newNonce();
        $start = hrtime(true);
        $call = $this->service->linger($nonce, self::LINGER_WAIT_MILLIS, $this->target->deadlineMillis);
        Channel::together([$call]);
        $tookMillis = intdiv(hrtime(true) - $start, 1000000);
        try {
            $this->service->lingered($call);
        } catch (Failure $failure) {
            if ($failure->name() !== 'DEADLINE_EXCEEDED') {
                throw $failure;
            }
            if ($tookMillis >= self::LINGER_WAIT_MILLIS) {
                throw new \RuntimeException("the deadline of {$this->target->deadlineMillis} ms was noticed after $tookMillis ms");
            }
            return $this->aftermath($nonce);
        }
        throw new \RuntimeException('the deadline was due, but the call was answered');
    }

    private function runCancelled(): array
    {
        $nonce = self::newNonce();
        $call = $this->service->linger($nonce, self::LINGER_WAIT_MILLIS, null);
        $multi = curl_multi_init();
        curl_multi_add_handle($multi, $call->handle);
        $drive = static function () use ($multi): void {
            curl_multi_exec($multi, $running);
            if ($running === 0) {
                throw new \RuntimeException('the call ended before it could be cancelled');
            }
            curl_multi_select($multi, self::POLL_PAUSE_SECONDS);
        };
        $drive();
        $this->poll($nonce, static fn(array $seen): bool => $seen['started'] > 0, $drive);
        $drive();
        // Taking the transfer away is how a user of curl cancels: it resets the stream.
        curl_multi_remove_handle($multi, $call->handle);
        curl_multi_close($multi);
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
        $next = self::newNonce();
        $stamp = $this->service->stamp($next);
        Channel::together([$stamp]);
        return [
            ['started' => $seen['started'], 'cancelled' => $this->providerSeesCancels ? $seen['cancelled'] : 0,
                'stamp' => $this->service->stamped($stamp)],
            ['started' => 1, 'cancelled' => $wanted, 'stamp' => ~$next],
        ];
    }

    private function runInFlight(): array
    {
        $base = self::newNonce() & ~0xffff;
        $calls = [];
        for ($i = 0; $i < self::IN_FLIGHT_CALLS; $i++) {
            $calls[$i] = $this->service->stamp($base + $i);
        }
        Channel::together($calls);
        $right = 0;
        foreach ($calls as $i => $call) {
            if ($this->service->stamped($call) === ~($base + $i)) {
                $right++;
            }
        }
        return [['right' => $right], ['right' => self::IN_FLIGHT_CALLS]];
    }
}
