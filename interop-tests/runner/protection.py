"""The protection proof: frames that kill providers when they reach them directly, and what the same bytes do behind Koine."""
import argparse
import pathlib
import re
import signal
import sys
import threading
import time
import zlib

from . import gateway, hostile, peers, processes
from .coordinates import Coordinate
from .table import GREEN, RED, Terminal

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ADDRESS_SPACE_BYTES = 2_000_000_000  # what a provider may take before its system says no
HARM_KB = 400_000  # resident memory that no call of this contract needs
SOUND_KB = 150_000
DIRECT_WAIT_S = 8
BEHIND_WAIT_S = 3
LANGUAGES = {"cpp": "C++", "go": "Go"}


def parser():
    p = argparse.ArgumentParser(prog="interop-tests/protection", description="Providers on Apache Thrift 0.17 under hostile frames: directly, and behind Koine.",
                                epilog="Exit 1 unless every frame kills or starves a provider directly and every provider survives all of them behind Koine.")
    p.add_argument("--koine", metavar="PATH", type=pathlib.Path, default=ROOT / "build/release/koine", help="the gateway to test")
    p.add_argument("--out", metavar="FOLDER", type=pathlib.Path, default=ROOT / "build/interop", help=argparse.SUPPRESS)
    return p


def peak_kb(pid):
    """The most resident memory a process has had, or 0 when it is gone."""
    try:
        text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", text)
    return int(found.group(1)) if found else 0


class Provider:
    """One provider under a memory limit, with Koine before it when there is one."""

    def __init__(self, out, language, dialect, koine=None):
        self._all = processes.Processes()
        coordinate = Coordinate(language, "thrift", dialect)
        log = out / "log"
        bounded = ["prlimit", f"--as={ADDRESS_SPACE_BYTES}", "--core=0"] + peers.server_command(out, coordinate)
        self.process = self._all.start(coordinate.name, bounded, log / f"protected-{coordinate.name}.log")
        port = int(self.process.ready()[0])
        self.address = f"127.0.0.1:{port}"
        self.koine = None
        if koine:
            command = gateway.command(koine, coordinate, port, out / "config")
            self.koine = self._all.start(f"koine before {coordinate.name}", command, log / f"protecting-{coordinate.name}.log")
            self.address = gateway.listeners(self.koine.ready()).strict

    def watch(self, seconds):
        """Waits until it is dead or starved, at most so long; ("", peak) or (how it died, peak)."""
        end = time.monotonic() + seconds
        peak = 0
        while time.monotonic() < end:
            peak = max(peak, peak_kb(self.process.pid))
            if not self.process.running():
                return how_it_died(self.process), peak
            if peak > HARM_KB:
                # It may be on its way out: a moment more tells.
                end = min(end, time.monotonic() + 2)
            time.sleep(0.02)
        return "", peak

    def end(self):
        self._all.end_all()


def how_it_died(process):
    status = process.status()
    if status < 0:
        return f"killed by {signal.Signals(-status).name}"
    last = [line for line in process.log_tail(400).splitlines() if re.search(r"fatal error|runtime:|panic|what\(\)|terminate", line)]
    return f"ended with {status}" + (f" ({last[0].strip()[:60]})" if last else "")


def direct(out, language, frame):
    """(harmed, text)"""
    provider = Provider(out, language, frame.dialect)
    try:
        sender = threading.Thread(target=hostile.send, args=(provider.address, frame, DIRECT_WAIT_S), daemon=True)
        sender.start()
        died, peak = provider.watch(DIRECT_WAIT_S)
        sender.join()
        if died:
            return True, died
        if peak > HARM_KB:
            return True, f"{peak // 1000} MB taken"
        return False, "survives"
    finally:
        provider.end()


def behind(out, koine, language, frame):
    """(survived, what the caller got)"""
    provider = Provider(out, language, frame.dialect, koine)
    try:
        answer = hostile.send(provider.address, frame, BEHIND_WAIT_S)
        died, peak = provider.watch(0.2)
        got = describe(answer)
        if died:
            return False, f"provider {died}"
        if not provider.koine.running():
            return False, f"koine {how_it_died(provider.koine)}"
        if peak > SOUND_KB:
            return False, f"{peak // 1000} MB taken from the provider"
        if b"hello from the provider" not in hostile.ask(provider.address, hostile.greet()):
            return False, f"{got}; a valid call was not answered afterwards"
        return True, got
    finally:
        provider.end()


def describe(answer):
    """What a caller was told: the reason's name and its sentence."""
    if answer is None:
        return "kept waiting for the rest"
    if not answer:
        return "connection closed"
    try:  # a zlib stream is answered with one
        answer = zlib.decompressobj().decompress(answer)
    except zlib.error:
        pass
    text = answer.decode("utf-8", errors="replace")
    found = re.search(r"\[[A-Z_]+\] ([A-Z][A-Z0-9_]+): ([ -~]*)", text)
    if found:
        return f"{found.group(1)}: {found.group(2)}"
    return "the provider's own answer" if " want " in text else "answered"


def prove(options, terminal, frame):
    """The lines of one frame, and whether it proves what it should."""
    harmed = False
    survived = True
    lines = [f"{frame.name} ({len(frame.data):,} bytes{f' on {frame.connections} connections' if frame.connections > 1 else ''}, {frame.dialect})"]
    try:
        for language in frame.languages:
            terminal.progress(f"{frame.name}: {language} directly")
            hurt, text = direct(options.out, language, frame)
            harmed = harmed or hurt
            lines.append((LANGUAGES[language], "directly", text, RED if hurt else ""))
        for language in frame.languages:
            terminal.progress(f"{frame.name}: {language} behind koine")
            alive, text = behind(options.out, options.koine, language, frame)
            survived = survived and alive
            lines.append((LANGUAGES[language], "behind Koine", f"{'alive' if alive else 'LOST'}; the caller got: {text}", GREEN if alive else RED))
    except (processes.StartError, ValueError) as error:
        lines.append(("", "trouble", str(error), RED))
        survived = False
    return lines, harmed and survived


def main(arguments=None):
    options = parser().parse_args(arguments)
    terminal = Terminal()
    trouble = peers.build_all(("cpp-thrift", "go-thrift"), options.out, terminal)
    if trouble:
        print(trouble, file=sys.stderr)
        return 2
    passed = failed = 0
    for frame in hostile.frames():
        lines, good = prove(options, terminal, frame)
        passed, failed = passed + good, failed + (not good)
        terminal.say(terminal.paint(GREEN if good else RED, "PASS " if good else "FAIL ") + lines[0])
        for language, way, text, colour in lines[1:]:
            terminal.say(f"     {language:<4} {way:<13} " + (terminal.paint(colour, text) if colour else text))
    terminal.say(f"{passed} passed, 0 refused, {failed} failed")
    return 1 if failed else 0
