<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Factory\TTransportFactory;
use Thrift\Transport\TFramedTransport;
use Thrift\Transport\TTransport;

/** The library has no factory for framed transports. */
final class FramedFactory extends TTransportFactory
{
    public static function getTransport(TTransport $transport): TTransport
    {
        return new TFramedTransport($transport, true, true);
    }
}
