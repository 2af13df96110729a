"""From what a client printed to a cell's verdict."""
import dataclasses
import json


@dataclasses.dataclass
class Verdict:
    cell: object
    state: str  # pass | refused | fail
    got: object = None
    want: object = None
    error: str = ""  # what the client saw
    reason: str = ""  # why it is a fail, or the rule of a refusal
    elapsed_us: int = 0


def judge(cell, refusal, line):
    """line is what the client printed of this cell, or None when it printed nothing."""
    if line is None:
        return Verdict(cell, "fail", reason="the client printed nothing for this case")
    seen = dict(got=line.get("got"), want=line.get("want"), error=line.get("error", ""), elapsed_us=line.get("elapsed_us", 0))
    if refusal is not None:
        if line.get("ok") is True:
            return Verdict(cell, "fail", reason=f"passed, but refusals.yaml says it has no form ({refusal.rule})", **seen)
        if refusal.matches(seen["error"]):
            return Verdict(cell, "refused", reason=refusal.rule, **seen)
        return Verdict(cell, "fail", reason=f"refused otherwise than documented: {refusal.error}", **seen)
    if line.get("ok") is True:
        return Verdict(cell, "pass", **seen)
    if seen["error"]:
        return Verdict(cell, "fail", reason=seen["error"], **seen)
    return Verdict(cell, "fail", reason="a different value arrived", **seen)


def parse_line(text):
    """One line of a client's output: (pair id, case, fields), or None for anything else."""
    try:
        fields = json.loads(text)
    except ValueError:
        return None
    if not isinstance(fields, dict) or not isinstance(fields.get("case"), str) or not isinstance(fields.get("ok"), bool):
        return None
    return fields.get("id", ""), fields["case"], fields


def totals(verdicts):
    states = [verdict.state for verdict in verdicts]
    return {state: states.count(state) for state in ("pass", "refused", "fail")}


def closing_line(verdicts, loose=0):
    """loose: failures of the run that no cell shows."""
    counted = totals(verdicts)
    return f"{counted['pass']} passed, {counted['refused']} refused, {counted['fail'] + loose} failed"
