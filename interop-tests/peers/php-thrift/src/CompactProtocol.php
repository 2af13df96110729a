<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Protocol\TCompactProtocol;

/**
 * The library hands out a boolean list element as the byte on the wire, where 2 means false: code
 * that takes it for a truth value would see true. A boolean field comes as bool and stays as it is.
 */
final class CompactProtocol extends TCompactProtocol
{
    public function readBool(&$value)
    {
        $read = parent::readBool($value);
        $value = $value === true || $value === 1;
        return $read;
    }
}
