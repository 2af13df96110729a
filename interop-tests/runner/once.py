"""A write runs once: Dubbo's consumers with their library's own retries, ways to providers that spoil the answer, and a count at the provider."""
import argparse
import concurrent.futures
import dataclasses
import pathlib
import re
import shutil
import sys
import urllib.request

import yaml

from . import gateway, peers, processes, relay
from .coordinates import Coordinate
from .table import GREEN, RED, Terminal

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DEADLINE_MS = 2000
TRIES = {"java": 3, "go": 1}  # Java's default; dubbo-go repeats exceptions of the application too, and is told not to

# What becomes of the answer -> what the caller must be told, once the provider has run.
FAULTS = {
    "unmapped": "MAP_RANGE",  # the provider's i64 is more than the consumer's int
    "cut": "UNAVAILABLE",  # the connection ends behind half of it
    "slow": "DEADLINE_EXCEEDED",  # it comes after the consumer's time-out
}
NOWHERE = "UPSTREAM_CONNECT"  # nothing was sent to anybody: the consumer may try again, and over Dubbo2 does; over Triple 3.3.6 never repeats a status
DIRECTLY = "directly"  # too slow, and no gateway: what the consumers do by themselves

# Dubbo 2.7 repeats nothing where it calls without a registry.
CLIENTS = ("java-dubbo", "java-triple", "go-dubbo", "go-triple")
SERVERS = ("go-thrift-framed-binary", "go-grpc", "java-dubbo", "java-triple")


@dataclasses.dataclass(frozen=True)
class Row:
    client: Coordinate
    server: Coordinate
    fault: str

    @property
    def name(self):
        return f"{self.client.name}/{self.server.name}/{self.fault}"


def rows():
    for client in map(Coordinate.of, CLIENTS):
        for server in map(Coordinate.of, SERVERS):
            has_schema = server.protocol not in gateway.UNTYPED
            yield from (Row(client, server, fault) for fault in FAULTS if has_schema or fault != "unmapped")
            yield Row(client, server, "nowhere")
            if client.protocol == server.protocol and client.language == "java":
                yield Row(client, server, DIRECTLY)


def judge(row, got, tried):
    """"" or what is wrong. `got` as the client printed it; `tried`: calls that came to the gateway."""
    ended, runs = got["ended"], got["runs"]
    tries = TRIES[row.client.language]
    if row.fault == DIRECTLY:
        return "" if runs == tries else f"ran {runs} times where the consumer tries {tries} times: nothing here proves anything"
    told, wanted = FAULTS.get(row.fault, NOWHERE), (1, 1)
    if row.fault == "nowhere":
        wanted = (tries if row.client.protocol == "dubbo" else 1, 0)
    if (tried, runs) != wanted:
        return f"tried {tried} times and ran {runs} times instead of {wanted[0]} and {wanted[1]}"
    return "" if told in ended.upper() else f"the caller was not told {told}"


def narrow_schema(folder):
    """The Java contract with an `int` where the provider has 64 bits; dubbo's callers cannot tell."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(gateway.CONTRACT / "java", folder)
    path = folder / gateway.SCHEMAS["java"].relative_to(gateway.CONTRACT / "java")
    text = path.read_text(encoding="utf-8")
    narrow = text.replace("long linger(", "int linger(")
    if narrow == text:
        raise ValueError("the Java contract has no `long linger(`")
    path.write_text(narrow, encoding="utf-8")
    return path


def configuration(koine, server, port, narrow=None):
    """The provider for Dubbo's consumers alone."""
    exposed = gateway.exposures(koine, server) if server.protocol not in gateway.UNTYPED else None
    made = gateway.configuration(server, port, exposed)
    if exposed:
        java = gateway.SCHEMAS["java"]
        made["schemas"] = {"files": [str(gateway.SCHEMAS[server.party]), str(narrow or java)]}
        made["services"] = [{**made["services"][0], "name": "interop", "expose": [exposed["java"]]}]
    made["listeners"] = ["127.0.0.1:0"]
    return made


class Ways:
    """Providers, started once each, and gateways in front of them, one for each fault."""

    def __init__(self, options):
        self._options = options
        self._all = processes.Processes()
        self._relays = []
        self._ports = {}
        self._narrow = narrow_schema(options.out / "once" / "narrow")

    def start_providers(self, servers):
        log = self._options.out / "log"
        started = {s: self._all.start(s.name, peers.server_command(self._options.out, s), log / f"once-{s.name}.log") for s in servers}
        self._ports = {server: int(process.ready()[0]) for server, process in started.items()}

    def gateway(self, server, fault, name):
        """(address, address of the admin)"""
        port = self._ports[server]
        if fault == DIRECTLY:
            return f"127.0.0.1:{port}", ""
        if fault == "cut":
            self._relays.append(relay.Relay("http2" if server.protocol in ("grpc", "triple") else server.protocol, port))
            port = self._relays[-1].port
        if fault == "nowhere":
            closed = relay.Relay("", port)
            closed.close()
            port = closed.port
        made = configuration(self._options.koine, server, port, self._narrow if fault == "unmapped" else None)
        path = self._options.out / "once" / f"{name.replace('/', '_')}.yaml"
        path.write_text(yaml.safe_dump(made, sort_keys=False), encoding="utf-8")
        log = self._options.out / "log" / f"once-koine-{name.replace('/', '_')}.log"
        process = self._all.start(f"koine before {name}", [str(self._options.koine), "serve", "-c", str(path)], log)
        words = process.ready()
        return words[0], next(word.removeprefix("admin=") for word in words if word.startswith("admin="))

    def end(self):
        for one in self._relays:
            one.close()
        return self._all.end_all()


def calls_of(admin):
    """How many calls came to a gateway for its provider."""
    with urllib.request.urlopen(f"http://{admin}/metrics", timeout=10) as page:
        text = page.read().decode()
    # Without a service: what dubbo-go asks of every provider's health.
    return sum(int(count) for count in re.findall(r'^koine_gateway_calls_total\{service="[^"]+".*\} (\d+)$', text, re.MULTILINE))


def run_client(options, client, targets):
    """row's name -> what was printed"""
    seen = {}

    def on_line(name, _, fields):
        seen[name] = fields

    trouble = peers.run_client(options.out, client, targets, DEADLINE_MS, on_line)
    return seen, trouble


def prove(options, terminal, all_rows):
    """(row, what was seen, what is wrong) for each."""
    ways = Ways(options)
    try:
        ways.start_providers(sorted({row.server for row in all_rows}, key=lambda server: server.name))
        witnesses = {server: ways.gateway(server, "", f"{server.name}/witness")[0] for server in {row.server for row in all_rows}}
        admins, plans = {}, {}
        for row in all_rows:
            address, admins[row] = ways.gateway(row.server, row.fault, row.name)
            case = "write_once_slow" if row.fault in ("slow", DIRECTLY) else "write_once"
            plans.setdefault(row.client, []).append(peers.Target(row, address, "own", [case], witnesses[row.server]))
        with concurrent.futures.ThreadPoolExecutor(max_workers=len(plans)) as pool:
            printed = {client: pool.submit(run_client, options, client, targets) for client, targets in plans.items()}
        for row in all_rows:
            seen, trouble = printed[row.client].result()
            line = seen.get(row.name)
            got = line.get("got") if line else None
            if not isinstance(got, dict):
                yield row, "", (line or {}).get("error") or trouble or "the client printed nothing"
                continue
            tried = calls_of(admins[row]) if admins[row] else got["runs"]
            yield row, f"tried {tried}, ran {got['runs']}; told: {got['ended']}", judge(row, got, tried)
    finally:
        for trouble in ways.end():
            terminal.say("trouble: " + trouble)


def parser():
    p = argparse.ArgumentParser(prog="interop-tests/once", description="Dubbo's consumers, which repeat calls by themselves: a write whose answer is lost runs once.",
                                epilog="Names are clients/providers/faults, or parts of them. Exit 1 when something ran twice, or was not told as it should.")
    p.add_argument("--koine", metavar="PATH", type=pathlib.Path, default=ROOT / "build/release/koine", help="the gateway to test")
    p.add_argument("--row", metavar="NAME", help="only rows in whose name this is")
    p.add_argument("--out", metavar="FOLDER", type=pathlib.Path, default=ROOT / "build/interop", help=argparse.SUPPRESS)
    return p


def main(arguments=None):
    options = parser().parse_args(arguments)
    terminal = Terminal()
    chosen = [row for row in rows() if (options.row or "") in row.name]
    if not chosen:
        print(f"interop-tests/once: no row has {options.row!r} in its name", file=sys.stderr)
        return 2
    try:
        gateway.derive(options.koine, options.out / "derived")  # peers are built with what is derived as well
    except gateway.DeriveError as error:
        print(f"interop-tests/once: {error}", file=sys.stderr)
        return 2
    trouble = peers.build_all({one.peer for row in chosen for one in (row.client, row.server)}, options.out, terminal)
    if trouble:
        print(trouble, file=sys.stderr)
        return 2
    passed = failed = 0
    try:
        for row, seen, wrong in prove(options, terminal, chosen):
            passed, failed = passed + (not wrong), failed + bool(wrong)
            terminal.say(terminal.paint(RED if wrong else GREEN, "FAIL " if wrong else "PASS ") + row.name)
            for text in (wrong, seen):
                if text:
                    terminal.say("     " + " ".join(text.split())[:300])
    except (processes.StartError, gateway.DeriveError, OSError, ValueError) as error:
        print(f"interop-tests/once: {error}", file=sys.stderr)
        failed += 1
    terminal.say(f"{passed} passed, 0 refused, {failed} failed")
    return 1 if failed else 0
