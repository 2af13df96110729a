<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Koine\Interop\Contract\InteropIf;
use Koine\Interop\Contract\Seen;

/**
 * Checks what it received against the case and answers the case's other value. What it has seen of a
 * nonce lies in files, one byte a time, because every connection is served by a process of its own.
 */
final class Provider implements InteropIf
{
    public function __construct(private readonly string $folder)
    {
    }

    private static function mismatch(string $name, string $got, string $want): \RuntimeException
    {
        return new \RuntimeException(mb_strcut("$name: got $got want $want", 0, 2000));
    }

    private static function expect(string $name, mixed $got, mixed $want): void
    {
        $got = Render::encode(Render::value($got));
        $want = Render::encode(Render::value($want));
        if ($got !== $want) {
            throw self::mismatch($name, $got, $want);
        }
    }

    private static function check(array $samples, string $name, object $received): object
    {
        if (!isset($samples[$name])) {
            throw self::mismatch($name, 'an unknown case', 'a case of this method');
        }
        [$request, $answer] = $samples[$name];
        self::expect($name, $received, Samples::named($request, $name));
        return Samples::named($answer, $name . '.answer');
    }

    public function scalars(\Koine\Interop\Contract\Scalars $request)
    {
        return self::check(Samples::scalars(), (string) $request->caseId, $request);
    }

    public function payload(\Koine\Interop\Contract\Payload $request)
    {
        return self::check(Samples::payloads(), (string) $request->caseId, $request);
    }

    public function lists(\Koine\Interop\Contract\Lists $request)
    {
        return self::check(Samples::lists(), (string) $request->caseId, $request);
    }

    public function sets(\Koine\Interop\Contract\Sets $request)
    {
        return self::check(Samples::sets(), (string) $request->caseId, $request);
    }

    public function maps(\Koine\Interop\Contract\Maps $request)
    {
        return self::check(Samples::maps(), (string) $request->caseId, $request);
    }

    public function placeOrder(\Koine\Interop\Contract\Order $order)
    {
        return self::check(Samples::orders(), (string) $order->caseId, $order);
    }

    public function grow(\Koine\Interop\Contract\Node $root)
    {
        return self::check(Samples::nodes(), $root->name === 'n0' ? 'recursive_chain' : 'recursive_bush', $root);
    }

    public function optionals(\Koine\Interop\Contract\Optionals $request)
    {
        return self::check(Samples::optionals(), (string) $request->caseId, $request);
    }

    public function paint(\Koine\Interop\Contract\Paint $request)
    {
        return self::check(Samples::paints(), (string) $request->caseId, $request);
    }

    public function pick(\Koine\Interop\Contract\Pick $request)
    {
        return self::check(Samples::picks(), (string) $request->caseId, $request);
    }

    public function times(\Koine\Interop\Contract\Times $request)
    {
        return self::check(Samples::times(), (string) $request->caseId, $request);
    }

    public function several($first, $second, array $third, $fourth, \Koine\Interop\Contract\Item $fifth)
    {
        self::expect('several_arguments', [$first, $second, $third, $fourth, $fifth], Samples::several());
        return Samples::SEVERAL_ANSWER;
    }

    public function addUp($left, $right)
    {
        self::expect('bare_result', [$left, $right], [Samples::ADD_LEFT, Samples::ADD_RIGHT]);
        return Samples::ADD_ANSWER;
    }

    public function listNames($prefix)
    {
        self::expect('bare_list_result', $prefix, Samples::NAMES_PREFIX);
        return Samples::NAMES_ANSWER;
    }

    public function greet()
    {
        return Samples::GREET_ANSWER;
    }

    private function note(int $nonce, string $what): void
    {
        file_put_contents("{$this->folder}/$nonce.$what", '+', FILE_APPEND | LOCK_EX);
    }

    private function noted(int $nonce, string $what): int
    {
        clearstatcache();
        return (int) @filesize("{$this->folder}/$nonce.$what");
    }

    public function reset($nonce)
    {
        $this->note($nonce, 'reset');
    }

    public function post($nonce, $note)
    {
        if ($note === Samples::POST_NOTE) {
            $this->note($nonce, 'post');
        }
    }

    public function seen($nonce)
    {
        return new Seen(['posts' => $this->noted($nonce, 'post'), 'resets' => $this->noted($nonce, 'reset'),
            'lingersStarted' => $this->noted($nonce, 'linger'), 'lingersCancelled' => 0]);
    }

    public function fail($caseId)
    {
        return match ($caseId) {
            'declared_exception_a' => throw Samples::notFound(),
            'declared_exception_b' => throw Samples::overQuota(),
            'undeclared_failure' => throw new \RuntimeException(Samples::DELIBERATE),
            'no_exception' => Samples::ticket(),
            default => throw self::mismatch((string) $caseId, 'an unknown case', 'a case of this method'),
        };
    }

    public function linger($nonce, $waitMillis)
    {
        $this->note($nonce, 'linger');
        usleep($waitMillis * 1000);
        return ~$nonce;
    }

    public function exchangeHeaders(array $headers)
    {
        ksort($headers);
        self::expect('metadata_roundtrip', $headers, Samples::HEADERS_REQUEST);
        return Samples::HEADERS_ANSWER;
    }

    public function stamp($nonce)
    {
        return ~$nonce;
    }
}
