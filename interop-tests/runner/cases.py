"""The cases of contract/cases.yaml, and what third.yaml adds to them."""
import dataclasses
import fnmatch
import pathlib

import yaml

from .coordinates import CONTRACT_OF

CONTRACT = pathlib.Path(__file__).resolve().parent.parent / "contract"

# Cases of which the Java team says something else than the others, whoever calls: other fields, -0.0, attachments that carry more, times that are
# null and not 0; the maps of the others are not all there.
APART_FROM_JAVA = ("scalars_max", "scalars_min", "decimal", "doubles_special", "maps_*", "metadata_roundtrip")
# What is null there, in fields that a case is not about, is empty where the other side's fields always are there; and what is empty there is absent
# where they are not (Python's leaves have no children).
APART_WHERE_ALL_IS_THERE = ("text_*", "bytes_*", "body_1mib")
APART_WHERE_NOT_ALL_IS_THERE = ("lists_empty", "lists_long", "sets_empty", "recursive_*")
# (party of the client, of the provider) -> what else: protobuf's author has other fields, and a oneof where Java has a class of nullable fields; texts and
# items that are null; methods of the third author's that have no counterpart; an exception's text, its code, and the class of one that nobody declares; a
# caller that went is not seen.
APART_BETWEEN = {
    ("java", "thrift"): ("declared_exception_a", "undeclared_failure"),
    ("java", "third"): (*APART_WHERE_ALL_IS_THERE, "optional_zero", "undeclared_failure"),
    ("third", "java"): APART_WHERE_ALL_IS_THERE,
    ("java", "grpc"): ("scalars_*", "nested", "nested_home", "optional_zero", "optional_empty", "union_*", "undeclared_failure"),
    ("grpc", "java"): ("scalars_*", "nested", "optional_empty", "union_*", "declared_exception_*", "deadline_passed"),
}

# Cases of methods that no schema has, so that they are for providers in front of whom Koine passes all on: those with types that are known
# at run time only, services of another group.
APART_FROM_SCHEMAS = ("object_*", "group_version", "echo", "no_such_method")

# Cases of the Java contract that no IDL derived from it can say: types known at run time only (an object of a subclass too), a value inside
# itself, null in a list or as an Integer that is an argument; exceptions that no method declares, whose text has another case; other groups
# and versions, generic calls, attachments that are no texts. (Those that are texts have cases with Dubbo's consumers, and in the other contracts.)
APART_FROM_DERIVED = (
    "object_*", "subclass", "cycle", "null_elements", "overload_boxed_null", "undeclared_api", "undeclared_foreign", "group_version", "wrong_*",
    "echo", "generic_call", "generic_exception", "attachments_objects", "metadata_roundtrip",
)
# Those with a collection in them that is null, and not empty: not for clients whose collections always are there.
NULL_COLLECTIONS = (
    "optional_unset", "optional_to_unset", "optional_zero", "optional_empty", "optional_set", "union_[!l]*", "boxed_small", "boxed_char", "java_uuid",
    "bigint", "null_containers",
)


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    kinds: tuple
    contracts: dict  # thrift, proto or third -> {method, request, answer, …} as written
    clients: tuple  # protocols of the clients that have it; empty for all
    # info_headers: both sides are Thrift with headers. uuid: both sides know newer.thrift; uuid_containers: and their
    # libraries can read lists and maps of them, which Java's cannot. connections: the provider serves two callers at
    # once. gateway: two connections of the caller, which a provider with one at a time needs a gateway for. The rest are
    # what LACKS of coordinates.py names.
    needs: tuple
    # Protocols of the clients that have it in independent mode, where both sides keep to their own IDL: those whose
    # values, and the provider's, are the same in both. cases.yaml says why where it is not both.
    independent: tuple = ("thrift", "grpc")
    # The same where the third author's IDL is on one side: whose providers its clients call, whose clients call its provider.
    third_to: tuple = ("thrift", "grpc")
    third_from: tuple = ("thrift", "grpc")

    def exists_for(self, client, server, mode):
        """A cell's cases are those of the provider's contract."""
        if CONTRACT_OF[server.party] not in self.contracts:
            return False
        if mode == "independent" and (CONTRACT_OF[client.party] not in self.contracts or not self._means_the_same(client, server)):
            return False
        if self.clients and client.party not in self.clients + (("third",) if mode == "independent" else ()):
            return False
        if "info_headers" in self.needs and (client.protocol, client.transport, server.transport) != ("thrift", "header", "header"):
            return False
        newer = {"uuid", "uuid_containers"} & set(self.needs)
        if newer and not (client.knows_uuid and server.knows_uuid):
            return False
        if (client.only_newer or server.only_newer) and (not newer or "uuid_containers" in newer):
            return False
        needs = set(self.needs)
        for party in {server.party, client.party if mode == "independent" else server.party}:
            needs |= set(self.contracts[CONTRACT_OF[party]].get("needs", ()))
        if (client.lacks_as_client | server.lacks_as_server) & needs:
            return False
        if mode == "derived" and server.party == "java" and client.native != "java" and self._is_apart(client):
            return False
        if server.one_connection and "connections" in self.needs:
            return False
        if mode == "direct" and ("gateway" in self.needs and server.one_connection or client.lacks_directly(server) & needs):
            return False
        return mode != "direct" or client.protocol == server.protocol

    def _is_apart(self, client):
        """Whether what is derived from the Java contract cannot say it, or this client's types cannot."""
        apart = APART_FROM_DERIVED + (NULL_COLLECTIONS if client.collections_are_there else ())
        return any(fnmatch.fnmatchcase(self.name, one) for one in apart)

    def _means_the_same(self, client, server):
        """Whether both authors' values of the case are the same, seen from this client."""
        if client.party == server.party == "java":
            return not any(fnmatch.fnmatchcase(self.name, apart) for apart in APART_FROM_SCHEMAS)
        if "java" in (client.party, server.party):
            other = server if client.party == "java" else client
            apart = APART_FROM_JAVA + APART_BETWEEN.get((client.party, server.party), ())
            apart += APART_WHERE_ALL_IS_THERE if other.collections_are_there else APART_WHERE_NOT_ALL_IS_THERE
            return not any(fnmatch.fnmatchcase(self.name, one) for one in apart)
        if client.is_third:
            return server.party in self.third_to
        if server.is_third:
            return client.party in self.third_from
        return client.party in self.independent


def _thirds(path):
    """What the third author says of each case, by its name."""
    with open(path, encoding="utf-8") as file:
        entries = yaml.safe_load(file)["cases"]
    thirds = {entry["name"]: entry for entry in entries}
    if len(thirds) != len(entries):
        raise ValueError(f"{path}: a case is there twice")
    return thirds


def load(path=CONTRACT / "cases.yaml", third=CONTRACT / "third.yaml"):
    with open(path, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    thirds = _thirds(third)
    cases, names = [], set()
    for entry in document["cases"]:
        contracts = {key: entry[key] for key in CONTRACT_OF.values() if key in entry}
        name = entry["name"]
        if name in names:
            raise ValueError(f"{path}: case {name!r} is there twice")
        if not contracts:
            raise ValueError(f"{path}: case {name!r} is in no contract")
        if not entry.get("kinds"):
            raise ValueError(f"{path}: case {name!r} names no kinds")
        names.add(name)
        other = thirds.pop(name, {})
        contracts |= {"third": other["third"]} if other else {}
        both = ("thrift", "grpc")
        parties = (tuple(entry.get("independent", both)), tuple(other.get("to", both)), tuple(other.get("from", both)))
        cases.append(Case(name, tuple(entry["kinds"]), contracts, tuple(entry.get("clients", ())), tuple(entry.get("needs", ())), *parties))
    if thirds:
        raise ValueError(f"{third}: there is no case {next(iter(thirds))!r}")
    return cases


def choose(cases, patterns):
    """Those named by one of the patterns (a name, a glob, or a group such as `unions` for union_*)."""
    if not patterns:
        return list(cases)
    chosen = set()
    for pattern in patterns:
        found = {c.name for c in cases if c.name == pattern or fnmatch.fnmatchcase(c.name, pattern)}
        found = found or {c.name for c in cases if c.name.startswith(pattern.removesuffix("s"))}
        if not found:
            raise ValueError(f"no case matches {pattern!r}; contract/cases.yaml names them")
        chosen |= found
    return [c for c in cases if c.name in chosen]
