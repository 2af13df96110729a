<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Koine\Interop\Derived\Blob;
use Koine\Interop\Derived\Buyer;
use Koine\Interop\Derived\Buyer_Contact;
use Koine\Interop\Derived\Coating;
use Koine\Interop\Derived\Color;
use Koine\Interop\Derived\Dictionaries;
use Koine\Interop\Derived\Duration;
use Koine\Interop\Derived\LineItem;
use Koine\Interop\Derived\LineItemList;
use Koine\Interop\Derived\Moments;
use Koine\Interop\Derived\NumberRow;
use Koine\Interop\Derived\Numbers;
use Koine\Interop\Derived\PostalAddress;
use Koine\Interop\Derived\Presence;
use Koine\Interop\Derived\Purchase;
use Koine\Interop\Derived\Repeats;
use Koine\Interop\Derived\RpcStatus;
use Koine\Interop\Derived\Selection;
use Koine\Interop\Derived\SeveralRequest;
use Koine\Interop\Derived\Ticket;
use Koine\Interop\Derived\Timestamp;
use Koine\Interop\Derived\TreeNode;
use Koine\Interop\Derived\WordList;

/**
 * The values of contract.proto's cases in the types of the Thrift that Koine derives from it: unsigned
 * numbers travel in the next wider signed type, messages and `optional` fields are optional, a oneof
 * is a group of them.
 */
final class DerivedSamples
{
    private static function item(string $sku, int $quantity, int $priceCents, int $color): LineItem
    {
        return new LineItem(['sku' => $sku, 'quantity' => $quantity, 'price_cents' => $priceCents, 'color' => $color]);
    }

    public static function numbers(): array
    {
        return [
            'scalars_max' => [
                new Numbers(['open' => true, 'shut' => false, 'int32_value' => 2147483647, 'int64_value' => PHP_INT_MAX,
                    'uint32_value' => 4294967295, 'uint64_value' => PHP_INT_MAX, 'sint32_value' => 2147483647, 'sint64_value' => PHP_INT_MAX,
                    'fixed32_value' => 4294967295, 'fixed64_value' => PHP_INT_MAX, 'sfixed32_value' => 2147483647,
                    'sfixed64_value' => PHP_INT_MAX, 'float_value' => 3.4028234663852886e38, 'double_value' => PHP_FLOAT_MAX]),
                new Numbers(['open' => false, 'shut' => true, 'int32_value' => 2147483646, 'int64_value' => 9223372036854775806,
                    'uint32_value' => 4294967294, 'uint64_value' => 9223372036854775806, 'sint32_value' => 2147483645,
                    'sint64_value' => 9223372036854775805, 'fixed32_value' => 4294967293, 'fixed64_value' => 9223372036854775804,
                    'sfixed32_value' => 2147483644, 'sfixed64_value' => 9223372036854775803, 'float_value' => 1.5,
                    'double_value' => 1.7976931348623155e308]),
            ],
            'scalars_min' => [
                new Numbers(['open' => true, 'shut' => false, 'int32_value' => -2147483648, 'int64_value' => PHP_INT_MIN,
                    'uint32_value' => 1, 'uint64_value' => 1, 'sint32_value' => -2147483648, 'sint64_value' => PHP_INT_MIN,
                    'fixed32_value' => 1, 'fixed64_value' => 1, 'sfixed32_value' => -2147483648, 'sfixed64_value' => PHP_INT_MIN,
                    'float_value' => 1.401298464324817e-45, 'double_value' => 5.0e-324]),
                new Numbers(['open' => true, 'shut' => true, 'int32_value' => -2147483647, 'int64_value' => -9223372036854775807,
                    'uint32_value' => 2, 'uint64_value' => 3, 'sint32_value' => -2147483646, 'sint64_value' => -9223372036854775806,
                    'fixed32_value' => 4, 'fixed64_value' => 5, 'sfixed32_value' => -2147483645, 'sfixed64_value' => -9223372036854775805,
                    'float_value' => -1.401298464324817e-45, 'double_value' => -5.0e-324]),
            ],
            'scalars_zero' => [
                new Numbers(['open' => false, 'int32_value' => 0, 'uint64_value' => 0, 'double_value' => 0.0]),
                new Numbers(['int32_value' => -1]),
            ],
            // The answer is 2^64-1, which no Thrift type can hold.
            'uint64_beyond_i64' => [new Numbers(['uint64_value' => 7]), new Numbers()],
        ];
    }

    public static function blobs(): array
    {
        $texts = static fn(string $request, string $answer): array => [new Blob(['text' => $request]), new Blob(['text' => $answer])];
        $blobs = static fn(string $request, string $answer): array => [new Blob(['content' => $request]), new Blob(['content' => $answer])];
        return [
            'text_empty' => $texts('', 'not empty'),
            'text_to_empty' => $texts('not empty', ''),
            'text_cjk' => $texts('你好，世界', 'さようなら 안녕'),
            'text_emoji' => $texts('😀 👩‍👩‍👧 𝄞', "🚀é\0\t\"\\ end"),
            'text_64k' => $texts(str_repeat('0123456789abcdef', 4096), str_repeat('fedcba987654321é', 4096)),
            'bytes_empty' => $blobs('', "\0"),
            'bytes_all' => $blobs(Samples::pattern(256, 1, 0), Samples::pattern(256, 255, 255)),
            'body_1mib' => $blobs(Samples::pattern(1 << 20, 7, 3), Samples::pattern(1 << 20, 11, 5)),
        ];
    }

    public static function repeats(): array
    {
        $row = static fn(int ...$values): NumberRow => new NumberRow(['values' => $values]);
        return [
            'lists_full' => [
                new Repeats([
                    'flags' => [true, false, true], 'numbers' => [1, -1, 0, 2147483647], 'big_numbers' => [PHP_INT_MAX, PHP_INT_MIN],
                    'ratios' => [0.5, -2.25], 'words' => ['alpha', '', 'γάμμα'], 'chunks' => ['', "\x00\xff"],
                    'colors' => [Color::COLOR_RED, Color::COLOR_INFRARED, Color::COLOR_RED],
                    'items' => [self::item('A-1', 3, 1999, Color::COLOR_RED), self::item('B-2', -1, 1 << 62, Color::COLOR_INFRARED)],
                    'grid' => [$row(1, 2, 3), $row(), $row(-4)],
                ]),
                new Repeats([
                    'flags' => [false], 'numbers' => [-2147483648, 7], 'big_numbers' => [1, 2, 3], 'ratios' => [1e100],
                    'words' => ['ω', 'beta'], 'chunks' => ["\xff", '', "\x01\x02"], 'colors' => [Color::COLOR_BLUE, Color::COLOR_GREEN],
                    'items' => [self::item('C-3', 4, -5, Color::COLOR_GREEN)], 'grid' => [$row(), $row(9, 8), $row()],
                ]),
            ],
            'lists_unpacked' => [new Repeats(['unpacked' => [5, -6, 7]]), new Repeats(['unpacked' => [8]])],
            'lists_empty' => [new Repeats(), new Repeats(['numbers' => [0]])],
            'lists_long' => [
                new Repeats(['numbers' => array_map(static fn(int $i): int => $i * $i, range(0, 1999))]),
                new Repeats(['numbers' => array_map(static fn(int $i): int => -3 * $i, range(0, 1999))]),
            ],
            'doubles_special' => [
                new Repeats(['ratios' => [NAN, INF, -INF, -0.0, 0.1]]),
                new Repeats(['ratios' => [-0.0, -INF, NAN, INF, 0.2, 0.0]]),
            ],
        ];
    }

    public static function dictionaries(): array
    {
        $items = static fn(LineItem ...$items): LineItemList => new LineItemList(['items' => $items]);
        return [
            'maps_int_key' => [
                new Dictionaries(['by_number' => [0 => 'zero', -1 => '', 2147483647 => 'max'],
                    'by_big_number' => [PHP_INT_MAX => self::item('M', 1, 2, Color::COLOR_RED)]]),
                new Dictionaries(['by_number' => [-2147483648 => 'min'],
                    'by_big_number' => [PHP_INT_MIN => self::item('N', 3, 4, Color::COLOR_BLUE), 5 => self::item('O', 5, 6, Color::COLOR_GREEN)]]),
            ],
            'maps_string_key' => [
                new Dictionaries(['by_name' => ['' => 1, 'ключ' => PHP_INT_MIN, 'b' => 0]]),
                new Dictionaries(['by_name' => ['k' => PHP_INT_MAX]]),
            ],
            // PHP has no boolean keys: true is 1, false is 0.
            'maps_bool_key' => [
                new Dictionaries(['by_flag' => [1 => 'yes', 0 => '']]),
                new Dictionaries(['by_flag' => [0 => 'no']]),
            ],
            'maps_enum_value' => [
                new Dictionaries(['color_by_name' => ['r' => Color::COLOR_RED, 'i' => Color::COLOR_INFRARED]]),
                new Dictionaries(['color_by_name' => ['g' => Color::COLOR_GREEN]]),
            ],
            'maps_nested' => [
                new Dictionaries(['groups' => ['g' => $items(self::item('A', 1, 2, Color::COLOR_RED)), 'none' => $items()]]),
                new Dictionaries(['groups' => ['h' => $items(self::item('B', 2, 3, Color::COLOR_BLUE), self::item('C', 3, 4, Color::COLOR_GREEN))]]),
            ],
            'maps_empty' => [new Dictionaries(), new Dictionaries(['by_name' => ['' => 0]])],
        ];
    }

    public static function purchases(): array
    {
        $address = static fn(string $street, int $zip): PostalAddress => new PostalAddress(['street' => $street, 'zip' => $zip]);
        return [
            'nested' => [
                new Purchase(['buyer' => new Buyer(['name' => 'Ada', 'home' => $address('Unter den Linden 1', 10117)]),
                    'lines' => [self::item('A-1', 2, 1050, Color::COLOR_GREEN)], 'total_cents' => 2100]),
                new Purchase(['buyer' => new Buyer(['name' => 'Bob', 'home' => $address('', 0),
                    'work' => new Buyer_Contact(['email' => 'bob@example.com', 'address' => $address('Main St', 94105)])]),
                    'lines' => [], 'total_cents' => -1]),
            ],
            'nested_home' => [
                new Purchase(['buyer' => new Buyer(['name' => 'Ada', 'home' => $address('Unter den Linden 1', 10117)]),
                    'lines' => [self::item('A-1', 2, 1050, Color::COLOR_GREEN)], 'total_cents' => 2100]),
                new Purchase(['buyer' => new Buyer(['name' => 'Bob', 'home' => $address('', 0)]),
                    'lines' => [], 'total_cents' => -1]),
            ],
        ];
    }

    private static function chain(string $prefix, int $sign, int $count): TreeNode
    {
        $root = null;
        for ($i = $count - 1; $i >= 0; $i--) {
            $root = new TreeNode(['label' => $prefix . $i, 'weight' => $sign * $i, 'tail' => $root]);
        }
        return $root;
    }

    private static function node(string $label, int $weight, TreeNode ...$children): TreeNode
    {
        return new TreeNode(['label' => $label, 'weight' => $weight, 'children' => $children]);
    }

    public static function trees(): array
    {
        return [
            'recursive_chain' => [self::chain('n', 1, 24), self::chain('a', -1, 20)],
            'recursive_bush' => [
                self::node('root', 1, self::node('l', 2, self::node('ll', 3)), self::node('r', 4)),
                self::node('ROOT', -1, self::node('only', -2, self::node('x', -3), self::node('y', -4))),
            ],
        ];
    }

    public static function presences(): array
    {
        return [
            'optional_unset' => [new Presence(), new Presence(['number' => 1])],
            'optional_to_unset' => [new Presence(['number' => 1]), new Presence()],
            'optional_zero' => [
                new Presence(['flag' => false, 'number' => 0, 'big_number' => 0, 'ratio' => 0.0, 'color' => Color::COLOR_UNSPECIFIED]),
                new Presence(['number' => 0, 'ratio' => 0.0]),
            ],
            'optional_empty' => [new Presence(['text' => '', 'content' => '', 'item' => new LineItem()]), new Presence(['content' => ''])],
            'optional_set' => [
                new Presence(['flag' => true, 'number' => -5, 'big_number' => 6, 'ratio' => 0.25, 'text' => 't', 'content' => "\x01",
                    'color' => Color::COLOR_BLUE, 'item' => self::item('S', 1, 1, Color::COLOR_RED)]),
                new Presence(['flag' => false, 'number' => 5, 'big_number' => -6, 'ratio' => -0.25, 'text' => 'u', 'content' => "\x02",
                    'color' => Color::COLOR_INFRARED, 'item' => self::item('T', 2, 2, Color::COLOR_GREEN)]),
            ],
        ];
    }

    public static function coatings(): array
    {
        return [
            'enum_known' => [new Coating(['color' => Color::COLOR_BLUE, 'layers' => 41]), new Coating(['color' => Color::COLOR_GREEN, 'layers' => 42])],
            'enum_unknown' => [new Coating(['color' => 77, 'layers' => 43]), new Coating(['color' => 78, 'layers' => 44])],
        ];
    }

    public static function selections(): array
    {
        $select = static fn(array $request, array $answer): array => [new Selection($request), new Selection($answer)];
        $words = static fn(string ...$words): WordList => new WordList(['words' => $words]);
        return [
            'union_number' => $select(['number' => -9], ['text' => 'number seen']),
            'union_zero' => $select(['number' => 0], ['text' => '']),
            'union_text' => $select(['text' => 'tëxt'], ['number' => 12]),
            'union_bytes' => $select(['content' => "\x00\xff"], ['flag' => false]),
            'union_struct' => $select(['item' => self::item('U', 1, 2, Color::COLOR_RED)], ['content' => "\x7f\x80"]),
            'union_list' => $select(['words' => $words('w', '')], ['item' => self::item('V', 3, 4, Color::COLOR_BLUE)]),
            'union_enum' => $select(['color' => Color::COLOR_INFRARED], ['words' => $words('one', 'two')]),
            'union_flag' => $select(['flag' => true], ['color' => Color::COLOR_GREEN]),
            'union_unset' => $select([], ['number' => 0]),
        ];
    }

    public static function moments(): array
    {
        $moments = static fn(int $seconds, int $nanos, int $lastedSeconds, int $lastedNanos): Moments => new Moments([
            'created_at' => new Timestamp(['seconds' => $seconds, 'nanos' => $nanos]),
            'lasted' => new Duration(['seconds' => $lastedSeconds, 'nanos' => $lastedNanos]),
        ]);
        return [
            'timestamp' => [$moments(1709210096, 789000000, 0, 1000000), $moments(-1, 999000000, 0, 2000000)],
            'duration' => [$moments(0, 1000000, 90061, 1000000), $moments(0, 2000000, -1, -500000000)],
        ];
    }

    public static function several(): SeveralRequest
    {
        return new SeveralRequest(['first' => -7, 'second' => 'zwölf', 'third' => [1, -2, PHP_INT_MAX], 'fourth' => Color::COLOR_BLUE,
            'fifth' => self::item('A-1', 3, 1999, Color::COLOR_RED)]);
    }

    public static function ticket(): Ticket
    {
        return new Ticket(['text' => 'did not fail', 'count' => 3]);
    }

    /** A google.protobuf.Any of a message of contract.proto, as bytes. */
    private static function detail(string $message, string $encoded): string
    {
        $url = 'type.googleapis.com/koine.interop.v1.' . $message;
        $value = hex2bin($encoded);
        return "\x0a" . chr(strlen($url)) . $url . "\x12" . chr(strlen($value)) . $value;
    }

    /** MissingResource {1: "shelf/ä", 2: -12}. */
    public static function missing(): RpcStatus
    {
        return new RpcStatus(['code' => 5, 'message' => 'no such shelf: ä',
            'details' => [self::detail('MissingResource', '0a087368656c662fc3a410f4ffffffffffffffff01')]]);
    }

    /** QuotaExceeded {1: 100, 2: LineItem {1: "Q", 2: 1000, 5: 101, 6: 5}}. */
    public static function quota(): RpcStatus
    {
        return new RpcStatus(['code' => 8, 'message' => 'over quota: 100 %',
            'details' => [self::detail('QuotaExceeded', '0864120a0a015110e80728653005')]]);
    }
}
