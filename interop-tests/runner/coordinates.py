"""Who calls and who answers: coordinates are language-protocol[-dialect], cells are pairs of them and a case."""
import dataclasses
import fnmatch

LANGUAGES = ("java", "go", "php")
THRIFT_DIALECTS = ("framed-binary", "framed-compact")


@dataclasses.dataclass(frozen=True)
class Coordinate:
    language: str
    protocol: str  # thrift | grpc
    dialect: str = ""  # Thrift only

    @property
    def name(self):
        return "-".join(part for part in (self.language, self.protocol, self.dialect) if part)

    @property
    def peer(self):
        """The folder under peers/ that holds its program."""
        return f"{self.language}-{self.protocol}"


@dataclasses.dataclass(frozen=True)
class Cell:
    client: Coordinate
    server: Coordinate
    case: str
    mode: str  # derived | direct

    @property
    def contract(self):
        """Which flavour the client calls with: its protocol's own IDL, or the one derived from the provider's."""
        return "own" if self.client.protocol == self.server.protocol else "derived"

    @property
    def pair(self):
        return (self.client.name, self.server.name)

    @property
    def name(self):
        way = "→" if self.mode == "direct" else "→ koine →"
        return f"{self.client.name} {way} {self.server.name} / {self.case} / {self.mode}"

    @property
    def command(self):
        """What repeats exactly this cell."""
        mode = "--direct" if self.mode == "direct" else f"--mode {self.mode}"
        return f"interop-tests/run --client {self.client.name} --server {self.server.name} --case {self.case} {mode}"


def _thrift():
    return [Coordinate(language, "thrift", dialect) for language in LANGUAGES for dialect in THRIFT_DIALECTS]


def clients():
    return _thrift() + [Coordinate(language, "grpc") for language in LANGUAGES]


def servers():
    """There is no gRPC server for PHP to install."""
    return _thrift() + [Coordinate(language, "grpc") for language in LANGUAGES if language != "php"]


def choose(coordinates, patterns):
    """Those whose name is, begins with, or matches one of the patterns; all when there are none. ValueError names a pattern without any."""
    if not patterns:
        return list(coordinates)
    chosen = []
    for pattern in patterns:
        found = [c for c in coordinates if c.name == pattern]
        found = found or [c for c in coordinates if fnmatch.fnmatchcase(c.name, pattern) or c.name.startswith(pattern + "-")]
        if not found:
            known = ", ".join(c.name for c in coordinates)
            raise ValueError(f"no coordinate matches {pattern!r}; there are {known}")
        chosen += [c for c in found if c not in chosen]
    return [c for c in coordinates if c in chosen]


def pairs(clients_chosen, servers_chosen, mode):
    """All pairs; in direct mode only those that speak the same without a gateway."""
    for client in clients_chosen:
        for server in servers_chosen:
            if mode == "direct" and (client.protocol, client.dialect) != (server.protocol, server.dialect):
                continue
            yield client, server
