<?php
/** Orders from a Java service that speaks Dubbo only, by way of Koine: JSON in gRPC's framing, for which ext-curl is enough. */

declare(strict_types=1);

function call(string $method, array $request): array
{
    $json = json_encode($request);
    $status = [];
    $curl = curl_init('http://' . ($GLOBALS['argv'][1] ?? '127.0.0.1:7000') . "/$method");
    curl_setopt_array($curl, [
        CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE,
        CURLOPT_FORBID_REUSE => true,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_POSTFIELDS => pack('CN', 0, strlen($json)) . $json,
        CURLOPT_HTTPHEADER => ['content-type: application/grpc+json', 'te: trailers', 'grpc-timeout: 5S', 'Expect:'],
        CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$status): int {
            [$name, $value] = explode(':', trim($line), 2) + ['', ''];
            $status[$name] = trim($value);
            return strlen($line);
        },
    ]);
    $answer = curl_exec($curl);
    if (($status['grpc-status'] ?? '') !== '0') {
        throw new RuntimeException(rawurldecode($status['grpc-message'] ?? curl_error($curl)), (int) ($status['grpc-status'] ?? 2));
    }
    return json_decode(substr($answer, 5), true);
}

$receipt = call('shop.OrderService/Place', ['customer' => 'Ada', 'lines' => [['sku' => 'ENGINE-1', 'quantity' => 2]]]);
echo "order {$receipt['number']}: {$receipt['total']} euro, ships {$receipt['ships']}\n";

try {
    call('shop.OrderService/Place', ['customer' => 'Ada', 'lines' => [['sku' => 'ENGINE-1', 'quantity' => 8]]]);
} catch (RuntimeException $refused) {
    echo "refused with status {$refused->getCode()}: {$refused->getMessage()}\n";
}
