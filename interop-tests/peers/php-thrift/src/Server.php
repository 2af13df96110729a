<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Server\TServer;
use Thrift\Server\TSimpleServer;

/** Starts the server that a dialect names: one process for each connection, or (simple) one connection at a time. */
final class Server
{
    public static function start(int $port, string $name): void
    {
        $dialect = Dialect::of($name);
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
        $socket->listen();
        $server = self::server($dialect, $folder, $socket);
        pcntl_async_signals(true);
        // A signal ends the wait in accept(), after which the library collects its children.
        pcntl_signal(SIGCHLD, static fn() => null, false);
        $end = static function () use ($server, $parent): never {
            if ($server instanceof ForkingServer && getmypid() === $parent) {
                $server->endChildren();
            }
            exit(0);
        };
        pcntl_signal(SIGTERM, $end);
        pcntl_signal(SIGINT, $end);
        echo 'READY ', $socket->port(), "\n";
        $server->serve();
    }

    private static function server(Dialect $dialect, string $folder, ListeningSocket $socket): TServer
    {
        $processor = new Processor(new Provider($folder));
        $class = $dialect->simple ? TSimpleServer::class : ForkingServer::class;
        return new $class($processor, $socket, $dialect->transports(), $dialect->transports(), $dialect->protocols(), $dialect->protocols());
    }
}
