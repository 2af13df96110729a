<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Google\Protobuf\Internal\Message;

/** Calls a provider with the proto types that Koine derives from contract.thrift, or from the Java contract, which has the same ones here. */
final class DerivedService implements Service
{
    public const PATH = '/koine.interop.contract.Interop/';

    public function __construct(
        private readonly Channel $channel,
        private readonly string $path = self::PATH,
        private readonly string $namespace = 'Koine\Interop\Derived\\',
    ) {
    }

    public function greet(): void
    {
        $this->call('Greet', 'GreetResponse', []);
    }

    public function linger(int $nonce, int $waitMillis, ?int $deadlineMillis): Call
    {
        return $this->channel->prepare($this->path . 'Linger', $this->request('Linger', ['nonce' => $nonce, 'waitMillis' => $waitMillis]), [], $deadlineMillis);
    }

    public function lingered(Call $call): int
    {
        return $call->answer($this->namespace . 'LingerResponse')->getValue();
    }

    public function stamp(int $nonce): Call
    {
        return $this->channel->prepare($this->path . 'Stamp', $this->request('Stamp', ['nonce' => $nonce]), [], Channel::ANSWER_LIMIT_MILLIS);
    }

    public function stamped(Call $call): int
    {
        return $call->answer($this->namespace . 'StampResponse')->getValue();
    }

    public function post(int $nonce, string $note): void
    {
        $this->call('Post', 'PostResponse', ['nonce' => $nonce, 'note' => $note]);
    }

    public function reset(int $nonce): void
    {
        $this->call('Reset', 'ResetResponse', ['nonce' => $nonce]);
    }

    public function seen(int $nonce): array
    {
        $seen = $this->call('Seen', 'Seen', ['nonce' => $nonce]);
        return ['posts' => $seen->getPosts(), 'resets' => $seen->getResets(), 'started' => $seen->getLingersStarted(),
            'cancelled' => method_exists($seen, 'getLingersCancelled') ? $seen->getLingersCancelled() : 0];
    }

    private function request(string $method, array $fields): Message
    {
        $class = $this->namespace . $method . 'Request';
        return new $class($fields);
    }

    private function call(string $method, string $answer, array $fields): Message
    {
        return $this->channel->call($this->path . $method, $this->request($method, $fields), $this->namespace . $answer);
    }
}
