<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Server\TForkingServer;

/**
 * A forking server, one child a connection. Two habits of the library need care: the parent keeps
 * its copy of a connection open until it looks after its children, so that a caller would wait for a
 * child long gone; and a served socket is given up after 750 ms without a request (ListeningSocket).
 */
final class ForkingServer extends TForkingServer
{
    public function endChildren(): void
    {
        foreach (array_keys($this->children_) as $child) {
            posix_kill($child, SIGTERM);
        }
    }
}
