"""What is shown on the terminal."""
import json
import sys

from . import verdicts as verdict_module

GREEN, RED, YELLOW, DIM, BOLD, PLAIN = "\033[32m", "\033[31m", "\033[33m", "\033[2m", "\033[1m", "\033[0m"


class Terminal:
    """Progress while it runs, the table at the end; colour and rewriting only on a terminal."""

    def __init__(self, stream=sys.stdout, colour=None):
        self._stream = stream
        self._live = stream.isatty()
        self._colour = self._live if colour is None else colour
        self._shown = False

    def paint(self, code, text):
        return f"{code}{text}{PLAIN}" if self._colour else text

    def say(self, text):
        self._clear()
        print(text, file=self._stream, flush=True)

    def progress(self, text):
        """One line that the next one overwrites; nothing when the output is kept in a file."""
        if self._live:
            self._stream.write(f"\r\033[K{self.paint(DIM, text[:110])}")
            self._stream.flush()
            self._shown = True

    def step(self, text):
        """A step that is over: on a terminal as progress, elsewhere a line of its own."""
        if self._live:
            self.progress(text)
        else:
            self.say(text)

    def _clear(self):
        if self._shown:
            self._stream.write("\r\033[K")
            self._shown = False

    def red_cell(self, verdict):
        self.say(self.paint(RED, "FAIL ") + verdict.cell.name)
        self.say("     " + self.paint(BOLD, verdict.cell.command))
        for line in detail_lines(verdict):
            self.say("     " + line)


def detail_lines(verdict, width=400):
    yield verdict.reason.replace("\n", "\n     ")[:1500]
    if verdict.got is not None or verdict.want is not None:
        yield f"got  {_short(verdict.got, width)}"
        yield f"want {_short(verdict.want, width)}"


def _short(value, width):
    text = verdict_text(value)
    return text if len(text) <= width else text[: width - 1] + "…"


def verdict_text(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def pair_text(group):
    """`59` when all passed, `59+2` with two refused, `57/59` when two failed."""
    counted = verdict_module.totals(group)
    whole = sum(counted.values())
    if counted["fail"]:
        return f"{whole - counted['fail']}/{whole}", RED
    if counted["refused"]:
        return f"{counted['pass']}+{counted['refused']}", YELLOW
    return str(counted["pass"]), GREEN


def matrix_lines(verdicts, clients, servers, paint):
    """Rows are clients, columns servers; `57/59` failed twice, `57+2` was refused twice as documented."""
    groups = {}
    for verdict in verdicts:
        groups.setdefault(verdict.cell.pair, []).append(verdict)
    width = max([len(c.name) for c in clients] + [17])
    heads = [[s.language, s.protocol, *s.edition.split(), *s.author.split(), *s.dialect.split("-")] for s in servers]
    levels = max(len(head) for head in heads)
    column = 9
    for level in range(levels):
        label = "client \\ provider" if level == levels - 1 else ""
        yield label.ljust(width) + "".join((head[level] if level < len(head) else "").rjust(column) for head in heads)
    for client in clients:
        line = client.name.ljust(width)
        for server in servers:
            group = groups.get((client.name, server.name))
            text, code = pair_text(group) if group else ("·", DIM)
            line += " " * (column - len(text)) + paint(code, text)
        yield line
