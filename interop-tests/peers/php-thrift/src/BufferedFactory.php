<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Factory\TTransportFactory;
use Thrift\Transport\TBufferedTransport;
use Thrift\Transport\TTransport;

/** The library has no factory for buffered transports. */
final class BufferedFactory extends TTransportFactory
{
    public static function getTransport(TTransport $transport): TTransport
    {
        return new TBufferedTransport($transport);
    }
}
