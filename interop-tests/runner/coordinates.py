"""Who calls and who answers: coordinates are language-protocol[-edition or author][-dialect], cells are pairs of them and a case."""
import dataclasses
import fnmatch

# What each peer calls in. Every dialect is here at least once, in the languages whose own library really speaks it; a
# dialect is transport-encoding, then `zlib` (the stream, or the header's transform), `mux` (a TMultiplexedProcessor's
# service name) and `simple` (a server that takes one connection at a time).
CLIENTS = """
java-thrift-framed-binary java-thrift-framed-compact java-thrift-unframed-binary java-thrift-unframed-json
go-thrift-framed-binary go-thrift-framed-compact go-thrift-unframed-binary go-thrift-header-compact
go-thrift-latest-header-binary-zlib java-thrift-latest-framed-binary java-thrift-latest-unframed-json
php-thrift-framed-binary php-thrift-framed-compact php-thrift-unframed-binary
cpp-thrift-framed-binary cpp-thrift-framed-json cpp-thrift-unframed-compact cpp-thrift-header-binary
cpp-thrift-unframed-binary-zlib cpp-thrift-unframed-lax
python-thrift-framed-binary python-thrift-framed-compact-mux python-thrift-header-compact-zlib
python-thrift-third-framed-compact
java-grpc go-grpc php-grpc cpp-grpc java-grpc-triple
java-dubbo java-dubbo-27 go-dubbo
java-triple go-triple
""".split()

# What each peer serves. PHP has no gRPC server to install, Python's peer serves the third author's IDL only.
SERVERS = """
java-thrift-framed-binary java-thrift-framed-compact java-thrift-unframed-compact java-thrift-framed-json
go-thrift-framed-binary go-thrift-framed-compact go-thrift-unframed-json go-thrift-framed-compact-mux go-thrift-header-compact
go-thrift-latest-header-compact-zlib java-thrift-latest-framed-binary
php-thrift-framed-binary php-thrift-framed-compact php-thrift-unframed-binary php-thrift-framed-binary-simple
cpp-thrift-framed-binary cpp-thrift-unframed-binary cpp-thrift-unframed-binary-zlib cpp-thrift-header-binary
python-thrift-third-framed-compact
java-grpc go-grpc cpp-grpc java-grpc-triple
java-dubbo java-dubbo-27 go-dubbo
java-triple go-triple
java-dubbo-thrift java-dubbo-proto java-dubbo-27-thrift java-triple-thrift
""".split()

DUBBO = ("dubbo", "triple")  # protocols of Java interfaces

# whose IDL it is -> key of its contract in cases.yaml and third.yaml
CONTRACT_OF = {"thrift": "thrift", "grpc": "proto", "third": "third", "java": "java"}

# What editions of a library there are beside the one that a peer is named for: the newest one (instead of the one as old as the
# IDL compiler), Dubbo's line before 3, and for gRPC Dubbo's own, Triple with a .proto.
EDITIONS = ("latest", "27", "triple")

# Whose IDL it is when that is not its protocol's: the third author's, or, for Dubbo's providers, the one that their Java was derived from.
AUTHORS = {"third": "third", "thrift": "thrift", "proto": "grpc"}

# What a peer's own library cannot do as a client and as a server: cases that need it are not asked of it (contract/cases.md says why).
# Java derived from the other authors' contracts: consumers cannot cancel, nor providers see that they did, or tell what goes before an answer
# from what goes behind it; enums have no numbers, no -0.0 is written, and no number above 2^63-1.
CONSUMER = {"cancels", "enum_numbers", "negative_zeros"}
PROVIDER = {"sees_cancels", "trailers", "negative_zeros", "unsigned"}
LACKS = {
    "java-thrift": ({"uuid_fields"}, set()),
    "go-thrift": ({"uuid_fields", "nulls"}, set()),
    "go-thrift-latest": ({"uuid_fields", "nulls"}, set()),
    "cpp-thrift": ({"uuid_fields", "nulls"}, set()),
    "python-thrift": ({"uuid_fields"}, set()),
    "php-thrift": ({"uuid_fields"}, set()),
    "java-grpc-triple": ({"cancels", "details", "statuses", "trailers", "in_flight"}, {"sees_cancels", "details", "statuses", "trailers", "in_flight"}),
    "java-dubbo": (CONSUMER, PROVIDER),
    "java-dubbo-27": (CONSUMER, PROVIDER),
    "go-dubbo": (
        {"empty_lists", "nulls", "object_arguments", "exponents", "echo"},
        {"empty_lists", "nulls", "descriptors", "exponents", "statuses", "foreign_exceptions", "generic_exceptions"},
    ),
    "java-triple": (CONSUMER | {"attachment_objects", "in_flight"}, PROVIDER | {"attachment_objects", "in_flight"}),
    "go-triple": (
        {"empty_lists", "nulls", "null_answers", "object_arguments", "descriptors", "exponents", "exceptions", "attachment_objects", "echo"},
        {"empty_lists", "nulls", "overloads", "exponents", "exceptions", "attachment_objects", "echo"},
    ),
}


@dataclasses.dataclass(frozen=True)
class Coordinate:
    language: str
    protocol: str  # thrift | grpc | dubbo | triple
    dialect: str = ""  # Thrift only
    edition: str = ""  # one of EDITIONS
    author: str = ""  # one of AUTHORS

    @classmethod
    def of(cls, name):
        language, protocol, *rest = name.split("-")
        edition = rest.pop(0) if rest and rest[0] in EDITIONS else ""
        author = rest.pop(0) if rest and rest[0] in AUTHORS else ""
        return cls(language, protocol, "-".join(rest), edition, author)

    @property
    def name(self):
        return "-".join(part for part in (self.language, self.protocol, self.edition, self.author, self.dialect) if part)

    @property
    def party(self):
        """Whose contract it has."""
        return AUTHORS[self.author] if self.author else self.native

    @property
    def side(self):
        """What it is in refusals.yaml: its party, and where its Java is derived from that one's contract, `java of` it."""
        return f"java of {self.author}" if self.author and self.protocol in DUBBO else self.party

    @property
    def is_third(self):
        return self.author == "third"

    @property
    def native(self):
        """Whose IDL its protocol's peers are built with when nothing is derived."""
        return "java" if self.protocol in DUBBO else self.protocol

    @property
    def peer(self):
        """The folder under peers/ that holds its program."""
        return "-".join(part for part in (self.language, self.protocol, self.edition) if part)

    @property
    def words(self):
        return self.dialect.split("-") if self.dialect else []

    @property
    def transport(self):
        return self.words[0] if self.words else ""

    @property
    def encoding(self):
        return self.words[1] if self.words else ""

    @property
    def carries_metadata(self):
        """All but plain Thrift have a place for it beside the message."""
        return self.protocol != "thrift" or self.transport == "header"

    @property
    def collections_are_there(self):
        """Protobuf's, and those of Thrift's fields without `optional` in Go and C++, cannot be absent."""
        return self.protocol == "grpc" or self.protocol == "thrift" and self.language in ("go", "cpp")

    @property
    def has_derived_java(self):
        """dubbo-go has nothing that makes Go of Java."""
        return self.language == "java" and self.protocol in DUBBO

    @property
    def only_newer(self):
        """Java's newest library does not run what the distribution's compiler generates: its peer has newer.thrift alone."""
        return self.peer == "java-thrift-latest"

    @property
    def knows_uuid(self):
        """The newest Thrift libraries, and the gRPC peer that has the derived newer.proto."""
        return self.edition == "latest" or self.peer == "go-grpc"

    @property
    def lacks_as_client(self):
        return LACKS.get(self.peer, (set(), set()))[0]

    @property
    def lacks_as_server(self):
        return LACKS.get(self.peer, (set(), set()))[1]

    def lacks_directly(self, server):
        """What a gateway makes up for (contract/cases.md)."""
        return {"windows"} if server.edition == "triple" and self.peer == "go-grpc" else set()

    @property
    def one_connection(self):
        """A server that looks at the next connection when the one before has ended."""
        return "simple" in self.words


@dataclasses.dataclass(frozen=True)
class Cell:
    client: Coordinate
    server: Coordinate
    case: str
    mode: str  # derived | independent | direct

    @property
    def contract(self):
        """Which flavour the client calls with: its protocol's own IDL, the third author's, or the one derived from the provider's. Where Java
        is one of the two there are several that it may be derived from, and the flavour is called as that one is."""
        if self.client.is_third:
            return self.client.author
        if self.mode == "independent" or self.client.native == self.server.party:
            return "own"
        return CONTRACT_OF[self.server.party] if "java" in (self.client.native, self.server.party) else "derived"

    @property
    def is_derived(self):
        return self.contract not in ("own", "third") or self.server.author in ("thrift", "proto")

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


def clients():
    return [Coordinate.of(name) for name in CLIENTS]


def servers():
    return [Coordinate.of(name) for name in SERVERS]


def understand(client, server):
    """Whether they speak the same without a gateway."""
    if server.side.startswith("java of"):
        return client.protocol == server.protocol and client.has_derived_java
    if (client.party, client.protocol) != (server.party, server.protocol) or client.transport != server.transport or ("zlib" in client.words) != ("zlib" in server.words):
        return False
    if ("mux" in client.words) != ("mux" in server.words):
        return False
    # A header says what is inside; servers of the binary protocol read the one without a version as well.
    return client.transport == "header" or client.encoding.replace("lax", "binary") == server.encoding


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


def _derives(client, server):
    """Whether the client has the provider's IDL, or one that is derived from it."""
    if client.edition == "triple":
        return server.party == client.party
    if server.party == "java":
        return not client.only_newer
    return client.protocol not in DUBBO or client.has_derived_java


def pairs(clients_chosen, servers_chosen, mode):
    """All pairs; in direct mode only those that speak the same without a gateway, in independent mode those of two authors.
    The third author's IDL is for these two modes."""
    for client in clients_chosen:
        for server in servers_chosen:
            if mode == "direct" and not understand(client, server):
                continue
            if mode == "derived" and not _derives(client, server):
                continue
            # Dubbo2 and Triple are two protocols of one author, with one IDL.
            if mode == "independent" and (client.party == server.party and client.protocol == server.protocol or server.side.startswith("java of")):
                continue
            if mode == "derived" and (client.is_third or server.is_third):
                continue
            yield client, server
