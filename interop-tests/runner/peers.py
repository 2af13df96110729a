"""The peers: built by their own scripts, run as servers, run as clients with a plan of many targets."""
import collections
import os
import pathlib
import queue
import subprocess
import threading
import time

from . import verdicts

PEERS = pathlib.Path(__file__).resolve().parent.parent / "peers"
BUILD_LIMIT_S = 1800
SILENCE_LIMIT_S = 180  # a client that prints nothing for so long is given up

Target = collections.namedtuple("Target", "server address contract cases witness", defaults=("",))


def build(peer, out):
    """Builds one peer into a folder of its name under out; "" or what is missing."""
    script = PEERS / peer / "build"
    if not script.is_file():
        return f"peer {peer} cannot be built: {script.relative_to(PEERS.parent.parent)} is missing"
    try:
        done = subprocess.run(
            [str(script)], capture_output=True, text=True, timeout=BUILD_LIMIT_S, check=False,
            env={**os.environ, "KOINE_INTEROP_OUT": str(out)},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"peer {peer} cannot be built: {error}"
    if done.returncode != 0:
        return f"peer {peer} cannot be built:\n{(done.stderr or done.stdout).strip()[-2000:]}"
    return ""


def build_all(names, out, terminal):
    """The same of several, told step by step; "" or what is missing of the first one that cannot be built."""
    for peer in sorted(names):
        terminal.step(f"building {peer}")
        trouble = build(peer, out)
        if trouble:
            return trouble
    return ""


def program(out, peer):
    return pathlib.Path(out) / peer / "peer"


def server_command(out, server):
    line = [str(program(out, server.peer)), "server", "--port", "0"]
    line += ["--contract", server.author] if server.author else []
    return line + ["--dialect", server.dialect] if server.dialect else line


def plan_text(client, targets, deadline_ms):
    """A plan file: one target a line, in the words of the client's own arguments."""
    lines = []
    for target in targets:
        dialect = f" --dialect {client.dialect}" if client.dialect else ""
        lines.append(
            f"--id {target.server.name} --target {target.address}{dialect} --contract {target.contract}"
            f" --cases {','.join(target.cases)} --deadline {deadline_ms}" + (f" --witness {target.witness}" if target.witness else "") + "\n"
        )
    return "".join(lines)


def run_client(out, client, targets, deadline_ms, on_line):
    """Runs a client over its targets; on_line(server name, case, fields) for each result. Returns "" or how it went wrong."""
    folder = pathlib.Path(out) / "log"
    folder.mkdir(parents=True, exist_ok=True)
    plan = folder / f"{client.name}.plan"
    plan.write_text(plan_text(client, targets, deadline_ms), encoding="utf-8")
    log_path = folder / f"client-{client.name}.log"
    with open(log_path, "w", encoding="utf-8") as log:
        try:
            process = subprocess.Popen(
                [str(program(out, client.peer)), "client", "--plan", str(plan)],
                stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, text=True,
            )
        except OSError as error:
            return f"cannot start {client.name}: {error.strerror}"
        try:
            trouble = _follow(process, on_line)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
    if trouble or process.returncode != 0:
        tail = log_path.read_text(encoding="utf-8", errors="replace").strip()[-1500:]
        return (trouble or f"{client.name} ended with status {process.returncode}") + (f"\n{tail}" if tail else "")
    return ""


def _follow(process, on_line):
    lines = queue.Queue()

    def read():
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    while True:
        try:
            line = lines.get(timeout=SILENCE_LIMIT_S)
        except queue.Empty:
            return f"no result for {SILENCE_LIMIT_S} s"
        if line is None:
            _wait(process)
            return ""
        parsed = verdicts.parse_line(line)
        if parsed is None:
            return f"printed something that is no result: {line.strip()[:300]}"
        on_line(*parsed)


def _wait(process):
    end = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
