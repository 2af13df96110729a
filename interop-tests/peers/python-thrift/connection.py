"""Transports and protocols of a dialect (transport-encoding[-zlib][-mux]), and the names of errors."""
import socket

from thrift.protocol.TBinaryProtocol import TBinaryProtocol, TBinaryProtocolFactory
from thrift.protocol.TCompactProtocol import TCompactProtocol, TCompactProtocolFactory
from thrift.protocol.THeaderProtocol import THeaderProtocol
from thrift.protocol.TJSONProtocol import TJSONProtocol, TJSONProtocolFactory
from thrift.protocol.TMultiplexedProtocol import TMultiplexedProtocol
from thrift.Thrift import TApplicationException
from thrift.transport.THeaderTransport import THeaderClientType, THeaderSubprotocolID, THeaderTransformID
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TBufferedTransport, TBufferedTransportFactory, TFramedTransport, TFramedTransportFactory, TTransportException
from thrift.transport.TZlibTransport import TZlibTransport

ANSWER_LIMIT_MS = 60000  # bounds every call of a case that is not about time: nothing may hang

TRANSPORTS = {"framed": TFramedTransport, "unframed": TBufferedTransport}
ENCODINGS = {
    "binary": TBinaryProtocol,
    "lax": lambda transport: TBinaryProtocol(transport, strictRead=False, strictWrite=False),
    "compact": TCompactProtocol,
    "json": TJSONProtocol,
}
FACTORIES = {
    "framed": TFramedTransportFactory,
    "unframed": TBufferedTransportFactory,
    "binary": TBinaryProtocolFactory,
    "compact": TCompactProtocolFactory,
    "json": TJSONProtocolFactory,
}
SUBPROTOCOLS = {"binary": THeaderSubprotocolID.BINARY, "compact": THeaderSubprotocolID.COMPACT}


def factories(dialect):
    """What makes the transport and the protocol of a server's connection, framed or unframed."""
    return [FACTORIES[word]() for word in dialect.split("-")]


class Connection:
    """One TCP connection; `header` is the transport with the info headers, where the dialect has them."""

    def __init__(self, target, limit_ms=ANSWER_LIMIT_MS):
        host, port = target.target.rsplit(":", 1)
        transport, encoding, *extras = target.dialect.split("-")
        self._socket = TSocket(host, int(port))
        self._socket.setTimeout(ANSWER_LIMIT_MS)
        self.header = None
        if transport == "header":
            self.protocol = THeaderProtocol(self._socket, (THeaderClientType.HEADERS,), SUBPROTOCOLS[encoding])
            self.header = self.protocol.trans
            if "zlib" in extras:
                self.header.add_transform(THeaderTransformID.ZLIB)
        else:
            below = TZlibTransport(TBufferedTransport(self._socket)) if "zlib" in extras else self._socket
            self.protocol = ENCODINGS[encoding](TRANSPORTS[transport](below))
        self._socket.open()
        self._socket.setTimeout(limit_ms)
        self.output = TMultiplexedProtocol(self.protocol, {"own": "Interop", "derived": "InteropService", "java": "InteropService", "third": "Trials"}[target.contract]) if "mux" in extras else self.protocol

    def close(self):
        self._socket.close()


def timed_out(error):
    return isinstance(error, socket.timeout) or isinstance(error, TTransportException) and (
        error.type == TTransportException.TIMED_OUT or isinstance(error.inner, socket.timeout))


def describe(error):
    """Names an error the way the runner matches it."""
    if isinstance(error, TApplicationException):
        return f"TApplicationException({error.type}): {error.message}"
    if isinstance(error, TTransportException):
        return f"TTransportException({error.type}): {error}"
    if type(error).__name__ == "RpcStatus":  # the exception that derived methods declare
        return f"RpcStatus({error.code}): {error.message}"
    return f"{type(error).__name__}: {error}"
