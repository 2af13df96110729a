"""The table of values that lib/samples.py wrote, and values as JSON-able data that is equal exactly when they are."""
import hashlib
import inspect
import json
import math
import sys

from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.Thrift import TType
from thrift.transport.TTransport import TMemoryBuffer

SHOWN_BYTES_MAX = 96  # longest text or bytes shown whole; longer ones become a head, the length and a hash

# Python's generated classes do not know which fields are optional, so those are named here ("*" is all of them); any
# other None is the empty or zero value.
OPTIONAL = {"Optionals": "*", "Choice": "*", "Presence": "*", "Selection": "*", "Customer": ("work",), "Node": ("following",),
            "Odds": "*", "GiftItem": "*", "MaybeSample": "*", "AnyValue": "*", "Article": ("hue",), "Person": ("work_place",), "Branch": ("next_branch",), "Receipt": ("total_cents",)}
CONTAINERS = (TType.LIST, TType.SET, TType.MAP)
UNORDERED = ("word_set",)  # lists that stand opposite sets
ZEROES = {TType.BOOL: False, TType.BYTE: 0, TType.I16: 0, TType.I32: 0, TType.I64: 0, TType.DOUBLE: 0.0, TType.LIST: [], TType.SET: [], TType.MAP: {}}


def table(path):
    """(case, method, request, answer) of each line; both values in the binary protocol, as hexadecimal."""
    with open(path, encoding="utf-8", newline="\n") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def parsed(kind, text):
    value = kind()
    value.read(TBinaryProtocol(TMemoryBuffer(bytes.fromhex(text))))
    return value


def named(module, name):
    """What was generated for a method: in the module of the service that declares it, or of one that it extends."""
    owners = [sys.modules[one.__module__] for one in module.Iface.__mro__]
    return next(getattr(owner, name) for owner in owners if hasattr(owner, name))


def parameters(module, method):
    """A method's arguments in the order of the IDL, which is that of its generated function."""
    return list(inspect.signature(getattr(module.Iface, method)).parameters)[1:]


def render(struct):
    """A generated struct as data: presence kept, sets and maps sorted, doubles with all their bits."""
    optional = OPTIONAL.get(type(struct).__name__, ())
    if type(struct).__module__ == "javas.ttypes":  # collections are no optional fields there, texts are
        optional = [spec[2] for spec in filter(None, struct.thrift_spec) if spec[1] not in CONTAINERS and (optional == "*" or spec[1] not in ZEROES)]
    fields = {}
    for spec in filter(None, struct.thrift_spec):
        _, kind, name, detail, _ = spec
        value = getattr(struct, name)
        if value is None and (name in optional or optional == "*" and name not in ("caseId", "case_id") or kind == TType.STRUCT):
            continue
        if value is None:
            value = ZEROES.get(kind, b"" if detail == "BINARY" else "")
        fields[name] = typed(TType.SET if name in UNORDERED else kind, detail, value)
    return fields


def typed(kind, detail, value):
    if kind == TType.STRUCT:
        return render(value)
    if kind in (TType.LIST, TType.SET):
        items = [typed(detail[0], detail[1], item) for item in value]
        items = sorted(items, key=text) if kind == TType.SET else items
        whole = text(items)
        return items if len(whole) <= 4096 else shorten(whole, whole.encode()) + f" of {len(items)} elements"
    if kind == TType.MAP:
        return {str(key): typed(detail[2], detail[3], item) for key, item in value.items()}
    if kind == TType.DOUBLE:
        special = math.isnan(value) or math.isinf(value) or (value == 0 and math.copysign(1, value) < 0)
        return str(value) if special else value
    if isinstance(value, bytes):
        return "hex:" + shorten(value.hex(), value)
    return shorten(value, value.encode()) if isinstance(value, str) else value


def shorten(shown, whole):
    if len(whole) <= SHOWN_BYTES_MAX:
        return shown
    return f"{shown[:24]}… ({len(whole)} bytes, sha256 {hashlib.sha256(whole).hexdigest()[:16]})"


def text(rendered):
    return json.dumps(rendered, ensure_ascii=False, sort_keys=True)
