<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

/** One line of a plan: whom to call, how, and with which cases. */
final class Target
{
    private function __construct(
        public readonly string $id,
        public readonly string $host,
        public readonly int $port,
        public readonly string $contract,
        public readonly string $cases,
        public readonly int $deadlineMillis,
    ) {
    }

    /** @param string[] $words */
    public static function parse(array $words): self
    {
        $address = self::option($words, '--target', '');
        $colon = strrpos($address, ':');
        if ($colon === false) {
            throw new \InvalidArgumentException('--target HOST:PORT is missing');
        }
        return new self(
            self::option($words, '--id', ''),
            substr($address, 0, $colon),
            (int) substr($address, $colon + 1),
            self::option($words, '--contract', 'own'),
            self::option($words, '--cases', ''),
            (int) self::option($words, '--deadline', '600'),
        );
    }

    /** @param string[] $words */
    public static function option(array $words, string $name, string $otherwise): string
    {
        $at = array_search($name, $words, true);
        return $at === false ? $otherwise : ($words[$at + 1] ?? $otherwise);
    }
}
