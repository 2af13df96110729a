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

    // The library forgets here what it does for lists: that booleans inside a map are elements, not fields.
    // Without this a program cannot send a map<bool, …> at all.
    public function writeMapBegin($key_type, $val_type, $size)
    {
        $written = parent::writeMapBegin($key_type, $val_type, $size);
        $this->state = TCompactProtocol::STATE_CONTAINER_WRITE;
        return $written;
    }
}
