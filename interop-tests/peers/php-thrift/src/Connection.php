<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Exception\TApplicationException;
use Thrift\Exception\TTransportException;
use Thrift\Protocol\TMultiplexedProtocol;
use Thrift\Protocol\TProtocol;
use Thrift\Transport\TSocket;
use Thrift\Transport\TTransport;

/** One TCP connection with the dialect's transport and protocol on top. */
final class Connection
{
    /** Bounds every call of a case that is not about time: nothing may hang. */
    public const ANSWER_LIMIT_MILLIS = 60000;

    private function __construct(private readonly TTransport $transport, public readonly TProtocol $protocol)
    {
    }

    public static function open(Target $target, int $limitMillis = self::ANSWER_LIMIT_MILLIS): self
    {
        $dialect = Dialect::of($target->dialect);
        $socket = new TSocket($target->host, $target->port);
        $socket->setSendTimeout(self::ANSWER_LIMIT_MILLIS);
        $socket->setRecvTimeout($limitMillis);
        $transport = $dialect->layer($socket);
        $transport->open();
        $protocol = $dialect->protocols()->getProtocol($transport);
        return new self($transport, $dialect->multiplexed ? new TMultiplexedProtocol($protocol, $target->contract === 'own' ? 'Interop' : 'InteropService') : $protocol);
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
