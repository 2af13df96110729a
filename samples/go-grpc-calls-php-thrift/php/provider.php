<?php
/** An ordinary Thrift server: binary, unframed, Apache's simple one. It knows nothing of Koine. */

declare(strict_types=1);

use Catalog\CatalogIf;
use Catalog\CatalogProcessor;
use Catalog\NoSuchProduct;
use Catalog\Product;
use Thrift\Factory\TBinaryProtocolFactory;
use Thrift\Factory\TTransportFactory;
use Thrift\Server\TServerSocket;
use Thrift\Server\TSimpleServer;

spl_autoload_register(function (string $class): void { // Debian's php-thrift, and what the Thrift compiler made
    $path = str_replace('\\', '/', $class) . '.php';
    require str_starts_with($path, 'Thrift/') ? '/usr/lib/php/' . substr($path, 7) : __DIR__ . "/gen/$path";
});

final class Shelf implements CatalogIf
{
    public function find($sku)
    {
        if ($sku !== 'CARD-50') {
            throw new NoSuchProduct(['message' => "no product $sku", 'alike' => ['CARD-50']]);
        }
        $colours = ['chamois' => true, 'gris' => true];
        return new Product(['sku' => $sku, 'title' => 'Punched cards, 50', 'weightKg' => 0.125, 'colours' => $colours]);
    }
}

$socket = new TServerSocket('127.0.0.1', (int) $argv[1]);
$socket->setAcceptTimeout(86_400_000);
$transport = new TTransportFactory();
$protocol = new TBinaryProtocolFactory();
$server = new TSimpleServer(new CatalogProcessor(new Shelf()), $socket, $transport, $transport, $protocol, $protocol);
echo "READY $argv[1]\n";
$server->serve();
