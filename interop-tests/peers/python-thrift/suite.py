"""The cases of one target: values from the table, and the cases about the course of a call."""
import importlib
import random
import time

from thrift.Thrift import TApplicationException, TMessageType, TType

from connection import Connection, describe, timed_out
from values import named, parameters, parsed, render, table, text

POLL_PAUSE_S, POLL_LIMIT_S = 0.01, 10
LINGER_WAIT_MS = 4000
IN_FLIGHT_CALLS, PIPELINE_WINDOW = 1000, 50
POST_NOTE = "put it on the door"
DELIBERATE = "deliberate failure"
INFO_REQUEST = {"x-koine-greeting": "hello", "x-koine-tag": "caller"}
INFO_ANSWER = {"x-koine-reply": "world", "x-koine-tag": "provider"}
CALLER_ENTRIES = {b"x-koine-greeting": b"hello", b"x-koine-blob-bin": b"\x00\xff\x80\x0a"}
ANSWER_ENTRIES = {b"x-koine-reply": b"world", b"x-koine-trail": b"done", b"x-koine-blob-bin": b"\xff\x00\x7f\x01"}


def new_nonce():
    return random.getrandbits(63)


class Own:
    """contract.thrift, towards a Thrift provider."""

    module, sees_cancels, declares_status = "contract.Interop", False, False

    @staticmethod
    def called(method):
        return method

    @staticmethod
    def plain(answer):
        return answer

    @staticmethod
    def arguments(module, method, *values):
        return values

    @staticmethod
    def cancelled(seen):
        return seen.lingersStarted, seen.lingersCancelled


class Third(Own):
    """third.thrift, towards a provider of another author."""

    module = "third.Trials"

    @staticmethod
    def called(method):
        return {"reset": "reset_token", "post": "post_note", "seen": "seen_so_far", "fail": "fail_for", "linger": "linger_for",
                "stamp": "stamp_token", "greet": "say_hello"}[method]

    @staticmethod
    def arguments(module, method, *values):
        return values[::-1] if method in ("post", "linger") else values

    @staticmethod
    def cancelled(seen):
        return seen.lingers_started, seen.lingers_cancelled


class Derived:
    """The Thrift that Koine derives from contract.proto, towards a gRPC provider: every method takes one message, or nothing."""

    module, sees_cancels, declares_status = "derived.InteropService", True, True

    @staticmethod
    def called(method):
        return method

    @staticmethod
    def plain(answer):
        return answer.nonce

    @staticmethod
    def arguments(module, method, *values):
        if not values:
            return ()
        kind = {"linger": "LingerRequest", "post": "PostRequest", "fail": "FailRequest"}.get(method, "NonceMessage")
        names = {"linger": ("nonce", "wait_millis"), "post": ("nonce", "note"), "fail": ("case_id",)}.get(method, ("nonce",))
        return (getattr(module, kind)(**dict(zip(names, values))),)

    @staticmethod
    def cancelled(seen):
        return seen.lingers_started, seen.lingers_cancelled


class Java(Own):
    """The Thrift that Koine derives from the Java contract, towards a Dubbo provider, which says nothing of callers that have gone."""

    module = "javas.InteropService"

    @staticmethod
    def cancelled(seen):
        return seen.lingersStarted, 0


class Suite:
    def __init__(self, target, folder):
        self._target = target
        self._contract = {"own": Own, "third": Third, "derived": Derived, "java": Java}[target.contract]
        self._module = importlib.import_module(self._contract.module)
        self._service = self._contract.module.rsplit(".", 1)[1]
        self._shared = None
        self._cases = {}
        for name, method, request, answer in table(folder / f"{'javas' if self._contract is Java else target.contract}.values"):
            self._cases[name] = lambda m=method, q=request, a=answer: self._value(m, q, a)
        for name in ("void", "oneway", "undeclared_failure", "no_such_method", "deadline_passed", "cancelled", "in_flight_1000"):
            self._cases[name] = getattr(self, "_" + name)
        if self._contract is Own:
            self._cases["metadata_info"] = self._metadata_info
        if self._contract is Third:
            self._cases["i8_out_of_range"] = self._i8_out_of_range
        if self._contract is Derived:
            self._cases["metadata_roundtrip"] = self._metadata_roundtrip
            self._cases["uint64_beyond_i64"] = self._uint64_beyond_i64

    def run(self):
        for name in self._target.cases.split(",") if self._target.cases else self._cases:
            start = time.monotonic_ns()
            line = {"id": self._target.id} if self._target.id else {}
            line |= {"case": name, "ok": False, "got": None, "want": None, "error": ""}
            try:
                got, want = self._cases[name]()
                line |= {"ok": text(got) == text(want), "got": got, "want": want}
            except Exception as error:  # whatever it is, it belongs to this case
                line["error"] = describe(error)
                self.close()
            line["elapsed_us"] = (time.monotonic_ns() - start) // 1000
            print(text(line), flush=True)
        self.close()

    def close(self):
        if self._shared is not None:
            self._shared.close()
            self._shared = None

    def _connection(self):
        self._shared = self._shared or Connection(self._target)
        return self._shared

    def _client(self, connection=None):
        connection = connection or self._connection()
        return self._module.Client(connection.protocol, connection.output)

    def _call(self, client, method, *values):
        return self._function(client, "", method)(*self._contract.arguments(self._module, method, *values))

    def _function(self, client, part, method):
        return getattr(client, part + self._contract.called(method))

    def _type(self, method, kind):
        return named(self._module, f"{method}_{kind}")

    def _value(self, method, request, answer):
        arguments = parsed(self._type(method, "args"), request)
        want = parsed(self._type(method, "result"), answer)
        got = type(want)()
        values = [getattr(arguments, name) for name in parameters(self._module, method)]
        thrown = {spec[3][0]: spec[2] for spec in got.thrift_spec if spec and spec[0] > 0}
        try:
            got.success = getattr(self._client(), method)(*values)
        except tuple(thrown) as declared:
            setattr(got, thrown[type(declared)], declared)
        return render(got), render(want)

    def _poll(self, client, nonce, enough):
        end = time.monotonic() + POLL_LIMIT_S
        while True:
            seen = self._call(client, "seen", nonce)
            if enough(seen) or time.monotonic() > end:
                return seen
            time.sleep(POLL_PAUSE_S)

    def _void(self):
        nonce = new_nonce()
        self._call(self._client(), "reset", nonce)
        return {"resets": self._call(self._client(), "seen", nonce).resets}, {"resets": 1}

    def _oneway(self):
        nonce = new_nonce()
        self._call(self._client(), "post", nonce, POST_NOTE)
        return {"posts": self._poll(self._client(), nonce, lambda seen: (seen.posts or 0) > 0).posts}, {"posts": 1}

    def _undeclared_failure(self):
        want = "the deliberate failure"
        try:
            self._call(self._client(), "fail", "undeclared_failure")
        except TApplicationException as error:
            # Libraries that know only UNKNOWN say so in the text, see contract/cases.md.
            kind = TApplicationException.UNKNOWN if "(UNKNOWN)" in error.message else TApplicationException.INTERNAL_ERROR
            if not self._contract.declares_status and error.type == kind and DELIBERATE in error.message:
                return want, want
            raise
        except Exception as error:
            if self._contract.declares_status and type(error).__name__ == "RpcStatus" and error.code == 2 and DELIBERATE in error.message and not error.details:
                return want, want
            raise
        return "the call ended well", want

    def _no_such_method(self):
        connection = self._connection()
        output, given = connection.output, connection.protocol
        output.writeMessageBegin("noSuchMethod", TMessageType.CALL, 0)
        self._type(self._contract.called("greet"), "args")().write(output)
        output.writeMessageEnd()
        output.trans.flush()
        _, kind, _ = given.readMessageBegin()
        error = TApplicationException()
        if kind == TMessageType.EXCEPTION:
            error.read(given)
        else:
            given.skip(TType.STRUCT)
        given.readMessageEnd()
        return [kind, error.type], [TMessageType.EXCEPTION, TApplicationException.UNKNOWN_METHOD]

    def _deadline_passed(self):
        client = self._client()
        self._call(client, "greet")
        hurried = Connection(self._target, self._target.deadline)
        nonce = new_nonce()
        try:
            self._call(self._client(hurried), "linger", nonce, LINGER_WAIT_MS)
            raise RuntimeError("the call was answered, a time-out was due")
        except Exception as error:
            if not timed_out(error):
                raise
        finally:
            hurried.close()
        return self._aftermath(client, nonce)

    def _cancelled(self):
        client = self._client()
        abandoned = Connection(self._target)
        nonce = new_nonce()
        sender = self._client(abandoned)
        self._function(sender, "send_", "linger")(*self._contract.arguments(self._module, "linger", nonce, LINGER_WAIT_MS))
        self._poll(client, nonce, lambda seen: (self._contract.cancelled(seen)[0] or 0) > 0)
        abandoned.close()
        return self._aftermath(client, nonce)

    def _aftermath(self, client, nonce):
        """An abandoned call was started once, a provider that can see its caller go did so, a late answer reaches nobody else."""
        wanted = 1 if self._contract.sees_cancels else 0

        def counts(seen):
            started, cancelled = self._contract.cancelled(seen)
            return started or 0, cancelled or 0

        seen = counts(self._poll(client, nonce, lambda s: counts(s)[0] > 0 and counts(s)[1] >= wanted))
        fresh = Connection(self._target)
        following = new_nonce()
        stamped = self._contract.plain(self._call(self._client(fresh), "stamp", following))
        fresh.close()
        return [seen[0], seen[1] if wanted else 0, stamped], [1, wanted, ~following]

    def _in_flight_1000(self):
        own = Connection(self._target)
        client = self._client(own)
        base = new_nonce() & ~0xFFFF
        sent = right = 0
        for received in range(IN_FLIGHT_CALLS):
            while sent < IN_FLIGHT_CALLS and sent - received < PIPELINE_WINDOW:
                self._function(client, "send_", "stamp")(*self._contract.arguments(self._module, "stamp", base + sent))
                sent += 1
            right += self._contract.plain(self._function(client, "recv_", "stamp")()) == ~(base + received)
        own.close()
        return {"right": right}, {"right": IN_FLIGHT_CALLS}

    def _info(self, request, call):
        """call() with info headers, where the dialect has them; what came back with the answer."""
        header = self._connection().header
        for name, value in request.items() if header else ():
            header.set_header(name, value)
        answer = call(self._client())
        if header:
            header.clear_headers()
        return answer, {name: value for name, value in header.get_headers().items() if name.startswith(b"x-koine-")} if header else {}

    def _metadata_info(self):
        if self._connection().header is None:
            raise RuntimeError("this dialect has no info headers")
        encoded = {name.encode(): value.encode() for name, value in INFO_REQUEST.items()}
        answer, headers = self._info(encoded, lambda client: client.exchangeHeaders({}))
        return [answer, {name.decode(): value.decode() for name, value in headers.items()}], [{}, INFO_ANSWER]

    def _metadata_roundtrip(self):
        nonce = new_nonce()
        answer, headers = self._info(CALLER_ENTRIES, lambda client: self._call(client, "exchangeMetadata", nonce))
        hexes = [{name.decode(): value.hex() for name, value in sorted(entries.items())} for entries in (headers, ANSWER_ENTRIES)]
        return [answer.nonce, hexes[0]], [~nonce, hexes[1]]

    def _i8_out_of_range(self):
        answer = self._client().check_numbers(self._module.NumberSample(case_id="i8_out_of_range", tiny=128))
        return render(answer), "128, which no i8 can hold"

    def _uint64_beyond_i64(self):
        answer = self._client().checkNumbers(self._module.Numbers(case_id="uint64_beyond_i64", uint64_value=7))
        return render(answer), "2^64-1, which no Thrift type can hold"
