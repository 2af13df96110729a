"""A way to a provider on which answers are cut off: requests arrive whole, of the answer to the first call half of its bytes."""
import contextlib
import socket
import threading

HTTP2_HEAD, HTTP2_DATA = 9, 0


def whole_answers(protocol, received):
    """How many of these bytes go on: all of them, or those up to the middle of an answer, where it all ends."""
    if protocol in ("thrift", "dubbo"):
        return len(received) // 2, bool(received)
    at = 0
    while len(received) >= at + HTTP2_HEAD:
        length = int.from_bytes(received[at:at + 3], "big")
        if received[at + 3] == HTTP2_DATA:
            return at + HTTP2_HEAD + length // 2, True
        if len(received) < at + HTTP2_HEAD + length:
            break
        at += HTTP2_HEAD + length
    return at, False


class Relay:
    """Listens on loopback; one thread a direction of a connection. `close` ends them all."""

    def __init__(self, protocol, port):
        self._protocol = protocol
        self._provider = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._sockets = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                provider = socket.create_connection(self._provider)
                self._sockets += [caller, provider]
                for pump in (self._requests, self._answers):
                    threading.Thread(target=pump, args=(caller, provider), daemon=True).start()

    def _requests(self, caller, provider):
        with contextlib.suppress(OSError):
            while data := caller.recv(65536):
                provider.sendall(data)
        end(provider)

    def _answers(self, caller, provider):
        kept = b""
        with contextlib.suppress(OSError):
            while data := provider.recv(65536):
                kept += data
                good, is_cut = whole_answers(self._protocol, kept)
                caller.sendall(kept[:good])
                kept = kept[good:]
                if is_cut:
                    break
        end(caller)
        end(provider)

    def close(self):
        for one in [self._listener, *self._sockets]:
            end(one)
            one.close()


def end(one):
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
