<?php
/**
 * The PHP Thrift peer of the interop matrix: a server of contract.thrift and a client that calls
 * every case and checks every answer, both with Apache's own PHP library as Debian ships it.
 */

declare(strict_types=1);

namespace Koine\Interop\Peer;

// The distribution puts the namespace Thrift\ straight into /usr/lib/php and brings no autoloader.
const NAMESPACE_FOLDERS = [
    'Thrift\\' => '/usr/lib/php/',
    'Koine\\Interop\\Peer\\' => __DIR__ . '/src/',
    'Koine\\Interop\\' => __DIR__ . '/gen/Koine/Interop/',
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
