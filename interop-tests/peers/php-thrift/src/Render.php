<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Thrift\Type\TType;

/**
 * Turns generated values into data whose JSON is equal exactly when the values are: presence is
 * kept, sets and maps are sorted, doubles keep their bits. PHP's generated classes do not know which
 * fields are optional, so those are named here; any other null is the empty or zero value.
 */
final class Render
{
    /** Longest text or byte string shown whole; longer ones become a head, the length and a hash. */
    private const SHOWN_BYTES_MAX = 96;

    /** Unions and structs whose null fields mean "unset"; ['*'] stands for all fields. */
    private const OPTIONAL = [
        'Koine\Interop\Contract\Optionals' => ['*'],
        'Koine\Interop\Contract\Choice' => ['*'],
        'Koine\Interop\Contract\Customer' => ['work'],
        'Koine\Interop\Contract\Node' => ['following'],
        'Koine\Interop\Derived\Presence' => ['*'],
        'Koine\Interop\Derived\Selection' => ['*'],
        'Koine\Interop\Javas\Optionals' => ['*'],
        'Koine\Interop\Javas\Choice' => ['*'],
        'Koine\Interop\Javas\Odds' => ['*'],
        'Koine\Interop\Javas\GiftItem' => ['*'],
    ];

    public static function encode(mixed $rendered): string
    {
        return json_encode($rendered, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR);
    }

    /** Renders a struct, or a plain PHP value of a method without one. */
    public static function value(mixed $value): mixed
    {
        if (is_object($value)) {
            return self::struct($value, self::OPTIONAL);
        }
        if (is_array($value)) {
            return array_is_list($value) ? array_map(self::value(...), $value) : self::sorted(array_map(self::value(...), $value));
        }
        return is_string($value) ? self::text($value) : (is_float($value) ? self::double($value) : $value);
    }

    /** @param array<string, string[]> $optional */
    public static function struct(object $struct, array $optional): object
    {
        $unset = $optional[$struct::class] ?? [];
        $java = str_starts_with($struct::class, 'Koine\Interop\Javas\\');
        $fields = [];
        foreach ($struct::$_TSPEC as $spec) {
            $name = $spec['var'];
            $value = $struct->$name;
            if ($value === null && ($java ? self::isOptionalInJava($spec, $unset) : self::isOptional($spec, $unset))) {
                continue;
            }
            $fields[$name] = self::typed($value ?? self::zero($spec), $spec, $optional);
        }
        return (object) $fields;
    }

    /** @param string[] $unset */
    private static function isOptional(array $spec, array $unset): bool
    {
        return $spec['type'] === TType::STRUCT || in_array($spec['var'], $unset, true)
            || $unset === ['*'] && !in_array($spec['var'], ['caseId', 'case_id'], true);
    }

    /**
     * Derived from Java all texts and enums are optional, and collections never are.
     *
     * @param string[] $unset
     */
    private static function isOptionalInJava(array $spec, array $unset): bool
    {
        return !in_array($spec['type'], [TType::LST, TType::SET, TType::MAP], true)
            && ($unset === ['*'] || $spec['type'] === TType::STRING || isset($spec['class']));
    }

    private static function zero(array $spec): mixed
    {
        return match ($spec['type']) {
            TType::BOOL => false,
            TType::DOUBLE => 0.0,
            TType::STRING => '',
            TType::LST, TType::SET, TType::MAP => [],
            default => 0,
        };
    }

    private static function typed(mixed $value, array $spec, array $optional): mixed
    {
        switch ($spec['type']) {
            case TType::STRUCT:
                return self::struct($value, $optional);
            case TType::LST:
                return self::list(array_map(static fn($item) => self::typed($item, $spec['elem'], $optional), array_values($value)));
            case TType::SET:
                $items = array_map(static fn($item) => self::typed($item, $spec['elem'], $optional), array_keys($value));
                sort($items);
                return $items;
            case TType::MAP:
                return self::sorted(array_map(static fn($item) => self::typed($item, $spec['val'], $optional), $value));
            case TType::DOUBLE:
                return self::double($value);
            case TType::STRING:
                return self::text($value);
            default:
                return $value;
        }
    }

    private static function sorted(array $map): object
    {
        ksort($map, SORT_STRING);
        return (object) $map;
    }

    private static function list(array $items): array|string
    {
        $whole = self::encode($items);
        return strlen($whole) <= 4096 ? $items : self::text($whole) . ' of ' . count($items) . ' elements';
    }

    private static function double(float $value): float|string
    {
        return is_finite($value) ? $value : (string) $value;
    }

    /** PHP has one type for text and bytes: what is not UTF-8 is shown as hexadecimal. */
    private static function text(string $value): string
    {
        $readable = mb_check_encoding($value, 'UTF-8');
        $shown = $readable ? $value : 'hex:' . bin2hex($value);
        if (strlen($value) <= self::SHOWN_BYTES_MAX) {
            return $shown;
        }
        return mb_substr($shown, 0, 24) . sprintf('… (%d bytes, sha256 %s)', strlen($value), substr(hash('sha256', $value), 0, 16));
    }
}
