#!/usr/bin/env python3
"""Writes the values of the Java contract for callers of Thrift and gRPC, who have the IDL that Koine derives from it.

    java_samples.py thrift CASES JAVA IDL.json    IDL.json is what `thrift --gen json` prints of the derived .thrift
    java_samples.py proto  CASES JAVA IDL.proto   the derived .proto; JAVA is the folder of the contract's sources

One line a case on standard output, its columns separated by tabs. Thrift: as samples.py has it. Proto: name, method, request,
answer, the last two as messages in hexadecimal; of a case that ends in a declared exception the answer is the exception, and its
full name and its text, in hexadecimal, are two more columns. Fields that a class begins with (an empty list) are in every value of it.
"""
import json
import pathlib
import re
import struct
import sys

import yaml

import samples

NANOS = 10**9
# Methods that several of the interface's have the name of, by their parameters.
OVERLOADS = {"int": "label", "long": "labelByLong", "Integer": "labelByInteger", "String": "labelByString", "Item": "labelByItem",
             "Item,int": "labelByItemInt"}
MARKED = ("$linked", "$asList", "$set", "$treeSet", "$tree", "$ordered")  # collections of a class, which no IDL can say
INITIAL = re.compile(r"private (?:(List|Map|Set)<.*> (\w+) = new|(char) (\w+);)")


def initial_fields(folder):
    """class -> {field: what it begins with}, where that is neither null nor a number's zero."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*.java")):
        for kind, collection, char, letter in INITIAL.findall(path.read_text(encoding="utf-8")):
            found.setdefault(path.stem, {})[collection or letter] = "\0" if char else {} if kind == "Map" else []
    return found


def plain(value, named):
    """Without what only Java can say of a value. KeyError: it is nothing else, lies in itself or has null in a list."""
    if isinstance(value, list):
        if None in value:
            raise KeyError("a list with null in it")
        return [plain(item, named) for item in value]
    if not isinstance(value, dict):
        return value
    marker = next(iter(value), "")
    if marker in MARKED:
        return plain(value[marker], named)
    if marker == "$same":
        return named[value[marker]]
    made = {key: plain(item, named) for key, item in value.items() if key != "$as"}
    if marker == "$as":
        named[value[marker]] = made
    return made


def cases_of(document):
    """(name, method, request, answer or None, error or None) of every case that is one call; what is None in them is null."""
    for case in document:
        entry = case.get("java")
        if entry is None or "request" not in entry or {"group", "version"} & set(entry) or "$nonce" in json.dumps(entry, default=str):
            continue
        if "$is" in json.dumps(entry, default=str) or "then" in entry:
            continue
        entry = samples.expand(entry)
        parts = [samples.chain(entry.get(part), *samples.CHAINS["java"], prefix, sign) for part, prefix, sign in (("request", "n", 1), ("answer", "a", -1))]
        error = entry.get("error")
        if "answer" not in entry and (not isinstance(error, dict) or case["name"].startswith("undeclared_")):
            continue
        method = OVERLOADS[",".join(entry["parameters"])] if "parameters" in entry else entry["method"]
        try:
            request, answer = plain(parts[0], {}), plain(parts[1], {})
        except KeyError:
            continue
        yield case["name"], method, request, answer, error


def nanos(text):
    """An instant since 1970, or a duration."""
    if text.endswith("s"):
        whole, _, rest = text[:-1].lstrip("-").partition(".")
        size = int(whole) * NANOS + int(rest.ljust(9, "0") or 0)
        return -size if text.startswith("-") else size
    whole, _, rest = text.rstrip("Z").partition(".")
    since = samples.Idl.moment("Timestamp", whole + "Z")
    return since["seconds"] * NANOS + int(rest.ljust(9, "0") or 0)


def seconds(kind, text):
    """An instant's nanoseconds count forward, a duration's have its sign."""
    size = nanos(text)
    if kind == "Timestamp" or size >= 0:
        return {"seconds": size // NANOS, "nanos": size % NANOS}
    return {"seconds": -(-size // NANOS), "nanos": -(-size % NANOS)}


class Idl(samples.Idl):
    """The derived .thrift."""

    def __init__(self, document, initial):
        super().__init__(document)
        self._initial = initial
        self._of_struct = {id(fields): name for name, fields in self.structs.items()}

    def number(self, value):
        is_time = isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value)
        return nanos(value) // 10**6 if is_time else super().number(value)

    @staticmethod
    def moment(kind, text):
        return seconds(kind, text)

    def value(self, kind, value):
        # BigDecimal and BigInteger are texts, and so are dates without a time.
        return super().value(kind, str(value) if kind["typeId"] == "string" and not isinstance(value, bytes) else value)

    def struct(self, fields, value):
        name = self._of_struct.get(id(fields), "")
        known = {field["name"].rstrip("_"): field for field in fields}
        begins = self._initial.get("Page" if name.startswith("PageOf") else name, {})
        if isinstance(value.get("share"), float):  # the only float: a double that is one
            value = {**value, "share": struct.unpack("<f", struct.pack("<f", value["share"]))[0]}
        value = {known[key]["name"]: held for key, held in {**begins, **value}.items() if held is not None}
        return super().struct(fields, value)


def thrift_lines(cases, idl):
    for name, method, request, answer, error in cases:
        function = idl.functions.get(method)
        if function is None:
            continue
        arguments = function["arguments"]
        if len(arguments) == 1 and arguments[0]["typeId"] == "struct" and set(request) != {arguments[0]["name"]}:
            request = {arguments[0]["name"]: idl.named(arguments[0]["type"], request, name)}
        returned = {"typeId": function["returnTypeId"]} | function.get("returnType", {})
        success = {"key": 0, "name": "success", "typeId": returned["typeId"], "type": returned}
        result = {}
        if error is not None:
            thrown = next(e for e in function["exceptions"] if e["type"]["class"] == error["exception"].rsplit(".")[-1])
            result = {thrown["name"]: {"message": error["message"], **error["fields"]}}
        elif answer is not None:
            result = {"success": idl.named(returned, answer, name + ".answer")}
        try:
            yield name, method, idl.struct(arguments, request).hex(), idl.struct([success] + function["exceptions"], result).hex()
        except KeyError:
            continue  # a field that the distribution's compiler does not read (uuid)


# ------------------------------------------------------------------- proto

SCALARS = {"bool": 0, "int32": 0, "int64": 0, "double": 1, "float": 5, "string": 2, "bytes": 2}
FIELD = re.compile(r"^\s*(optional |repeated |)(map<(\w+), ([\w.]+)>|[\w.]+) (\w+) = (\d+)[ ;]", re.MULTILINE)


class Proto:
    """The messages of the derived .proto, as far as they are written here, and their bytes."""

    def __init__(self, text, initial):
        self._initial = initial
        self.package = re.search(r"^package (\S+);", text, re.MULTILINE).group(1)
        self._enums = {name: {value: int(number) for value, number in re.findall(r"^\s+(\w+) = (\d+)", body, re.MULTILINE)}
                       for name, body in re.findall(r"^enum (\w+) \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)}
        self._messages = {name: {field.rstrip("_"): (label.strip(), key, value or kind, int(number))
                                 for label, kind, key, value, field, number in FIELD.findall(body)}
                          for name, body in re.findall(r"^message (\w+) \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)}
        self.methods = {name: (request.rsplit(".")[-1], response.rsplit(".")[-1])
                        for name, request, response in re.findall(r"rpc (\w+)\(([\w.]+)\) returns \(([\w.]+)\)", text)}

    def has(self, message, field):
        return field in self._messages[message]

    def _wire(self, kind):
        return 0 if kind in self._enums else SCALARS.get(kind, 2)

    def _value(self, kind, value):
        if kind in self._enums:
            return samples.varint(next(number for name, number in self._enums[kind].items() if name.endswith("_" + value)))
        if kind in ("bool", "int32", "int64"):
            is_time = isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value)
            return samples.varint(nanos(value) // 10**6 if is_time else self._key(value) if isinstance(value, str) else int(value))
        if kind in ("double", "float"):
            return struct.pack("<d" if kind == "double" else "<f", float(value))
        if kind in ("string", "bytes"):
            data = value if isinstance(value, bytes) else str(value).encode()
        elif kind.startswith("google."):
            parts = seconds(kind.rsplit(".")[-1], value)
            data = b"".join(bytes([place << 3]) + samples.varint(parts[name]) for place, name in ((1, "seconds"), (2, "nanos")) if parts[name])
        elif self._is_wrapper(kind):
            data = self.message(kind, {"value": value})
        else:
            data = self.message(kind, value)
        return samples.varint(len(data)) + data

    def _key(self, text):
        """An enum's value, where a map's key is its number."""
        return next((number for values in self._enums.values() for name, number in values.items() if name.endswith("_" + text)), None)

    def _is_wrapper(self, kind):
        return re.match(r"(List|Map)Of", kind) is not None

    def message(self, name, value):
        fields = self._messages[name]
        value = {**self._initial.get("Page" if name.startswith("PageOf") else name, {}), **value}
        return b"".join(self._field(*fields[key], held) for key, held in value.items() if held is not None)

    def _field(self, label, key, kind, number, value):
        head = samples.varint(number << 3 | self._wire(kind))
        if key:
            entries = [b"\x0a" if key == "string" else b"\x08", samples.varint(2 << 3 | self._wire(kind))]
            made = [entries[0] + self._value(key, name) + entries[1] + self._value(kind, held) for name, held in value.items()]
            return b"".join(samples.varint(number << 3 | 2) + samples.varint(len(one)) + one for one in made)
        if label == "repeated":
            return b"".join(head + self._value(kind, item) for item in value)
        written = self._value(kind, value)
        # A zero of a field without presence is not written.
        return b"" if not label and not any(written) and self._wire(kind) != 2 or not label and written == b"\0" and kind == "string" else head + written


def proto_lines(cases, proto):
    def message(name, value, case):
        return proto.message(name, {"caseId": case, **value} if proto.has(name, "caseId") and "caseId" not in value else value)

    for name, method, request, answer, error in cases:
        method = method[0].upper() + method[1:]
        if method not in proto.methods:
            continue
        asked, answered = proto.methods[method]
        # One argument that is a message is the request.
        if len(request) == 1 and not proto.has(asked, next(iter(request))):
            request = next(iter(request.values()))
        columns = [name, method, message(asked, request, name).hex()]
        if error is not None:
            kind = error["exception"].rsplit(".")[-1]
            fields = {"message": error["message"], **error["fields"]}
            yield *columns, proto.message(kind, fields).hex(), f"{proto.package}.{kind}", error["message"].encode().hex()
        else:
            answer = {} if answer is None else answer if isinstance(answer, dict) and not proto.has(answered, "value") else {"value": answer}
            yield *columns, message(answered, answer, name + ".answer").hex()


def main(arguments):
    language, cases, java, path = arguments
    with open(cases, encoding="utf-8") as file:
        found = cases_of(yaml.safe_load(file)["cases"])
    with open(path, encoding="utf-8") as file:
        text = file.read()
    initial = initial_fields(java)
    lines = thrift_lines(found, Idl(json.loads(text), initial)) if language == "thrift" else proto_lines(found, Proto(text, initial))
    for line in lines:
        print("\t".join(line))


if __name__ == "__main__":
    main(sys.argv[1:])
