<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Google\Protobuf\Internal\Message;

/**
 * Calls towards one gRPC server. The library cannot use an HTTP/2 connection without TLS a second time
 * (curl 7.88: "Error in the HTTP2 framing layer"), so every call has a connection of its own; of calls
 * in flight together at most CONNECTIONS_MAX have one, the others wait for theirs inside curl.
 */
final class Channel
{
    private const CONNECTIONS_MAX = 100;
    /** How often a call is made whose message curl did not send, see Call::lostUnsent(). */
    private const ATTEMPTS_MAX = 50;
    /** Bounds every call of a case that is not about time: nothing may hang. */
    public const ANSWER_LIMIT_MILLIS = 60000;

    public function __construct(private readonly Target $target)
    {
    }

    /**
     * One call from its beginning to its end.
     *
     * @template A of Message
     * @param class-string<A> $answer
     * @return A
     * @throws Failure when the status is not OK
     */
    public function call(string $method, Message $request, string $answer, array $metadata = [], ?int $deadlineMillis = null): Message
    {
        return $this->finished($method, $request, $metadata, $deadlineMillis)->answer($answer);
    }

    /** A call that has ended, whatever its status. */
    public function finished(string $method, Message $request, array $metadata = [], ?int $deadlineMillis = null): Call
    {
        for ($attempt = 1;; $attempt++) {
            $call = $this->prepare($method, $request, $metadata, $deadlineMillis ?? self::ANSWER_LIMIT_MILLIS);
            curl_exec($call->handle);
            $call->end(curl_errno($call->handle));
            if (!$call->lostUnsent() || $attempt === self::ATTEMPTS_MAX) {
                return $call;
            }
        }
    }

    /** A call that has not been sent; without a deadline it says and keeps none. */
    public function prepare(string $method, Message $request, array $metadata = [], ?int $deadlineMillis = null): Call
    {
        return new Call("http://{$this->target->host}:{$this->target->port}$method", $request->serializeToString(), $metadata, $deadlineMillis);
    }

    /**
     * Sends all calls at once and returns when all have ended.
     *
     * @param Call[] $calls
     */
    public static function together(array $calls): void
    {
        $multi = curl_multi_init();
        curl_multi_setopt($multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
        curl_multi_setopt($multi, CURLMOPT_MAX_HOST_CONNECTIONS, self::CONNECTIONS_MAX);
        $open = [];
        foreach ($calls as $call) {
            curl_multi_add_handle($multi, $call->handle);
            $open[spl_object_id($call->handle)] = $call;
        }
        while ($open !== []) {
            curl_multi_exec($multi, $running);
            while (($message = curl_multi_info_read($multi)) !== false) {
                $id = spl_object_id($message['handle']);
                $open[$id]->end($message['result']);
                curl_multi_remove_handle($multi, $message['handle']);
                unset($open[$id]);
            }
            if ($running > 0) {
                curl_multi_select($multi, 1.0);
            } elseif ($open !== [] && curl_multi_exec($multi, $running) === CURLM_OK && $running === 0) {
                throw new \RuntimeException(count($open) . ' calls never ended');
            }
        }
        curl_multi_close($multi);
    }
}
