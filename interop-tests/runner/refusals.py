"""The one table of cells that have no faithful form, and what makes a row of it acceptable."""
import dataclasses
import pathlib
import re

import yaml

from .coordinates import CONTRACT_OF

PATH = pathlib.Path(__file__).resolve().parent.parent / "refusals.yaml"

# What the type mapping says of a kind between two protocols, where it is not lossless.
# C: checked per value, the values of the row's cases do not fit. X: no form at all.
RULES = {
    "i8-range": ("C", "i8", "a value beyond i8 has no place in a Thrift i8: MAP_RANGE"),
    "u64-range": ("C", "u64", "a u64 above 2^63-1 has no place in a Thrift i64: MAP_RANGE"),
    "enum-by-name": ("C", "enum", "enums of two authors have names in common, not numbers: one without a name is MAP_ENUM_UNKNOWN"),
    "null-result": ("X", "null", "null is no result of a method that gives an object: MAP_NULL, MAP_REQUIRED"),
    "metadata-plain-thrift": ("X", "metadata", "plain Thrift carries no metadata: it is dropped and counted, never invented"),
}


@dataclasses.dataclass(frozen=True)
class Refusal:
    client: str  # whose IDL it has, as Coordinate.side says
    provider: str
    cases: tuple
    rule: str
    error: str  # regular expression over "<KIND>: <text>" as the client prints it
    mode: str = "derived"

    def covers(self, cell):
        if cell.mode != self.mode or (self.client, self.provider) != (cell.client.side, cell.server.side) or cell.case not in self.cases:
            return False
        # The rule is about Thrift without headers.
        return self.rule != "metadata-plain-thrift" or not (cell.client.carries_metadata and cell.server.carries_metadata)

    def matches(self, error):
        return re.search(self.error, error, re.DOTALL) is not None


def load(path=PATH):
    with open(path, encoding="utf-8") as file:
        rows = yaml.safe_load(file)["refusals"]
    table = []
    for row in rows:
        unknown = set(row) - {"client", "provider", "cases", "rule", "error", "why", "mode"}
        if unknown:
            raise ValueError(f"{path}: unknown key {sorted(unknown)[0]!r}")
        table.append(Refusal(row["client"], row["provider"], tuple(row["cases"]), row["rule"], row["error"], row.get("mode", "derived")))
    return table


def _contract_of(side):
    return CONTRACT_OF.get(side, side.removeprefix("java of "))


def problems(table, cases):
    """Why the table may not be used as it is; empty when it may."""
    by_name = {case.name: case for case in cases}
    for row in table:
        where = f"refusal of {', '.join(row.cases)} ({row.client} to {row.provider})"
        if row.client == row.provider:
            yield f"{where}: the same protocol on both sides loses nothing"
        if row.rule not in RULES:
            yield f"{where}: rule {row.rule!r} is no verdict of the type mapping"
            continue
        if not row.error:
            yield f"{where}: names no error"
        kind = RULES[row.rule][1]
        for name in row.cases:
            case = by_name.get(name)
            if case is None:
                yield f"{where}: there is no case {name!r}"
            elif kind not in case.kinds:
                yield f"{where}: case {name!r} has no value of kind {kind}, all its kinds are lossless"
            elif _contract_of(row.provider) not in case.contracts:
                yield f"{where}: the provider's contract has no case {name!r}"
    seen = set()
    for row in table:
        for name in row.cases:
            key = (row.client, row.provider, name, row.mode)
            if key in seen:
                yield f"refusal of {name} ({row.client} to {row.provider}) is there twice"
            seen.add(key)


def find(table, cell):
    """The row that covers a cell, or None. Without a gateway nothing is refused."""
    if cell.mode == "direct":
        return None
    return next((row for row in table if row.covers(cell)), None)
