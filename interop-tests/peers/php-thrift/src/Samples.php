<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Koine\Interop\Contract\Address;
use Koine\Interop\Contract\Choice;
use Koine\Interop\Contract\Colour;
use Koine\Interop\Contract\Customer;
use Koine\Interop\Contract\Item;
use Koine\Interop\Contract\Lists;
use Koine\Interop\Contract\Maps;
use Koine\Interop\Contract\Node;
use Koine\Interop\Contract\NotFound;
use Koine\Interop\Contract\Optionals;
use Koine\Interop\Contract\Order;
use Koine\Interop\Contract\OverQuota;
use Koine\Interop\Contract\Paint;
use Koine\Interop\Contract\Payload;
use Koine\Interop\Contract\Pick;
use Koine\Interop\Contract\Scalars;
use Koine\Interop\Contract\Sets;
use Koine\Interop\Contract\Ticket;
use Koine\Interop\Contract\Times;

/**
 * The values of cases.yaml in contract.thrift's types. A table maps a case's name to its request and
 * its answer: the client sends the one and expects the other, the server the other way round.
 */
final class Samples
{
    public const SEVERAL_ANSWER = 'fünf von fünf';
    public const GREET_ANSWER = 'hello from the provider';
    public const ADD_LEFT = 4000000000;
    public const ADD_RIGHT = -7000000000;
    public const ADD_ANSWER = -3000000000;
    public const NAMES_PREFIX = 'n-';
    public const NAMES_ANSWER = ['n-Ä', '', 'n-3'];
    public const POST_NOTE = 'put it on the door';
    public const DELIBERATE = 'deliberate failure';
    public const HEADERS_REQUEST = ['x-koine-greeting' => 'hello', 'x-koine-tag' => 'caller'];
    public const HEADERS_ANSWER = ['x-koine-reply' => 'world', 'x-koine-tag' => 'provider'];

    public static function several(): array
    {
        return [-7, 'zwölf', [1, -2, PHP_INT_MAX], Colour::BLUE, self::item('A-1', 3, 1999, Colour::RED)];
    }

    public static function ticket(): Ticket
    {
        return new Ticket(['text' => 'did not fail', 'count' => 3]);
    }

    public static function notFound(): NotFound
    {
        return new NotFound(['resource' => 'shelf/ä', 'id' => -12]);
    }

    public static function overQuota(): OverQuota
    {
        return new OverQuota(['message' => 'over quota: 100 %', 'limit' => 100, 'item' => self::item('Q', 101, 5, Colour::INFRARED)]);
    }

    /** The byte at i is i*step + start, modulo 256. */
    public static function pattern(int $count, int $step, int $start): string
    {
        $period = '';
        for ($i = 0; $i < 256; $i++) {
            $period .= chr(($i * $step + $start) & 0xff);
        }
        return str_repeat($period, intdiv($count, 256));
    }

    private static function item(string $sku, int $quantity, int $priceCents, int $colour): Item
    {
        return new Item(['sku' => $sku, 'quantity' => $quantity, 'priceCents' => $priceCents, 'colour' => $colour]);
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
            'bytes_all' => $blobs(self::pattern(256, 1, 0), self::pattern(256, 255, 255)),
            'body_1mib' => $blobs(self::pattern(1 << 20, 7, 3), self::pattern(1 << 20, 11, 5)),
        ];
    }

    public static function lists(): array
    {
        return [
            'lists_full' => [
                new Lists([
                    'flags' => [true, false, true], 'numbers' => [1, -1, 0, 2147483647], 'bigNumbers' => [PHP_INT_MAX, PHP_INT_MIN],
                    'ratios' => [0.5, -2.25], 'words' => ['alpha', '', 'γάμμα'], 'chunks' => ['', "\x00\xff"],
                    'colours' => [Colour::RED, Colour::INFRARED, Colour::RED],
                    'items' => [self::item('A-1', 3, 1999, Colour::RED), self::item('B-2', -1, 1 << 62, Colour::INFRARED)],
                    'grid' => [[1, 2, 3], [], [-4]],
                ]),
                new Lists([
                    'flags' => [false], 'numbers' => [-2147483648, 7], 'bigNumbers' => [1, 2, 3],
                    'ratios' => [1e100], 'words' => ['ω', 'beta'], 'chunks' => ["\xff", '', "\x01\x02"],
                    'colours' => [Colour::BLUE, Colour::GREEN],
                    'items' => [self::item('C-3', 4, -5, Colour::GREEN)],
                    'grid' => [[], [9, 8], []],
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

    /** PHP writes a set as an array whose keys are the elements. */
    public static function sets(): array
    {
        $set = static fn(array $elements): array => array_fill_keys($elements, true);
        return [
            'sets_full' => [
                new Sets(['numberSet' => $set([3, -1, 2147483647]), 'wordSet' => $set(['x', '', 'ö']),
                    'colourSet' => $set([Colour::RED, Colour::INFRARED])]),
                new Sets(['numberSet' => $set([0, -2147483648]), 'wordSet' => $set(['y']),
                    'colourSet' => $set([Colour::BLUE, Colour::GREEN, Colour::RED])]),
            ],
            'sets_empty' => [new Sets(), new Sets(['numberSet' => $set([0])])],
        ];
    }

    public static function maps(): array
    {
        return [
            'maps_int_key' => [
                new Maps(['byNumber' => [0 => 'zero', -1 => '', 2147483647 => 'max'],
                    'byBigNumber' => [PHP_INT_MAX => self::item('M', 1, 2, Colour::RED)]]),
                new Maps(['byNumber' => [-2147483648 => 'min'],
                    'byBigNumber' => [PHP_INT_MIN => self::item('N', 3, 4, Colour::BLUE), 5 => self::item('O', 5, 6, Colour::GREEN)]]),
            ],
            'maps_string_key' => [
                new Maps(['byName' => ['' => 1, 'ключ' => PHP_INT_MIN, 'b' => 0]]),
                new Maps(['byName' => ['k' => PHP_INT_MAX]]),
            ],
            'maps_enum_key' => [
                new Maps(['byColour' => [Colour::RED => 'r', Colour::INFRARED => '']]),
                new Maps(['byColour' => [Colour::GREEN => 'g', Colour::BLUE => 'b']]),
            ],
            'maps_nested' => [
                new Maps(['groups' => ['g' => [self::item('A', 1, 2, Colour::RED)], 'none' => []]]),
                new Maps(['groups' => ['h' => [self::item('B', 2, 3, Colour::BLUE), self::item('C', 3, 4, Colour::GREEN)]]]),
            ],
            'maps_of_maps' => [
                new Maps(['tables' => ['t' => [1 => 'one', 2 => 'two'], 'empty' => []]]),
                new Maps(['tables' => ['u' => [-1 => '']]]),
            ],
            'maps_empty' => [new Maps(), new Maps(['byName' => ['' => 0]])],
        ];
    }

    public static function orders(): array
    {
        return [
            'nested' => [
                new Order(['customer' => new Customer(['name' => 'Ada', 'home' => new Address(['street' => 'Unter den Linden 1', 'zip' => 10117])]),
                    'lines' => [self::item('A-1', 2, 1050, Colour::GREEN)], 'totalCents' => 2100]),
                new Order(['customer' => new Customer(['name' => 'Bob', 'home' => new Address(['street' => '', 'zip' => 0]),
                    'work' => new Address(['street' => 'Main St', 'zip' => 94105])]), 'lines' => [], 'totalCents' => -1]),
            ],
            'nested_home' => [
                new Order(['customer' => new Customer(['name' => 'Ada', 'home' => new Address(['street' => 'Unter den Linden 1', 'zip' => 10117])]),
                    'lines' => [self::item('A-1', 2, 1050, Colour::GREEN)], 'totalCents' => 2100]),
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
                new Optionals(['text' => '', 'data' => '', 'item' => self::item('', 0, 0, Colour::RED)]),
                new Optionals(['data' => '']),
            ],
            'optional_empty_list' => [new Optionals(['numbers' => []]), new Optionals(['text' => '', 'numbers' => []])],
            'optional_set' => [
                new Optionals(['flag' => true, 'number' => -5, 'bigNumber' => 6, 'ratio' => 0.25, 'text' => 't', 'data' => "\x01",
                    'colour' => Colour::BLUE, 'item' => self::item('S', 1, 1, Colour::RED)]),
                new Optionals(['flag' => false, 'number' => 5, 'bigNumber' => -6, 'ratio' => -0.25, 'text' => 'u', 'data' => "\x02",
                    'colour' => Colour::INFRARED, 'item' => self::item('T', 2, 2, Colour::GREEN)]),
            ],
            'optional_list' => [new Optionals(['numbers' => [4, 5]]), new Optionals(['numbers' => [6]])],
        ];
    }

    public static function paints(): array
    {
        return [
            'enum_known' => [new Paint(['colour' => Colour::BLUE, 'coats' => 41]), new Paint(['colour' => Colour::GREEN, 'coats' => 42])],
            'enum_unknown' => [new Paint(['colour' => 77, 'coats' => 43]), new Paint(['colour' => 78, 'coats' => 44])],
        ];
    }

    public static function picks(): array
    {
        $pick = static fn(array $request, array $answer): array =>
            [new Pick(['choice' => new Choice($request)]), new Pick(['choice' => new Choice($answer)])];
        return [
            'union_number' => $pick(['number' => -9], ['text' => 'number seen']),
            'union_zero' => $pick(['number' => 0], ['text' => '']),
            'union_text' => $pick(['text' => 'tëxt'], ['number' => 12]),
            'union_bytes' => $pick(['data' => "\x00\xff"], ['flag' => false]),
            'union_struct' => $pick(['item' => self::item('U', 1, 2, Colour::RED)], ['data' => "\x7f\x80"]),
            'union_list' => $pick(['words' => ['w', '']], ['item' => self::item('V', 3, 4, Colour::BLUE)]),
            'union_enum' => $pick(['colour' => Colour::INFRARED], ['words' => ['one', 'two']]),
            'union_flag' => $pick(['flag' => true], ['colour' => Colour::GREEN]),
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

    /** A copy that carries the case's name; structs without a caseId stay as they are. */
    public static function named(object $value, string $name): object
    {
        $copy = clone $value;
        foreach (['caseId', 'case_id'] as $field) {
            if (property_exists($copy, $field)) {
                $copy->$field = $name;
            }
        }
        return $copy;
    }
}
