<?php
/**
 * The PHP gRPC peer of the interop matrix: a client of contract.proto that calls every case and checks
 * every answer. Its messages are Google's PHP protobuf as Debian ships it; the calls travel over
 * HTTP/2 by ext-curl, because the distribution has no gRPC extension.
 */

declare(strict_types=1);

namespace Koine\Interop\Peer;

const NAMESPACE_FOLDERS = [
    'Google\\Protobuf\\' => '/usr/share/php/Google/Protobuf/',
    'GPBMetadata\\' => '/usr/share/php/GPBMetadata/',
    'Koine\\Interop\\Peer\\' => __DIR__ . '/src/',
    'Koine\\' => __DIR__ . '/gen/Koine/',
    'Google\\Rpc\\' => __DIR__ . '/gen/Google/Rpc/',
];

spl_autoload_register(static function (string $class): void {
    foreach (NAMESPACE_FOLDERS as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            $file = $folder . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
            if (is_file($file)) {
                require $file;
                return;
            }
        }
    }
});

// Generated code reports what it cannot do as warnings; here nothing may pass unnoticed.
set_error_handler(static function (int $level, string $text, string $file, int $line): bool {
    if ((error_reporting() & $level) === 0) {
        return false; // silenced with @ by the library
    }
    throw new \ErrorException($text, 0, $level, $file, $line);
}, E_ALL & ~E_DEPRECATED);

exit(Main::run(array_slice($argv, 1)));
