"""Proves that the matrix can fail: a gateway that spoils calls on purpose must turn cells red."""
from . import gateway
from .run import Run

# Two languages' worth of both protocols is enough to see a spoiled call, and quick.
CLIENTS = ("go-thrift-framed-compact", "go-grpc")
SERVERS = ("go-thrift-framed-binary", "go-grpc")


def newly_red(sound, spoiled):
    """Cells that were not red with a sound gateway and are with a spoiled one."""
    fine = {v.cell.name for v in sound if v.state != "fail"}
    return [v for v in spoiled if v.state == "fail" and v.cell.name in fine]


def check(options, clients, servers, cases, refusal_table, terminal):
    """Runs sound once and then each kind; returns (kinds seen, kinds not seen)."""
    sound = Run(options, clients, servers, cases, refusal_table, terminal)
    sound.build()
    terminal.say("sound gateway")
    sound.execute()
    seen, unseen = [], []
    for kind in gateway.SABOTAGE_KINDS:
        spoiled = Run(options, clients, servers, cases, refusal_table, terminal)
        spoiled.build()
        spoiled.execute(sabotage=kind)
        red = newly_red(sound.verdicts, spoiled.verdicts)
        # A gateway that does not even start spoils nothing and proves nothing.
        proved = bool(red) and not spoiled.troubles
        (seen if proved else unseen).append(kind)
        colour = "\033[32m" if proved else "\033[31m"
        terminal.say(f"{terminal.paint(colour, kind)}: {len(red)} cells turned red" + (f", first: {red[0].cell.name}" if red else ""))
    return seen, unseen
