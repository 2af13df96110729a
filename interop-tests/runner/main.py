"""The command line of interop-tests/run."""
import argparse
import pathlib
import sys

from . import cases as case_table
from . import coordinates, page, refusals, reports, sabotage, verdicts
from .run import Run
from .table import Terminal, matrix_lines

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RED_SHOWN_MAX = 60


def parser():
    p = argparse.ArgumentParser(
        prog="interop-tests/run", description="Real clients against real providers, every cell through the gateway.",
        epilog="Names are coordinates (java-thrift-framed-compact, go-grpc), their beginnings, or globs. Exit 1 when a cell is red.",
    )
    p.add_argument("--client", action="append", metavar="NAME", help="only these clients (may be repeated)")
    p.add_argument("--server", action="append", metavar="NAME", help="only these providers")
    p.add_argument("--case", action="append", metavar="NAME", help="only these cases: a name, a glob, or a group such as `unions`")
    p.add_argument(
        "--mode", choices=["derived", "independent"], default="derived",
        help="where the client's IDL comes from when protocols differ: derived from the provider's, or its own author's, paired by name",
    )
    p.add_argument("--direct", action="store_true", help="peers against themselves, without the gateway")
    p.add_argument("--sabotage", action="store_true", help="the gateway spoils calls on purpose; every kind must turn cells red")
    p.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write the cells for machines")
    p.add_argument("--html", metavar="FILE", type=pathlib.Path, help="write the matrix as a page")
    p.add_argument("--page", metavar="FILE", type=pathlib.Path, help="run nothing: write docs/matrix.md from what --json left of both modes' runs")
    p.add_argument("--from", dest="runs", action="append", metavar="FILE", type=pathlib.Path, help="such a file, for --page (may be repeated)")
    p.add_argument("--koine", metavar="PATH", type=pathlib.Path, default=ROOT / "build/release/koine", help="the gateway to test")
    p.add_argument("--out", metavar="FOLDER", type=pathlib.Path, default=ROOT / "build/interop", help=argparse.SUPPRESS)
    p.add_argument("--deadline", metavar="MS", type=int, default=600, help="of the deadline case")
    p.add_argument("--jobs", metavar="N", type=int, default=6, help="clients running at once")
    p.add_argument("--list", action="store_true", help="name the cells and stop")
    return p


def split(values):
    return [part for value in values or [] for part in value.split(",") if part]


def main(arguments=None):
    options = parser().parse_args(arguments)
    terminal = Terminal()
    if options.page:
        return write_page(options)
    try:
        cases = case_table.load()
        table = refusals.load()
        wrong = list(refusals.problems(table, cases))
        if wrong:
            raise ValueError("refusals.yaml: " + "; ".join(wrong))
        default_clients, default_servers = ([], []) if not options.sabotage else (list(sabotage.CLIENTS), list(sabotage.SERVERS))
        clients = coordinates.choose(coordinates.clients(), split(options.client) or default_clients)
        servers = coordinates.choose(coordinates.servers(), split(options.server) or default_servers)
        chosen = case_table.choose(cases, split(options.case))
    except (ValueError, OSError) as error:
        print(f"interop-tests/run: {error}", file=sys.stderr)
        return 2
    if options.sabotage:
        return run_sabotage(options, clients, servers, chosen, table, terminal)
    run = Run(options, clients, servers, chosen, table, terminal)
    if not run.cells:
        print("interop-tests/run: no cell is left by these choices", file=sys.stderr)
        return 2
    if options.list:
        for cell in run.cells:
            print(cell.name)
        return 0
    run.build()
    run.execute()
    return report(options, run, cases, clients, servers, terminal)


def write_page(options):
    try:
        text = page.page(page.read(options.runs or []), coordinates.clients(), coordinates.servers())
        options.page.write_text(text, encoding="utf-8")
    except (ValueError, OSError) as error:
        print(f"interop-tests/run: {error}", file=sys.stderr)
        return 2
    return 0


def report(options, run, cases, clients, servers, terminal):
    red = [verdict for verdict in run.verdicts if verdict.state == "fail"]
    for verdict in red[:RED_SHOWN_MAX]:
        terminal.red_cell(verdict)
    if len(red) > RED_SHOWN_MAX:
        terminal.say(f"… and {len(red) - RED_SHOWN_MAX} more red cells; --json or --html lists them all")
    rows = [c for c in clients if any(v.cell.client == c for v in run.verdicts)]
    columns = [s for s in servers if any(v.cell.server == s for v in run.verdicts)]
    for line in matrix_lines(run.verdicts, rows, columns, terminal.paint):
        terminal.say(line)
    for path, text in (
        (options.json, lambda: reports.as_json(run.verdicts, cases, run.troubles)),
        (options.html, lambda: reports.as_html(run.verdicts, cases, rows, columns)),
    ):
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text(), encoding="utf-8")
    terminal.say(verdicts.closing_line(run.verdicts, len(run.loose)))
    return 1 if red or run.loose else 0


def run_sabotage(options, clients, servers, cases, table, terminal):
    seen, unseen = sabotage.check(options, clients, servers, cases, table, terminal)
    for kind in unseen:
        terminal.say(f"{kind} went unnoticed: the matrix does not prove what it should")
    terminal.say(f"{len(seen)} passed, 0 refused, {len(unseen)} failed")
    return 1 if unseen else 0
