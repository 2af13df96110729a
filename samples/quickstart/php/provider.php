<?php
/** An ordinary Thrift provider in PHP: framed, binary, Apache's forking-free simple server, one connection at a time. */

declare(strict_types=1);

require __DIR__ . '/autoload.php';

use Shop\CatalogServiceIf;
use Shop\CatalogServiceProcessor;
use Shop\Product;
use Thrift\Factory\TBinaryProtocolFactory;
use Thrift\Factory\TTransportFactory;
use Thrift\Server\TServerSocket;
use Thrift\Server\TSimpleServer;
use Thrift\Transport\TFramedTransport;
use Thrift\Transport\TTransport;

final class Catalog implements CatalogServiceIf
{
    private const PRODUCTS = [
        'ENGINE-1' => ['Difference engine', 4000.5, ['brass']],
        'CARD-50' => ['Punched cards, 50', 0.125, ['chamois', 'gris']],
    ];

    public function find($sku)
    {
        [$title, $weight, $colours] = self::PRODUCTS[$sku] ?? ['', 0.0, []];
        return new Product(['sku' => $sku, 'title' => $title, 'weightKg' => $weight, 'colours' => $colours]);
    }
}

final class FramedFactory extends TTransportFactory
{
    public static function getTransport(TTransport $transport)
    {
        return new TFramedTransport($transport);
    }
}

/** Says where it listens once it does. */
final class AnnouncedSocket extends TServerSocket
{
    public function listen()
    {
        parent::listen();
        $this->setAcceptTimeout(86_400_000);
        // Port 0 lets the system choose.
        fwrite(STDOUT, 'READY ' . explode(':', stream_socket_get_name($this->listener_, false))[1] . "\n");
    }
}

$port = (int) $argv[1];
$factory = new FramedFactory();
$protocol = new TBinaryProtocolFactory();
(new TSimpleServer(
    new CatalogServiceProcessor(new Catalog()),
    new AnnouncedSocket('127.0.0.1', $port),
    $factory,
    $factory,
    $protocol,
    $protocol
))->serve();
