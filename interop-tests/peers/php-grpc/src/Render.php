<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Google\Protobuf\Any;
use Google\Protobuf\Descriptor;
use Google\Protobuf\DescriptorPool;
use Google\Protobuf\FieldDescriptor;
use Google\Protobuf\Internal\GPBLabel;
use Google\Protobuf\Internal\GPBType;
use Google\Protobuf\Internal\Message;

/**
 * Turns messages into JSON-able data that is equal exactly when the values are: presence is kept,
 * doubles keep their bits, and bytes of fields that the schema does not know are shown.
 */
final class Render
{
    /** Longest text or byte string shown whole; longer ones become a head, the length and a hash. */
    private const SHOWN_BYTES_MAX = 96;

    public static function encode(mixed $rendered): string
    {
        return json_encode($rendered, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR);
    }

    public static function message(Message $message): object
    {
        $fields = [];
        $descriptor = self::descriptor($message);
        for ($i = 0; $i < $descriptor->getFieldCount(); $i++) {
            $field = $descriptor->getField($i);
            $suffix = str_replace('_', '', ucwords($field->getName(), '_'));
            if (method_exists($message, "has$suffix") && !$message->{"has$suffix"}()) {
                continue;
            }
            $fields[$field->getName()] = self::field($message->{"get$suffix"}(), $field);
        }
        $unknown = (new \ReflectionProperty(Message::class, 'unknown'))->getValue($message);
        if ($unknown !== '') {
            $fields['?'] = bin2hex($unknown);
        }
        return (object) $fields;
    }

    private static function descriptor(Message $message): Descriptor
    {
        return DescriptorPool::getGeneratedPool()->getDescriptorByClassName($message::class);
    }

    private static function field(mixed $value, FieldDescriptor $field): mixed
    {
        if ($field->isMap()) {
            $entries = [];
            foreach ($value as $key => $entry) {
                $entries[is_bool($key) ? var_export($key, true) : (string) $key] = self::one($entry, self::valueOf($field));
            }
            ksort($entries, SORT_STRING);
            return (object) $entries;
        }
        if ($field->getLabel() === GPBLabel::REPEATED) {
            $items = [];
            foreach ($value as $item) {
                $items[] = self::one($item, $field);
            }
            if (str_ends_with($field->getName(), 'Set')) {
                sort($items); // derived from a Thrift set: the order means nothing
            }
            $whole = self::encode($items);
            return strlen($whole) <= 4096 ? $items : self::text($whole) . ' of ' . count($items) . ' elements';
        }
        return self::one($value, $field);
    }

    /** The field that describes the values of a map. */
    private static function valueOf(FieldDescriptor $map): FieldDescriptor
    {
        return $map->getMessageType()->getField(1);
    }

    private static function one(mixed $value, FieldDescriptor $field): mixed
    {
        return match ($field->getType()) {
            GPBType::MESSAGE => self::message($value),
            // The library keeps numbers above 2^31 with their sign extended.
            GPBType::UINT32, GPBType::FIXED32 => $value & 0xffffffff,
            GPBType::STRING => self::text($value),
            GPBType::BYTES => 'hex:' . self::shorten(bin2hex($value), $value),
            GPBType::FLOAT, GPBType::DOUBLE => is_finite($value) ? $value : (string) $value,
            default => $value,
        };
    }

    /** A status with its details by their types; $message stands for the text where only a part of it matters. */
    public static function failure(Failure $failure, ?string $message = null): array
    {
        return self::status($failure->name(), $message ?? $failure->getMessage(), $failure->details);
    }

    /** @param Any[] $details */
    public static function status(string $code, string $message, array $details): array
    {
        $shown = array_map(static fn(Any $detail): array =>
            ['@type' => $detail->getTypeUrl(), 'value' => self::message($detail->unpack())], $details);
        return ['code' => $code, 'message' => $message, 'details' => $shown];
    }

    /**
     * The entries of the case metadata_roundtrip; others belong to libraries and gateways.
     *
     * @param array<string, string[]> $entries
     */
    public static function metadata(array $entries): object
    {
        $shown = [];
        foreach ($entries as $name => $values) {
            if (str_starts_with($name, 'x-koine-')) {
                $shown[$name] = str_ends_with($name, '-bin')
                    ? array_map(static fn(string $value): string => 'hex:' . bin2hex(Call::binary($value)), $values)
                    : $values;
            }
        }
        ksort($shown, SORT_STRING);
        return (object) $shown;
    }

    public static function text(string $value): string
    {
        return self::shorten(mb_check_encoding($value, 'UTF-8') ? $value : 'hex:' . bin2hex($value), $value);
    }

    private static function shorten(string $shown, string $whole): string
    {
        if (strlen($whole) <= self::SHOWN_BYTES_MAX) {
            return $shown;
        }
        return mb_substr($shown, 0, 24) . sprintf('… (%d bytes, sha256 %s)', strlen($whole), substr(hash('sha256', $whole), 0, 16));
    }
}
