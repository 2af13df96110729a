<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

/** The command line. */
final class Main
{
    /** @param string[] $words */
    public static function run(array $words): int
    {
        $command = array_shift($words);
        if ($command !== 'client') {
            fwrite(STDERR, "usage: php-grpc client …\n");
            return 2;
        }
        foreach (self::targets($words) as $target) {
            self::runTarget($target);
        }
        return 0;
    }

    /**
     * @param string[] $words
     * @return Target[]
     */
    private static function targets(array $words): array
    {
        $plan = Target::option($words, '--plan', '');
        if ($plan === '') {
            return [Target::parse($words)];
        }
        $lines = file($plan, FILE_IGNORE_NEW_LINES | FILE_SKIP_EMPTY_LINES);
        return array_map(static fn(string $line): Target => Target::parse(preg_split('/\s+/', trim($line))), $lines);
    }

    /** Runs the cases of one target in order and prints one line for each. */
    private static function runTarget(Target $target): void
    {
        $suite = Suite::of($target);
        $names = $target->cases === '' ? $suite->names() : explode(',', $target->cases);
        foreach ($names as $name) {
            $start = hrtime(true);
            $line = $target->id === '' ? [] : ['id' => $target->id];
            $line += ['case' => $name] + $suite->run($name);
            $line['elapsed_us'] = intdiv(hrtime(true) - $start, 1000);
            echo Render::encode($line), "\n";
        }
    }
}
