<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Server\TServerSocket;
use Thrift\Transport\TSocket;

/** A server socket that can say which port it was given, and whose connections may stay idle. */
final class ListeningSocket extends TServerSocket
{
    private const DAY_MILLIS = 86400000;

    public function __construct(string $host, int $port)
    {
        parent::__construct($host, $port);
        $this->setAcceptTimeout(self::DAY_MILLIS);
    }

    public function listen(): void
    {
        if ($this->listener_ !== null) {
            return; // bound before serve(), so that the port could be announced
        }
        $context = stream_context_create(['socket' => ['backlog' => 512]]);
        $this->listener_ = stream_socket_server("tcp://{$this->host_}:{$this->port_}", $code, $text,
            STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
        if ($this->listener_ === false) {
            throw new \RuntimeException("cannot listen on {$this->host_}:{$this->port_}: $text");
        }
    }

    public function port(): int
    {
        $name = stream_socket_get_name($this->listener_, false);
        return (int) substr($name, strrpos($name, ':') + 1);
    }

    protected function acceptImpl(): ?TSocket
    {
        $socket = parent::acceptImpl();
        $socket?->setRecvTimeout(self::DAY_MILLIS);
        $socket?->setSendTimeout(self::DAY_MILLIS);
        return $socket;
    }
}
