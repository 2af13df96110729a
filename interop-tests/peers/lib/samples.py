#!/usr/bin/env python3
"""Writes the values of contract/cases.yaml for peers whose language can read a value from text.

    samples.py thrift CASES IDL.json    IDL.json is what `thrift --gen json` prints of the .thrift file; of third.thrift,
                                        CASES is third.yaml
    samples.py proto  CASES [derived]   derived: the Thrift contract's cases, for the .proto that Koine derives
    samples.py java   CASES [thrift|proto PROTO]   without more, the Java contract's; else another contract's, for the Java that Koine derives;
                                        PROTO has the numbers of its enum's values

One line a case on standard output: name, method, request, answer, separated by tabs. For Thrift the request is the
method's whole arguments struct and the answer its whole result struct (a declared exception is one of its fields),
both in the binary protocol, as hexadecimal. For proto they are JSON objects whose keys are those of cases.yaml
and whose scalars are all strings; {"$bytes": hex} are bytes. Cases that no pair of values describes are left out. For Java a line
is the name and the case's whole entry in that notation, of all cases; derived from proto, methods begin with a small letter and errors are RpcStatus.
"""
import datetime
import json
import re
import struct
import sys

import yaml

# The derived Thrift methods declare one exception; its details are serialized google.protobuf.Any messages.
ANY_PREFIX = "type.googleapis.com/koine.interop.v1."
STATUS_CODES = {"UNKNOWN": 2, "NOT_FOUND": 5, "RESOURCE_EXHAUSTED": 8}


def expand(value):
    """The notation of cases.yaml, as plain values; bytes become bytes."""
    if isinstance(value, dict):
        if "$repeat" in value:
            return value["$repeat"][0] * value["$repeat"][1]
        if "$bytes" in value:
            count, step, start = value["$bytes"]
            return bytes((i * step + start) % 256 for i in range(count))
        if "$hex" in value:
            return bytes.fromhex(value["$hex"])
        return {key: expand(item) for key, item in value.items()}
    if isinstance(value, list):
        return [expand(item) for item in value]
    if value == "2000 numbers, i*i":
        return [i * i for i in range(2000)]
    if value == "2000 numbers, -i*3":
        return [-i * 3 for i in range(2000)]
    return value


def chain(value, name, following, prefix, sign):
    """`{following: "chain of 24"}` stands for the first of 24 nodes."""
    if not (isinstance(value, dict) and isinstance(value.get(following), str)):
        return value
    node = None
    for i in reversed(range(int(re.fullmatch(r"chain of (\d+)", value[following]).group(1)))):
        node = {name: f"{prefix}{i}", "weight": sign * i} | ({following: node} if node else {})
    return node


# contract -> what a node calls its name and the node behind it
CHAINS = {"thrift": ("name", "following"), "proto": ("label", "tail"), "third": ("title", "next_branch"), "java": ("name", "next")}


def samples(cases, contract):
    """(case, method, request, answer or None, error or None) of every case that values describe."""
    name, following = CHAINS[contract]
    for case in cases:
        entry = case.get(contract)
        if entry is None or "$nonce" in json.dumps(entry, default=str) or "request_info" in entry:
            continue
        request = chain(expand(entry["request"]), name, following, "n", 1)
        if "answer" in entry:
            yield case["name"], entry["method"], request, chain(expand(entry["answer"]), name, following, "a", -1), None
        elif "error" in entry and ("exception" in entry["error"] or "detail" in entry["error"]):
            yield case["name"], entry["method"], request, None, expand(entry["error"])


# ------------------------------------------------------------------ Thrift

class Idl:
    """The types of `thrift --gen json`, and values of them in the binary protocol."""

    CODES = {"bool": 2, "byte": 3, "i8": 3, "double": 4, "i16": 6, "i32": 8, "i64": 10, "string": 11, "binary": 11,
             "struct": 12, "union": 12, "exception": 12, "map": 13, "set": 14, "list": 15}
    PLAIN = {"byte": ">b", "i8": ">b", "i16": ">h", "i32": ">i", "i64": ">q"}

    def __init__(self, document):
        self.structs = {struct["name"]: struct["fields"] for struct in document["structs"]}
        self.enums = {member["name"]: member["value"] for enum in document["enums"] for member in enum["members"]}
        self.functions = {function["name"]: function for service in document["services"] for function in service["functions"]}

    def enum_number(self, text):
        """RED, however the IDL spells it: Koine's derived values carry their type's name."""
        return next(number for name, number in self.enums.items() if name == text or name.endswith("_" + text))

    def number(self, value):
        return self.enum_number(value) if isinstance(value, str) and not re.fullmatch(r"-?\d+", value) else int(value)

    def value(self, kind, value):
        """kind: {"typeId": …, and of containers and structs the rest}."""
        code = kind["typeId"]
        if code == "bool":
            return b"\1" if value else b"\0"
        if code in self.PLAIN:
            return struct.pack(self.PLAIN[code], self.number(value))
        if code == "double":
            return struct.pack(">d", float(value))
        if code in ("string", "binary"):
            data = value if isinstance(value, bytes) else value.encode()
            return struct.pack(">i", len(data)) + data
        if code in ("list", "set"):
            element = kind.get("elemType") or {"typeId": kind["elemTypeId"]}
            return struct.pack(">bi", self.CODES[element["typeId"]], len(value)) + b"".join(self.value(element, item) for item in value)
        if code == "map":
            return self.map(kind, value)
        if kind["class"] in ("Timestamp", "Duration") and isinstance(value, str):
            value = self.moment(kind["class"], value)
        return self.struct(self.structs[kind["class"]], value)

    def map(self, kind, value):
        key = kind.get("keyType") or {"typeId": kind["keyTypeId"]}
        item = kind.get("valueType") or {"typeId": kind["valueTypeId"]}
        head = struct.pack(">bbi", self.CODES[key["typeId"]], self.CODES[item["typeId"]], len(value))
        return head + b"".join(self.value(key, name) + self.value(item, held) for name, held in value.items())

    def struct(self, fields, value):
        known = {field["name"]: field for field in fields}
        parts = b""
        for name, held in value.items():
            field = known[name]
            kind = field.get("type") or {"typeId": field["typeId"]}
            parts += struct.pack(">bh", self.CODES[kind["typeId"]], field["key"]) + self.value(kind, held)
        return parts + b"\0"

    @staticmethod
    def moment(kind, text):
        """What an instant or a duration is in the derived Thrift: whole seconds and the rest."""
        if kind == "Timestamp":
            when = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
            since = when - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
            return {"seconds": since.days * 86400 + since.seconds, "nanos": since.microseconds * 1000}
        millis = round(float(text.removesuffix("s")) * 1000)
        sign = -1 if millis < 0 else 1
        return {"seconds": sign * (abs(millis) // 1000), "nanos": sign * (abs(millis) % 1000) * 1000000}

    def named(self, kind, value, name):
        """The value with the case's name where its type has a place for it."""
        place = next((f["name"] for f in self.structs.get(kind.get("class"), []) if f["name"] in ("caseId", "case_id")), None)
        return {place: name, **value} if place else value


def any_message(detail, fields, idl):
    """The two messages that contract.proto's failures carry, serialized by hand into google.protobuf.Any."""
    if detail == "MissingResource":  # 1: string resource, 2: int64 id
        body = tagged(1, fields["resource"].encode()) + b"\x10" + varint(fields["id"])
    else:  # QuotaExceeded: 1: int32 limit, 2: LineItem {1: sku, 2: color, 5: quantity, 6: price_cents}
        item = fields["item"]
        line = tagged(1, item["sku"].encode()) + b"\x10" + varint(idl.enum_number(item["color"])) + b"\x28" + varint(item["quantity"])
        body = b"\x08" + varint(fields["limit"]) + tagged(2, line + b"\x30" + varint(item["price_cents"]))
    return tagged(1, (ANY_PREFIX + detail).encode()) + tagged(2, body)


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])


def tagged(field, data):
    return bytes([field << 3 | 2]) + varint(len(data)) + data


def thrift_lines(cases, idl):
    contract = next((author for author, method in (("thrift", "scalars"), ("third", "coat_it")) if method in idl.functions), "proto")
    for name, method, request, answer, error in samples(cases, contract):
        function = idl.functions.get(method[0].lower() + method[1:])
        if function is None or name in ("i8_out_of_range", "no_such_method", "uint64_beyond_i64"):
            continue
        arguments = function["arguments"]
        if len(arguments) == 1 and arguments[0]["typeId"] in ("struct", "union"):
            request = {arguments[0]["name"]: idl.named(arguments[0]["type"], request, name)}
        returned = {"typeId": function["returnTypeId"]} | function.get("returnType", {})
        success = {"key": 0, "name": "success", "typeId": returned["typeId"], "type": returned}
        if error is None:
            result = {"success": idl.named(returned, answer, name + ".answer") if method.lower() != "fail" else answer}
        elif contract != "proto":
            thrown = next(e for e in function["exceptions"] if e["type"]["class"] == error["exception"])
            result = {thrown["name"]: error["fields"]}
        else:
            result = {"status": {"code": STATUS_CODES[error["code"]], "message": error["message"],
                                 "details": [any_message(error["detail"], error["fields"], idl)]}}
        yield name, function["name"], idl.struct(arguments, request).hex(), idl.struct([success] + function["exceptions"], result).hex()


# ------------------------------------------------------------------- proto

def plain(value):
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, str) else repr(value)


def proto_lines(cases, derived):
    for name, method, request, answer, error in samples(cases, "thrift" if derived else "proto"):
        if error is None and not isinstance(answer, dict) or method == "exchangeHeaders":
            answer = {"value": answer}  # a derived method wraps what is no message
        end = answer if error is None else {"error": error}
        yield name, method[0].upper() + method[1:], json.dumps(plain(request), ensure_ascii=False), json.dumps(plain(end), ensure_ascii=False)


def java_lines(cases, contract, enums):
    for case in cases:
        if contract not in case:
            continue
        entry = expand(case[contract])
        for part, prefix, sign in (("request", "n", 1), ("answer", "a", -1)):
            if part in entry:
                entry[part] = chain(entry[part], *CHAINS[contract], prefix, sign)
        if contract == "proto":
            entry["method"] = entry["method"][0].lower() + entry["method"][1:]
            if "detail" in entry.get("error", {}):
                error = entry["error"]
                details = [any_message(error["detail"], error["fields"], enums)]
                entry["error"] = {"exception": "RpcStatus", "fields": {"message": error["message"], "code": STATUS_CODES[error["code"]], "details": details}}
            elif "message" in entry.get("error", {}):
                entry["error"] = {"exception": "RpcStatus", "fields": {"message": entry["error"]["message"], "code": STATUS_CODES[entry["error"]["code"]]}}
        elif contract == "thrift" and case["name"].startswith("metadata_"):
            entry["request_attachments"] = entry["request"]["headers"] or entry.get("request_info", {})
            entry["answer_attachments"] = entry.pop("answer") or entry.get("answer_info", {})
        yield case["name"], json.dumps(plain(entry), ensure_ascii=False)


class ProtoEnums:
    """The numbers of contract.proto's enum, which any_message writes."""

    def __init__(self, text):
        self._numbers = {name: int(number) for name, number in re.findall(r"COLOR_(\w+) = (\d+);", text)}

    def enum_number(self, text):
        return self._numbers[text]


def main(arguments):
    with open(arguments[1], encoding="utf-8") as file:
        cases = yaml.safe_load(file)["cases"]
    if arguments[0] == "thrift":
        with open(arguments[2], encoding="utf-8") as file:
            lines = thrift_lines(cases, Idl(json.load(file)))
    elif arguments[0] == "java":
        contract = arguments[2] if len(arguments) > 2 else "java"
        enums = None
        if contract == "proto":
            with open(arguments[3], encoding="utf-8") as file:
                enums = ProtoEnums(file.read())
        lines = java_lines(cases, contract, enums)
    else:
        lines = proto_lines(cases, "derived" in arguments[2:])
    for line in lines:
        print("\t".join(line))


if __name__ == "__main__":
    main(sys.argv[1:])
