<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Exception\TApplicationException;
use Thrift\Exception\TTransportException;
use Thrift\Factory\TBinaryProtocolFactory;
use Thrift\Factory\TProtocolFactory;
use Thrift\Protocol\TProtocol;
use Thrift\Transport\TFramedTransport;
use Thrift\Transport\TSocket;

/** One TCP connection with the framed transport and the dialect's protocol on top. */
final class Connection
{
    /** Bounds every call of a case that is not about time: nothing may hang. */
    public const ANSWER_LIMIT_MILLIS = 60000;

    private function __construct(private readonly TFramedTransport $transport, public readonly TProtocol $protocol)
    {
    }

    public static function open(Target $target, int $limitMillis = self::ANSWER_LIMIT_MILLIS): self
    {
        $socket = new TSocket($target->host, $target->port);
        $socket->setSendTimeout(self::ANSWER_LIMIT_MILLIS);
        $socket->setRecvTimeout($limitMillis);
        $transport = new TFramedTransport($socket);
        $transport->open();
        return new self($transport, self::protocols($target->dialect)->getProtocol($transport));
    }

    public static function protocols(string $dialect): TProtocolFactory
    {
        return match ($dialect) {
            'framed-binary' => new TBinaryProtocolFactory(true, true),
            'framed-compact' => new CompactFactory(),
            default => throw new \InvalidArgumentException("unknown dialect $dialect (framed-binary, framed-compact)"),
        };
    }

    public function close(): void
    {
        $this->transport->close();
    }

    /** Names an error the way the runner matches it. */
    public static function describe(\Throwable $error): string
    {
        $kind = match (true) {
            $error instanceof TApplicationException => 'TApplicationException(' . $error->getCode() . ')',
            $error instanceof TTransportException => 'TTransportException(' . $error->getCode() . ')',
            // The exception that derived methods declare; its $code is the status.
            str_ends_with($error::class, '\RpcStatus') => 'RpcStatus(' . $error->getCode() . ')',
            default => (new \ReflectionClass($error))->getShortName(),
        };
        return $kind . ': ' . $error->getMessage();
    }
}
