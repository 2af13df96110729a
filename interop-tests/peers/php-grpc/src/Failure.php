<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Google\Protobuf\Any;

/** A call that ended in another status than OK. */
final class Failure extends \Exception
{
    /** gRPC's codes, by their numbers. */
    private const NAMES = [
        'OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED',
        'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS',
        'UNAUTHENTICATED',
    ];

    /** @param Any[] $details */
    public function __construct(int $code, string $message, public readonly array $details = [])
    {
        parent::__construct($message, $code);
    }

    public function name(): string
    {
        return self::NAMES[$this->getCode()] ?? (string) $this->getCode();
    }

    /** Names an error the way the runner matches it. */
    public static function describe(\Throwable $error): string
    {
        $kind = $error instanceof self ? $error->name() : (new \ReflectionClass($error))->getShortName();
        return $kind . ': ' . $error->getMessage();
    }
}
