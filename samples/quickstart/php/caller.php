<?php
/** A PHP page's calls through the gateway: gRPC (ext-curl) to a Java Thrift service, Thrift to a Go gRPC service and a Java Dubbo one. */

declare(strict_types=1);

require __DIR__ . '/autoload.php';

use Delivery\DeliveryServiceClient;
use Delivery\NotDeliveredException;
use Delivery\Parcel;
use Google\Protobuf\Internal\Message;
use Shop\Grpc\Item;
use Shop\Grpc\PlaceOrderRequest;
use Shop\Grpc\PlaceOrderResponse;
use Stock\ReserveRequest;
use Stock\StockServiceClient;
use Thrift\Protocol\TBinaryProtocol;
use Thrift\Transport\TFramedTransport;
use Thrift\Transport\TSocket;

/** One unary gRPC call over HTTP/2 prior knowledge; the status comes in the trailers. */
function grpc(int $port, string $path, Message $request, Message $reply): string
{
    $body = $request->serializeToString();
    $headers = [];
    $handle = curl_init("http://127.0.0.1:$port$path");
    curl_setopt_array($handle, [
        CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE,
        CURLOPT_POST => true,
        CURLOPT_FORBID_REUSE => true,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_POSTFIELDS => pack('CN', 0, strlen($body)) . $body,
        CURLOPT_HTTPHEADER => ['content-type: application/grpc', 'te: trailers', 'grpc-timeout: 5S', 'Expect:', 'Accept:'],
        CURLOPT_HEADERFUNCTION => static function ($handle, string $line) use (&$headers): int {
            $parts = explode(':', trim($line), 2);
            if (count($parts) === 2) {
                $headers[strtolower($parts[0])] = trim($parts[1]);
            }
            return strlen($line);
        },
    ]);
    $answer = curl_exec($handle);
    if (is_string($answer) && strlen($answer) >= 5) {
        $reply->mergeFromString(substr($answer, 5));
    }
    return $headers['grpc-status'] ?? 'none: ' . curl_error($handle);
}

function report(array $line, float $started, bool $ok): void
{
    $line['elapsed_us'] = (int) ((microtime(true) - $started) * 1e6);
    $line['ok'] = $ok;
    echo json_encode(['caller' => 'PHP'] + $line, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "\n";
}

$port = (int) $argv[1];

$order = (new PlaceOrderRequest())
    ->setCustomer('Blaise Pascal')
    ->setItems([(new Item())->setSku('CARD-50')->setQuantity(3)->setPriceCents(350)]);
$placed = new PlaceOrderResponse();
$started = microtime(true);
$status = grpc($port, '/shop.OrderService/PlaceOrder', $order, $placed);
report([
    'wire_in' => 'gRPC', 'wire_out' => 'Thrift compact', 'provider' => 'Java', 'method' => 'shop.OrderService/PlaceOrder',
    'request' => json_decode($order->serializeToJsonString()), 'answer' => json_decode($placed->serializeToJsonString()),
], $started, $status === '0' && (int) $placed->getValue() > 7);

$transport = new TFramedTransport(new TSocket('127.0.0.1', $port));
$transport->open();
$client = new StockServiceClient(new TBinaryProtocol($transport));
$wanted = new ReserveRequest(['sku' => 'CARD-50', 'quantity' => 6, 'warehouse' => 'Clermont']);
$started = microtime(true);
$reply = $client->reserve($wanted);
report([
    'wire_in' => 'Thrift binary', 'wire_out' => 'gRPC', 'provider' => 'Go', 'method' => 'stock.StockService/Reserve',
    'request' => $wanted, 'answer' => $reply,
], $started, $reply->reserved && $reply->left === 1 && $reply->shelves === ['A1', 'B7']);

$delivery = new DeliveryServiceClient(new TBinaryProtocol($transport));
$wanted = ['country' => 'AQ', 'parcels' => [new Parcel(['sku' => 'CARD-50', 'weightKg' => 0.125])]];
$started = microtime(true);
try {
    $answer = $delivery->estimate($wanted['country'], $wanted['parcels']);
} catch (NotDeliveredException $refused) {
    $answer = ['country' => $refused->country, 'message' => $refused->message];
}
report([
    'wire_in' => 'Thrift binary', 'wire_out' => 'Dubbo2', 'provider' => 'Java', 'method' => 'delivery.DeliveryService/estimate',
    'request' => $wanted, 'answer' => $answer,
], $started, $answer === ['country' => 'AQ', 'message' => 'no carrier goes to AQ']);
$transport->close();
