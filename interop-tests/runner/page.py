"""docs/matrix.md: clients × providers of both modes with how many cases passed, from the cells that runs left as JSON."""
import functools
import json
import pathlib
import re
import subprocess

from .table import pair_text
from .verdicts import Verdict

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PEERS = ROOT / "interop-tests" / "peers"
PAGE = ROOT / "docs" / "matrix.md"
MODES = {
    "derived": "Clients call with the IDL that Koine derives from the provider's, where protocols differ.",
    "independent": "Clients and providers keep to their own author's IDL; Koine pairs them by name.",
}
PRODUCTS = {"thrift": "Apache Thrift", "grpc": "gRPC", "dubbo": "Apache Dubbo (Dubbo2)", "triple": "Apache Dubbo (Triple)"}

# Where a peer's library and its version stand: a file and an expression, or a package of the distribution.
_SOURCES = {
    "java-thrift": ("java-thrift/pom.xml", r"libthrift</artifactId>\s*<version>([^<]+)"),
    "java-thrift-latest": ("java-thrift-latest/build", r"<version>([\d.]+)</version>"),
    "java-grpc": ("java-grpc/pom.xml", r"<grpc\.version>([^<]+)"),
    "java-grpc-triple": ("java-grpc-triple/pom.xml", r"<artifactId>dubbo</artifactId>\s*<version>([^<]+)"),
    "java-dubbo": ("java-dubbo/pom.xml", r"<version>(3[\d.]+)</version>"),
    "java-dubbo-27": ("java-dubbo-27/pom.xml", r"<version>(2\.7[\d.]+)</version>"),
    "java-triple": ("java-dubbo/pom.xml", r"<version>(3[\d.]+)</version>"),
    "go-thrift": ("go-thrift/go.mod", r"apache/thrift v([\d.]+)"),
    "go-thrift-latest": ("go-thrift-latest/go.mod", r"apache/thrift v([\d.]+)"),
    "go-grpc": ("go-grpc/go.mod", r"google\.golang\.org/grpc v([\d.]+)"),
    "go-dubbo": ("go-dubbo/go.mod", r"dubbo-go/v3 v([\d.]+)"),
    "go-triple": ("go-dubbo/go.mod", r"dubbo-go/v3 v([\d.]+)"),
    "php-thrift": "php-thrift",
    "php-grpc": "php-google-protobuf",  # and curl: PHP has no library of gRPC's own
    "cpp-thrift": "libthrift-dev",
    "cpp-grpc": "libgrpc++-dev",
    "python-thrift": "python3-thrift",
}


@functools.cache
def version_of(peer):
    """Of a peer's library; ValueError names one that nothing is known of."""
    source = _SOURCES.get(peer)
    if source is None:
        raise ValueError(f"runner/page.py does not know where the version of {peer} stands")
    if isinstance(source, str):
        done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", source], capture_output=True, text=True, check=False)
        version = done.stdout.split(":")[-1]
        return re.split(r"[-+~]", version)[0]
    found = re.search(source[1], (PEERS / source[0]).read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{source[0]} does not say the version of {peer}")
    return found.group(1)


def is_of_the_distribution(peer):
    return isinstance(_SOURCES[peer], str)


def _line(cells):
    return "| " + " | ".join(cells) + " |"


def _mode_lines(mode, groups, counted, names):
    """The table of a mode; `names` are all providers', a column is headed by its place in them."""
    clients = list(dict.fromkeys(client for client, _ in groups))
    present = {server for _, server in groups}
    servers = [name for name in names if name in present]
    yield f"## {mode.capitalize()}"
    yield ""
    yield f"{MODES[mode]} {len(clients)} clients, {len(servers)} providers, {len(groups)} pairs: " + ", ".join(
        f"{count} {state}" for state, count in counted.items()) + "."
    yield ""
    yield _line(["client \\ provider"] + [str(names.index(server) + 1) for server in servers])
    yield "|---|" + "--:|" * len(servers)
    for client in clients:
        texts = [pair_text(groups[client, server])[0] if (client, server) in groups else "" for server in servers]
        yield _line([f"`{client}`"] + texts)
    yield ""


def page(documents, clients, servers):
    """The page of these runs' JSON, one a mode; `clients` and `servers` are all that there are."""
    lines = [
        "# The interop matrix, as it ran",
        "",
        "Each number is how many cases passed between real peers with Koine in the middle; `57+2` is two more that were refused as",
        "[refusals.yaml](../interop-tests/refusals.yaml) says, `57/59` two that failed. A pair without a number is not one: dubbo-go has no",
        "derived Java, `java-thrift-latest` and `java-grpc-triple` have one contract each, and in the second mode both sides have the same author. Between Dubbo's own peers all is passed on.",
        "What the cases are: [the contract](../interop-tests/contract/cases.md).",
        "",
        "Written by `interop-tests/run --page docs/matrix.md --from FILE…` from what `--json FILE` left of a run of each mode.",
        "",
    ]
    if {one["cells"][0]["mode"] for one in documents} != set(MODES):
        raise ValueError(f"--page needs --from twice: the JSON of a run of each mode, {' and '.join(MODES)}")
    names = [server.name for server in servers]
    for document in sorted(documents, key=lambda one: list(MODES).index(one["cells"][0]["mode"])):
        groups, counted = {}, {"passed": 0, "refused": 0, "failed": 0}
        for cell in document["cells"]:
            groups.setdefault((cell["client"], cell["server"]), []).append(Verdict(None, cell["state"]))
            counted[{"pass": "passed", "refused": "refused", "fail": "failed"}[cell["state"]]] += 1
        lines += _mode_lines(document["cells"][0]["mode"], groups, counted, names)
    lines += ["## Providers", "", *(f"{number}. `{name}`" for number, name in enumerate(names, 1)), ""]
    lines += ["## Peers", "", _line(("peer", "with")), "|---|---|"]
    for one in sorted({one.peer: one for one in [*clients, *servers]}.values(), key=lambda one: one.peer):
        lines.append(_line((f"`{one.peer}`", f"{PRODUCTS[one.protocol]}, {version_of(one.peer)}")))
    return "\n".join(lines) + "\n"


def read(paths):
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def named_in(text):
    """Names of the clients and of the providers, and the versions of peers, of a page."""
    rows = re.findall(r"^\| `([^`]+)` \|[ \d]", text.split("## Providers")[0], re.MULTILINE)
    columns = re.findall(r"^\d+\. `([^`]+)`", text, re.MULTILINE)
    versions = dict(re.findall(r"^\| `([^`]+)` \| [^,|]*, (.*) \|", text, re.MULTILINE))
    return set(rows), columns, versions
