<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Google\Protobuf\Internal\Message;
use Google\Rpc\Status;

/** One unary call: the request as HTTP/2 carries it, and what came back. */
final class Call
{
    /** HTTP/2 error codes of a reset stream and the gRPC codes they mean; others mean INTERNAL (gRPC's PROTOCOL-HTTP2). */
    private const CODE_OF_RESET = [7 => 14, 8 => 1, 11 => 8, 12 => 7];
    /** HTTP status of an answer without a grpc-status and the gRPC code it means; others mean UNKNOWN. */
    private const CODE_OF_HTTP = [400 => 13, 401 => 16, 403 => 7, 404 => 12, 429 => 14, 502 => 14, 503 => 14, 504 => 14];
    private const DEADLINE_EXCEEDED = 4;
    /** CURLE_HTTP2_STREAM, for which PHP has no name. */
    private const HTTP2_STREAM = 92;

    public readonly \CurlHandle $handle;
    /** @var array<string, string[]> */
    public array $headers = [];
    /** @var array<string, string[]> */
    public array $trailers = [];
    private string $body = '';
    private bool $headersEnded = false;
    private ?Failure $failure = null;
    private int $sentAt;

    public function __construct(string $url, string $message, array $metadata, private readonly ?int $deadlineMillis)
    {
        $fields = ['content-type: application/grpc', 'te: trailers', 'Expect:', 'Accept:', 'User-Agent: grpc-php-curl'];
        foreach ($metadata as $name => $value) {
            $fields[] = $name . ': ' . (str_ends_with($name, '-bin') ? rtrim(base64_encode($value), '=') : $value);
        }
        $this->handle = curl_init($url);
        if ($deadlineMillis !== null) {
            $fields[] = "grpc-timeout: {$deadlineMillis}m";
            curl_setopt($this->handle, CURLOPT_TIMEOUT_MS, $deadlineMillis);
        }
        curl_setopt_array($this->handle, [
            CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE,
            CURLOPT_POST => true,
            CURLOPT_FORBID_REUSE => true,
            CURLOPT_POSTFIELDS => pack('CN', 0, strlen($message)) . $message,
            CURLOPT_HTTPHEADER => $fields,
            CURLOPT_HEADERFUNCTION => $this->field(...),
            CURLOPT_WRITEFUNCTION => function (\CurlHandle $handle, string $bytes): int {
                $this->body .= $bytes;
                return strlen($bytes);
            },
        ]);
        $this->sentAt = hrtime(true);
    }

    /** Header fields and trailers arrive one line at a time; an empty line ends the header fields. */
    private function field(\CurlHandle $handle, string $line): int
    {
        $text = rtrim($line, "\r\n");
        if ($text === '') {
            $this->headersEnded = true;
        } elseif (!str_starts_with($text, 'HTTP/') && str_contains($text, ':')) {
            [$name, $value] = explode(':', $text, 2);
            if ($this->headersEnded) {
                $this->trailers[strtolower($name)][] = ltrim($value);
            } else {
                $this->headers[strtolower($name)][] = ltrim($value);
            }
        }
        return strlen($line);
    }

    /** Says that the transfer is over, with curl's verdict. */
    public function end(int $curlCode): void
    {
        $status = $this->trailers['grpc-status'][0] ?? $this->headers['grpc-status'][0] ?? null;
        $this->failure = match (true) {
            $status !== null => $status === '0' ? null : $this->declared((int) $status),
            $curlCode !== 0 => $this->broken($curlCode),
            default => $this->withoutStatus(),
        };
    }

    /**
     * Whether curl lost the answer of a server that refused the call before its message was sent:
     * curl 7.88 then fails to send to a stream that is closed and forgets what it has read. A call
     * whose message never left has not run and may be made again.
     */
    public function lostUnsent(): bool
    {
        return curl_errno($this->handle) === self::HTTP2_STREAM && $this->headers === []
            && curl_getinfo($this->handle, CURLINFO_SIZE_UPLOAD_T) === 0;
    }

    /** The status that the server put into the trailers, or into the header fields when there is nothing else. */
    private function declared(int $code): Failure
    {
        $from = $this->trailers !== [] ? $this->trailers : $this->headers;
        $details = [];
        if (isset($from['grpc-status-details-bin'])) {
            $status = new Status();
            $status->mergeFromString(self::binary($from['grpc-status-details-bin'][0]));
            $details = iterator_to_array($status->getDetails());
        }
        return new Failure($code, rawurldecode($from['grpc-message'][0] ?? ''), $details);
    }

    private function broken(int $curlCode): Failure
    {
        $text = curl_error($this->handle);
        $passed = $this->deadlineMillis !== null && hrtime(true) - $this->sentAt >= $this->deadlineMillis * 1000000;
        $code = match (true) {
            $curlCode === CURLE_OPERATION_TIMEDOUT || $passed => self::DEADLINE_EXCEEDED,
            preg_match('/\(err (\d+)\)/', $text, $found) === 1 => self::CODE_OF_RESET[(int) $found[1]] ?? 13,
            default => 14,
        };
        return new Failure($code, "curl $curlCode: $text");
    }

    private function withoutStatus(): Failure
    {
        $http = curl_getinfo($this->handle, CURLINFO_RESPONSE_CODE);
        return new Failure(self::CODE_OF_HTTP[$http] ?? 2, "HTTP status $http without a grpc-status");
    }

    /**
     * @template A of Message
     * @param class-string<A> $class
     * @return A
     * @throws Failure when the status is not OK
     */
    public function answer(string $class): Message
    {
        if ($this->failure !== null) {
            throw $this->failure;
        }
        $length = strlen($this->body) < 5 ? -1 : unpack('N', $this->body, 1)[1];
        if ($length !== strlen($this->body) - 5 || $this->body[0] !== "\0") {
            throw new Failure(13, 'the answer is not one uncompressed message but ' . strlen($this->body) . ' bytes');
        }
        $answer = new $class();
        $answer->mergeFromString(substr($this->body, 5));
        return $answer;
    }

    /** A value of a field whose name ends in -bin. */
    public static function binary(string $value): string
    {
        $bytes = base64_decode($value, true);
        return $bytes === false ? throw new Failure(13, "not base64: $value") : $bytes;
    }
}
