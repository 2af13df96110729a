<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Server\TForkingServer;

/**
 * A forking server, one child a connection. Two habits of the library need care: the parent keeps
 * its copy of a connection open until it looks after its children, so that a caller would wait for a
 * child long gone; and a served socket is given up after 750 ms without a request.
 */
final class Server extends TForkingServer
{
    public static function start(int $port, string $dialect): void
    {
        $folder = sys_get_temp_dir() . '/koine-php-thrift-' . getmypid();
        mkdir($folder, 0700);
        $parent = getmypid();
        register_shutdown_function(static function () use ($folder, $parent): void {
            if (getmypid() === $parent) {
                array_map(unlink(...), glob("$folder/*"));
                rmdir($folder);
            }
        });
        $socket = new ListeningSocket('127.0.0.1', $port);
        $protocols = Connection::protocols($dialect);
        $framed = new FramedFactory();
        $server = new self(new Processor(new Provider($folder)), $socket, $framed, $framed, $protocols, $protocols);
        pcntl_async_signals(true);
        // A signal ends the wait in accept(), after which the library collects its children.
        pcntl_signal(SIGCHLD, static fn() => null, false);
        $end = static fn() => $server->end($parent);
        pcntl_signal(SIGTERM, $end);
        pcntl_signal(SIGINT, $end);
        $socket->listen();
        echo 'READY ', $socket->port(), "\n";
        $server->serve();
    }

    private function end(int $parent): never
    {
        if (getmypid() === $parent) {
            foreach (array_keys($this->children_) as $child) {
                posix_kill($child, SIGTERM);
            }
        }
        exit(0);
    }
}
