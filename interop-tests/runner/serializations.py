"""Dubbo2 in fastjson2: what its own peers say to one another in it they say through Koine as well, and what Koine cannot read is refused by name."""
import argparse
import os
import pathlib
import sys

import yaml

from . import cases, gateway, peers, processes
from .coordinates import Coordinate
from .once import DEADLINE_MS, FAULTS
from .table import GREEN, RED, Terminal

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PEER = Coordinate.of("java-dubbo")
SERIALIZATION = "fastjson2"
REFUSED = "CALL_NO_FORM"  # what a service with a schema says to it
TYPED_CASE = "no_arguments"
ONCE_CASE = "write_once_slow"


def configuration(port):
    """Two listeners before one provider: without a schema, and with one."""
    untyped = gateway.configuration(PEER, port)
    return {**untyped, "listeners": ["127.0.0.1:0"]}, {
        **untyped, "listeners": ["127.0.0.1:0"], "schemas": {"files": [str(gateway.SCHEMAS["java"])]},
        "services": [{"name": "interop", "interface": gateway.DUBBO_INTERFACE, "protocol": "dubbo", "endpoints": [f"127.0.0.1:{port}"]}],
    }


def judge(name, directly, forwarded, typed):
    """"" or what is wrong with a case, of which each is (ok, what was got, error)."""
    if name == ONCE_CASE:
        told = forwarded[1] if isinstance(forwarded[1], dict) else {}
        return "" if told.get("runs") == 1 and FAULTS["slow"] in told["ended"] else f"it ran more than once, or nobody was told: {forwarded}"
    if directly[0] and not forwarded[0]:
        return f"passes directly, and not through Koine: {forwarded}"
    if not directly[0] and forwarded[0]:
        return "passes through Koine alone: it proves nothing"
    if name == TYPED_CASE and (typed[0] or REFUSED not in str(typed)):
        return f"a service with a schema does not refuse {SERIALIZATION}: {typed}"
    return ""


def prove(options, terminal):
    """(case, what is wrong) for each case of the team's own contract that is one call."""
    os.environ["JAVA_TOOL_OPTIONS"] = f"-Dkoine.serialization={SERIALIZATION}"  # for the peers, which have it from here
    all_processes = processes.Processes()
    log = options.out / "log"
    try:
        provider = all_processes.start(PEER.name, peers.server_command(options.out, PEER), log / "serializations-provider.log")
        port = int(provider.ready()[0])
        addresses = {"directly": f"127.0.0.1:{port}"}
        folder = options.out / "serializations"
        folder.mkdir(parents=True, exist_ok=True)
        for way, made in zip(("forwarded", "typed"), configuration(port)):
            path = folder / f"{way}.yaml"
            path.write_text(yaml.safe_dump(made, sort_keys=False), encoding="utf-8")
            gate = all_processes.start(f"koine, {way}", [str(options.koine), "serve", "-c", str(path)], log / f"serializations-{way}.log")
            addresses[way] = gate.ready()[0]
        chosen = [case.name for case in cases.load() if case.exists_for(PEER, PEER, "derived")]
        seen = {way: {} for way in addresses}
        for way, address in addresses.items():
            terminal.step(f"calling {way}")
            asked = [TYPED_CASE] if way == "typed" else chosen + [ONCE_CASE] if way == "forwarded" else chosen

            def on_line(_, case, fields, kept=seen[way]):
                kept[case] = (fields.get("ok") is True, fields.get("got"), fields.get("error"))

            trouble = peers.run_client(options.out, PEER, [peers.Target(PEER, address, "own", asked, addresses["directly"])], DEADLINE_MS, on_line)
            if trouble:
                raise processes.StartError(trouble)
        for name in seen["forwarded"]:
            ways = [seen[way].get(name, (False, None, "not asked")) for way in ("directly", "forwarded", "typed")]
            yield name, ways[0][0] or name == ONCE_CASE, judge(name, *ways)
    finally:
        for trouble in all_processes.end_all():
            terminal.say("trouble: " + trouble)


def main(arguments=None):
    p = argparse.ArgumentParser(prog="interop-tests/serializations", description=f"Dubbo 3.3's consumer and provider in {SERIALIZATION}, through Koine.",
                                epilog="A case passes when it ends through Koine as it ends without. Exit 1 when one does not.")
    p.add_argument("--koine", metavar="PATH", type=pathlib.Path, default=ROOT / "build/release/koine", help="the gateway to test")
    p.add_argument("--out", metavar="FOLDER", type=pathlib.Path, default=ROOT / "build/interop", help=argparse.SUPPRESS)
    options = p.parse_args(arguments)
    terminal = Terminal()
    gateway.derive(options.koine, options.out / "derived")
    trouble = peers.build_all({PEER.peer}, options.out, terminal)
    if trouble:
        print(trouble, file=sys.stderr)
        return 2
    passed = unable = failed = 0
    try:
        for name, directly, wrong in prove(options, terminal):
            passed, unable, failed = passed + (not wrong and directly), unable + (not wrong and not directly), failed + bool(wrong)
            word = "FAIL " if wrong else "PASS " if directly else "SAME "
            terminal.say(terminal.paint(RED if wrong else GREEN, word) + name)
            if wrong:
                terminal.say("     " + " ".join(wrong.split())[:400])
    except (processes.StartError, OSError, ValueError) as error:
        print(f"interop-tests/serializations: {error}", file=sys.stderr)
        failed += 1
    terminal.say(f"{unable} of them cannot be said in {SERIALIZATION} without Koine either")
    terminal.say(f"{passed + unable} passed, 0 refused, {failed} failed")
    return 1 if failed else 0
