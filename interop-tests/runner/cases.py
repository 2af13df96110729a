"""The cases of contract/cases.yaml."""
import dataclasses
import fnmatch
import pathlib

import yaml

CONTRACT = pathlib.Path(__file__).resolve().parent.parent / "contract"


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    kinds: tuple
    contracts: dict  # protocol -> {method, request, answer, …} as written
    clients: tuple  # protocols of the clients that have it; empty for all
    # info_headers: both sides are Thrift with headers. uuid: both sides know newer.thrift; uuid_containers: and their
    # libraries can read lists and maps of them, which Java's cannot. connections: the provider serves two callers at
    # once. gateway: two connections of the caller, which a provider with one at a time needs a gateway for.
    needs: tuple
    # Protocols of the clients that have it in independent mode, where both sides keep to their own IDL: those whose
    # values, and the provider's, are the same in both. cases.yaml says why where it is not both.
    independent: tuple = ("thrift", "grpc")

    def exists_for(self, client, server, mode):
        """A cell's cases are those of the provider's contract."""
        if CONTRACT_OF[server.protocol] not in self.contracts:
            return False
        if self.clients and client.protocol not in self.clients:
            return False
        if mode == "independent" and (CONTRACT_OF[client.protocol] not in self.contracts or client.protocol not in self.independent):
            return False
        if "info_headers" in self.needs and (client.protocol, client.transport, server.transport) != ("thrift", "header", "header"):
            return False
        newer = {"uuid", "uuid_containers"} & set(self.needs)
        if newer and not (client.knows_uuid and server.knows_uuid):
            return False
        if (client.only_newer or server.only_newer) and (not newer or "uuid_containers" in newer):
            return False
        if server.one_connection and "connections" in self.needs:
            return False
        if server.one_connection and mode == "direct" and "gateway" in self.needs:
            return False
        return mode != "direct" or client.protocol == server.protocol


# protocol of a provider -> key of its contract in cases.yaml
CONTRACT_OF = {"thrift": "thrift", "grpc": "proto", "dubbo": "java"}


def load(path=CONTRACT / "cases.yaml"):
    with open(path, encoding="utf-8") as file:
        document = yaml.safe_load(file)
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
        independent = tuple(entry.get("independent", ("thrift", "grpc")))
        cases.append(Case(name, tuple(entry["kinds"]), contracts, tuple(entry.get("clients", ())), tuple(entry.get("needs", ())), independent))
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
