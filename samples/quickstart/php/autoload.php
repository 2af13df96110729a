<?php
/** Finds the distribution's Thrift and protobuf classes and the generated code in the folder given by QUICKSTART_GEN. */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $folders = [
        'Thrift\\' => '/usr/lib/php/',
        'Google\\Protobuf\\' => '/usr/share/php/Google/Protobuf/',
        'GPBMetadata\\Google\\Protobuf\\' => '/usr/share/php/GPBMetadata/Google/Protobuf/',
        '' => getenv('QUICKSTART_GEN') . '/',
    ];
    foreach ($folders as $prefix => $folder) {
        $file = $folder . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        if (str_starts_with($class, $prefix) && is_file($file)) {
            require_once $file;
            return;
        }
    }
});
