<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Factory\TProtocolFactory;

/** Makes compact protocols whose list elements of type bool are booleans. */
final class CompactFactory implements TProtocolFactory
{
    public function getProtocol($trans): CompactProtocol
    {
        return new CompactProtocol($trans);
    }
}
