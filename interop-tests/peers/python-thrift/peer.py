"""The Python Thrift peer of the interop matrix: it calls every case and checks every answer, and serves the third
author's IDL, with Apache's own Python library, as Debian ships it."""
import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "gen"))

from provider import serve  # noqa: E402
from suite import Suite  # noqa: E402


def parser():
    p = argparse.ArgumentParser(prog="python-thrift", allow_abbrev=False)
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--plan", type=pathlib.Path)
    p.add_argument("--id", default="")
    p.add_argument("--target", default="")
    p.add_argument("--dialect", default="framed-binary")
    p.add_argument("--contract", choices=["own", "derived", "java", "third"], default="own")
    p.add_argument("--cases", default="")
    p.add_argument("--deadline", type=int, default=600)
    return p


def targets(words):
    first = parser().parse_args(words)
    if first.plan is None:
        return [first]
    return [parser().parse_args(line.split()) for line in first.plan.read_text(encoding="utf-8").splitlines() if line.strip()]


def main(words):
    if not words or words[0] not in ("client", "server"):
        print("usage: python-thrift client|server …", file=sys.stderr)
        return 2
    if words[0] == "server":
        options = parser().parse_args(words[1:])
        if options.contract != "third":
            print("python-thrift serves --contract third only", file=sys.stderr)
            return 2
        serve(options, HERE)
    for target in targets(words[1:]):
        Suite(target, HERE).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
