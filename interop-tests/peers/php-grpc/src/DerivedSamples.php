<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Koine\Interop\Derived\Address;
use Koine\Interop\Derived\Choice;
use Koine\Interop\Derived\Colour;
use Koine\Interop\Derived\Customer;
use Koine\Interop\Derived\Item;
use Koine\Interop\Derived\ListOfInt32;
use Koine\Interop\Derived\ListOfItem;
use Koine\Interop\Derived\ListOfString;
use Koine\Interop\Derived\Lists;
use Koine\Interop\Derived\MapOfInt32ToString;
use Koine\Interop\Derived\Maps;
use Koine\Interop\Derived\Node;
use Koine\Interop\Derived\NotFound;
use Koine\Interop\Derived\Optionals;
use Koine\Interop\Derived\Order;
use Koine\Interop\Derived\OverQuota;
use Koine\Interop\Derived\Paint;
use Koine\Interop\Derived\Payload;
use Koine\Interop\Derived\Pick;
use Koine\Interop\Derived\Scalars;
use Koine\Interop\Derived\Sets;
use Koine\Interop\Derived\SeveralRequest;
use Koine\Interop\Derived\Ticket;
use Koine\Interop\Derived\Times;

/**
 * The values of contract.thrift's cases in the types of the proto that Koine derives from it: small
 * integers are int32, enum keys are their numbers, a container inside a container is a message with
 * one field `value`.
 */
final class DerivedSamples
{
    private static function item(string $sku, int $quantity, int $priceCents, int $colour): Item
    {
        return new Item(['sku' => $sku, 'quantity' => $quantity, 'priceCents' => $priceCents, 'colour' => $colour]);
    }

    private static function numbers(int ...$values): ListOfInt32
    {
        return new ListOfInt32(['value' => $values]);
    }

    public static function scalars(): array
    {
        return [
            'scalars_max' => [
                new Scalars(['open' => true, 'shut' => false, 'tiny' => 127, 'small' => 32767, 'medium' => 2147483647,
                    'large' => PHP_INT_MAX, 'ratio' => PHP_FLOAT_MAX]),
                new Scalars(['open' => false, 'shut' => true, 'tiny' => 126, 'small' => 32766, 'medium' => 2147483646,
                    'large' => 9223372036854775806, 'ratio' => 1.7976931348623155e308]),
            ],
            'scalars_min' => [
                new Scalars(['open' => true, 'shut' => false, 'tiny' => -128, 'small' => -32768, 'medium' => -2147483648,
                    'large' => PHP_INT_MIN, 'ratio' => 5.0e-324]),
                new Scalars(['open' => true, 'shut' => true, 'tiny' => -127, 'small' => -32767, 'medium' => -2147483647,
                    'large' => -9223372036854775807, 'ratio' => -5.0e-324]),
            ],
            'scalars_zero' => [
                new Scalars(['open' => false, 'shut' => false, 'tiny' => 0, 'small' => 0, 'medium' => 0, 'large' => 0, 'ratio' => 0.0]),
                new Scalars(['open' => false, 'shut' => false, 'tiny' => 0, 'small' => 0, 'medium' => -1, 'large' => 0, 'ratio' => 0.0]),
            ],
            // 128 is no i8, so no answer is right.
            'i8_out_of_range' => [new Scalars(['tiny' => 128]), new Scalars()],
        ];
    }

    public static function payloads(): array
    {
        $texts = static fn(string $request, string $answer): array =>
            [new Payload(['text' => $request]), new Payload(['text' => $answer])];
        $blobs = static fn(string $request, string $answer): array =>
            [new Payload(['data' => $request]), new Payload(['data' => $answer])];
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

    public static function lists(): array
    {
        return [
            'lists_full' => [
                new Lists([
                    'flags' => [true, false, true], 'numbers' => [1, -1, 0, 2147483647], 'bigNumbers' => [PHP_INT_MAX, PHP_INT_MIN],
                    'ratios' => [0.5, -2.25], 'words' => ['alpha', '', 'γάμμα'], 'chunks' => ['', "\x00\xff"],
                    'colours' => [Colour::COLOUR_RED, Colour::COLOUR_INFRARED, Colour::COLOUR_RED],
                    'items' => [self::item('A-1', 3, 1999, Colour::COLOUR_RED), self::item('B-2', -1, 1 << 62, Colour::COLOUR_INFRARED)],
                    'grid' => [self::numbers(1, 2, 3), self::numbers(), self::numbers(-4)],
                ]),
                new Lists([
                    'flags' => [false], 'numbers' => [-2147483648, 7], 'bigNumbers' => [1, 2, 3],
                    'ratios' => [1e100], 'words' => ['ω', 'beta'], 'chunks' => ["\xff", '', "\x01\x02"],
                    'colours' => [Colour::COLOUR_BLUE, Colour::COLOUR_GREEN],
                    'items' => [self::item('C-3', 4, -5, Colour::COLOUR_GREEN)],
                    'grid' => [self::numbers(), self::numbers(9, 8), self::numbers()],
                ]),
            ],
            'lists_empty' => [new Lists(), new Lists(['numbers' => [0]])],
            'lists_long' => [
                new Lists(['numbers' => array_map(static fn(int $i): int => $i * $i, range(0, 1999))]),
                new Lists(['numbers' => array_map(static fn(int $i): int => -3 * $i, range(0, 1999))]),
            ],
            'doubles_special' => [
                new Lists(['ratios' => [NAN, INF, -INF, -0.0, 0.1]]),
                new Lists(['ratios' => [-0.0, -INF, NAN, INF, 0.2, 0.0]]),
            ],
        ];
    }

    public static function sets(): array
    {
        return [
            'sets_full' => [
                new Sets(['numberSet' => [3, -1, 2147483647], 'wordSet' => ['x', '', 'ö'],
                    'colourSet' => [Colour::COLOUR_RED, Colour::COLOUR_INFRARED]]),
                new Sets(['numberSet' => [0, -2147483648], 'wordSet' => ['y'],
                    'colourSet' => [Colour::COLOUR_BLUE, Colour::COLOUR_GREEN, Colour::COLOUR_RED]]),
            ],
            'sets_empty' => [new Sets(), new Sets(['numberSet' => [0]])],
        ];
    }

    public static function maps(): array
    {
        $items = static fn(Item ...$items): ListOfItem => new ListOfItem(['value' => $items]);
        $table = static fn(array $entries): MapOfInt32ToString => new MapOfInt32ToString(['value' => $entries]);
        return [
            'maps_int_key' => [
                new Maps(['byNumber' => [0 => 'zero', -1 => '', 2147483647 => 'max'],
                    'byBigNumber' => [PHP_INT_MAX => self::item('M', 1, 2, Colour::COLOUR_RED)]]),
                new Maps(['byNumber' => [-2147483648 => 'min'],
                    'byBigNumber' => [PHP_INT_MIN => self::item('N', 3, 4, Colour::COLOUR_BLUE), 5 => self::item('O', 5, 6, Colour::COLOUR_GREEN)]]),
            ],
            'maps_string_key' => [
                new Maps(['byName' => ['' => 1, 'ключ' => PHP_INT_MIN, 'b' => 0]]),
                new Maps(['byName' => ['k' => PHP_INT_MAX]]),
            ],
            'maps_enum_key' => [
                new Maps(['byColour' => [Colour::COLOUR_RED => 'r', Colour::COLOUR_INFRARED => '']]),
                new Maps(['byColour' => [Colour::COLOUR_GREEN => 'g', Colour::COLOUR_BLUE => 'b']]),
            ],
            'maps_nested' => [
                new Maps(['groups' => ['g' => $items(self::item('A', 1, 2, Colour::COLOUR_RED)), 'none' => $items()]]),
                new Maps(['groups' => ['h' => $items(self::item('B', 2, 3, Colour::COLOUR_BLUE), self::item('C', 3, 4, Colour::COLOUR_GREEN))]]),
            ],
            'maps_of_maps' => [
                new Maps(['tables' => ['t' => $table([1 => 'one', 2 => 'two']), 'empty' => $table([])]]),
                new Maps(['tables' => ['u' => $table([-1 => ''])]]),
            ],
            'maps_empty' => [new Maps(), new Maps(['byName' => ['' => 0]])],
        ];
    }

    public static function orders(): array
    {
        return [
            'nested' => [
                new Order(['customer' => new Customer(['name' => 'Ada', 'home' => new Address(['street' => 'Unter den Linden 1', 'zip' => 10117])]),
                    'lines' => [self::item('A-1', 2, 1050, Colour::COLOUR_GREEN)], 'totalCents' => 2100]),
                new Order(['customer' => new Customer(['name' => 'Bob', 'home' => new Address(['street' => '', 'zip' => 0]),
                    'work' => new Address(['street' => 'Main St', 'zip' => 94105])]), 'lines' => [], 'totalCents' => -1]),
            ],
            'nested_home' => [
                new Order(['customer' => new Customer(['name' => 'Ada', 'home' => new Address(['street' => 'Unter den Linden 1', 'zip' => 10117])]),
                    'lines' => [self::item('A-1', 2, 1050, Colour::COLOUR_GREEN)], 'totalCents' => 2100]),
                new Order(['customer' => new Customer(['name' => 'Bob', 'home' => new Address(['street' => '', 'zip' => 0])]), 'lines' => [], 'totalCents' => -1]),
            ],
        ];
    }

    private static function chain(string $prefix, int $sign, int $count): Node
    {
        $root = null;
        for ($i = $count - 1; $i >= 0; $i--) {
            $root = new Node(['name' => $prefix . $i, 'weight' => $sign * $i, 'children' => [], 'following' => $root]);
        }
        return $root;
    }

    private static function node(string $name, int $weight, Node ...$children): Node
    {
        return new Node(['name' => $name, 'weight' => $weight, 'children' => $children]);
    }

    public static function nodes(): array
    {
        return [
            'recursive_chain' => [self::chain('n', 1, 24), self::chain('a', -1, 20)],
            'recursive_bush' => [
                self::node('root', 1, self::node('l', 2, self::node('ll', 3)), self::node('r', 4)),
                self::node('ROOT', -1, self::node('only', -2, self::node('x', -3), self::node('y', -4))),
            ],
        ];
    }

    public static function optionals(): array
    {
        return [
            'optional_unset' => [new Optionals(), new Optionals(['number' => 1])],
            'optional_to_unset' => [new Optionals(['number' => 1]), new Optionals()],
            'optional_zero' => [
                new Optionals(['flag' => false, 'number' => 0, 'bigNumber' => 0, 'ratio' => 0.0]),
                new Optionals(['number' => 0, 'ratio' => 0.0]),
            ],
            'optional_empty' => [
                new Optionals(['text' => '', 'data' => '', 'item' => self::item('', 0, 0, Colour::COLOUR_RED)]),
                new Optionals(['data' => '']),
            ],
            'optional_empty_list' => [new Optionals(['numbers' => self::numbers()]), new Optionals(['text' => '', 'numbers' => self::numbers()])],
            'optional_set' => [
                new Optionals(['flag' => true, 'number' => -5, 'bigNumber' => 6, 'ratio' => 0.25, 'text' => 't', 'data' => "\x01",
                    'colour' => Colour::COLOUR_BLUE, 'item' => self::item('S', 1, 1, Colour::COLOUR_RED)]),
                new Optionals(['flag' => false, 'number' => 5, 'bigNumber' => -6, 'ratio' => -0.25, 'text' => 'u', 'data' => "\x02",
                    'colour' => Colour::COLOUR_INFRARED, 'item' => self::item('T', 2, 2, Colour::COLOUR_GREEN)]),
            ],
            'optional_list' => [new Optionals(['numbers' => self::numbers(4, 5)]), new Optionals(['numbers' => self::numbers(6)])],
        ];
    }

    public static function paints(): array
    {
        return [
            'enum_known' => [new Paint(['colour' => Colour::COLOUR_BLUE, 'coats' => 41]), new Paint(['colour' => Colour::COLOUR_GREEN, 'coats' => 42])],
            'enum_unknown' => [new Paint(['colour' => 77, 'coats' => 43]), new Paint(['colour' => 78, 'coats' => 44])],
        ];
    }

    public static function picks(): array
    {
        $pick = static fn(array $request, array $answer): array =>
            [new Pick(['choice' => new Choice($request)]), new Pick(['choice' => new Choice($answer)])];
        $words = static fn(string ...$words): ListOfString => new ListOfString(['value' => $words]);
        return [
            'union_number' => $pick(['number' => -9], ['text' => 'number seen']),
            'union_zero' => $pick(['number' => 0], ['text' => '']),
            'union_text' => $pick(['text' => 'tëxt'], ['number' => 12]),
            'union_bytes' => $pick(['data' => "\x00\xff"], ['flag' => false]),
            'union_struct' => $pick(['item' => self::item('U', 1, 2, Colour::COLOUR_RED)], ['data' => "\x7f\x80"]),
            'union_list' => $pick(['words' => $words('w', '')], ['item' => self::item('V', 3, 4, Colour::COLOUR_BLUE)]),
            'union_enum' => $pick(['colour' => Colour::COLOUR_INFRARED], ['words' => $words('one', 'two')]),
            'union_flag' => $pick(['flag' => true], ['colour' => Colour::COLOUR_GREEN]),
        ];
    }

    public static function times(): array
    {
        $times = static fn(int $createdAt, int $lasted, string $price): Times =>
            new Times(['createdAt' => $createdAt, 'lasted' => $lasted, 'price' => $price]);
        return [
            'timestamp' => [$times(1709210096789, 1, ''), $times(-1, 2, '')],
            'duration' => [$times(1, 90061001, ''), $times(2, -1500, '')],
            'decimal' => [$times(1, 1, '12.340'), $times(2, 2, '-99999999999999999999.0100')],
        ];
    }

    public static function several(): SeveralRequest
    {
        return new SeveralRequest(['first' => -7, 'second' => 'zwölf', 'third' => [1, -2, PHP_INT_MAX], 'fourth' => Colour::COLOUR_BLUE,
            'fifth' => self::item('A-1', 3, 1999, Colour::COLOUR_RED)]);
    }

    public static function ticket(): Ticket
    {
        return new Ticket(['text' => 'did not fail', 'count' => 3]);
    }

    /** The two declared exceptions, whose text is the gateway's: name => [code, detail]. */
    public static function failing(): array
    {
        return [
            'declared_exception_a' => ['NOT_FOUND', new NotFound(['resource' => 'shelf/ä', 'id' => -12])],
            'declared_exception_b' => ['RESOURCE_EXHAUSTED',
                new OverQuota(['message' => 'over quota: 100 %', 'limit' => 100, 'item' => self::item('Q', 101, 5, Colour::COLOUR_INFRARED)])],
        ];
    }
}
