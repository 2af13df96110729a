<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Factory\TBinaryProtocolFactory;
use Thrift\Factory\TProtocolFactory;
use Thrift\Factory\TTransportFactory;
use Thrift\Transport\TBufferedTransport;
use Thrift\Transport\TFramedTransport;
use Thrift\Transport\TTransport;

/**
 * What a name such as unframed-binary means on either side; behind it may stand mux (for a client, the
 * distribution's TMultiplexedProcessor lacks a class) and simple (for a server).
 */
final class Dialect
{
    private function __construct(
        public readonly string $transport,
        public readonly string $encoding,
        public readonly bool $multiplexed,
        public readonly bool $simple,
    ) {
    }

    public static function of(string $name): self
    {
        $words = explode('-', $name);
        return new self($words[0], $words[1] ?? '', in_array('mux', $words, true), in_array('simple', $words, true));
    }

    public function layer(TTransport $socket): TTransport
    {
        return match ($this->transport) {
            'framed' => new TFramedTransport($socket, true, true),
            'unframed' => new TBufferedTransport($socket),
            default => throw new \InvalidArgumentException("unknown transport {$this->transport} (framed, unframed)"),
        };
    }

    public function protocols(): TProtocolFactory
    {
        return match ($this->encoding) {
            'binary' => new TBinaryProtocolFactory(false, true),
            'compact' => new CompactFactory(),
            default => throw new \InvalidArgumentException("unknown encoding {$this->encoding} (binary, compact; the TJSON of this library cannot write bytes)"),
        };
    }

    public function transports(): TTransportFactory
    {
        $this->transport === 'framed' || $this->transport === 'unframed' || throw new \InvalidArgumentException("unknown transport {$this->transport}");
        return $this->transport === 'framed' ? new FramedFactory() : new BufferedFactory();
    }
}
