"""One run: peers built, servers and gateways started once, clients run over their plans, every cell judged."""
import concurrent.futures
import threading
import time

from . import gateway, peers, processes, refusals, verdicts
from .coordinates import Cell, pairs


class Run:
    """Everything a run needs; `verdicts` and `troubles` are its result."""

    def __init__(self, options, clients, servers, cases, refusal_table, terminal):
        self._options = options
        self._refusals = refusal_table
        self._terminal = terminal
        self._mode = "direct" if options.direct else options.mode
        self.cells = [
            Cell(client, server, case.name, self._mode)
            for client, server in pairs(clients, servers, self._mode)
            for case in cases
            if case.exists_for(client, server, self._mode)
        ]
        self.verdicts = []
        self.troubles = []
        self.loose = []  # troubles that no cell shows: a crash after the last answer, a process that had to be killed
        self._lines = {}
        self._lock = threading.Lock()
        self._broken = {}  # peer or server name -> why none of its cells can run

    def build(self):
        """Derives the IDLs and builds every peer that the cells need. Without a gateway nobody calls with derived IDLs,
        but peers that have them need not be built again for the matrix."""
        try:
            gateway.derive(self._options.koine, self._options.out / "derived")
        except gateway.DeriveError as error:
            if self._mode != "direct":
                self._trouble(str(error))
                self._broken["derived"] = str(error)
        names = sorted({c.peer for cell in self.cells for c in (cell.client, cell.server)})
        self._terminal.step(f"building {', '.join(names)} (what has been built already is not built again)")
        started = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            waiting = {pool.submit(peers.build, name, self._options.out): name for name in names}
            for done in concurrent.futures.as_completed(waiting):
                self._terminal.step(f"built {waiting[done]} ({time.monotonic() - started:.0f} s)")
                if done.result():
                    self._broken[waiting[done]] = done.result()
                    self._trouble(done.result())

    def execute(self, sabotage=None):
        """Starts what is needed, runs all clients, judges all cells."""
        started = processes.Processes()
        try:
            addresses = self._start_servers(started, sabotage)
            self._run_clients(addresses)
        finally:
            for trouble in started.end_all():
                self._trouble(trouble)
                self.loose.append(trouble)
        self._judge()

    def _trouble(self, text):
        self.troubles.append(text)
        self._terminal.say(self._terminal.paint("\033[31m", "trouble: ") + text)

    def _why_broken(self, cell):
        for key in (cell.client.peer, cell.server.peer, cell.server.name, cell.client.name):
            if key in self._broken:
                return self._broken[key]
        return self._broken.get("derived", "") if cell.is_derived else ""

    def _start_servers(self, started, sabotage):
        """server name, and whether a schema translates -> the addresses its clients call, as gateway.Addresses: a gateway's, or its own when direct."""
        doors = {self._door(cell.client, cell.server): cell.server for cell in self.cells if not self._why_broken(cell)}
        servers = {name: server for (name, _), server in doors.items()}
        log = self._options.out / "log"
        running, addresses = {}, {}
        for name, server in servers.items():
            try:
                running[name] = started.start(name, peers.server_command(self._options.out, server), log / f"server-{name}.log")
            except processes.StartError as error:
                self._server_failed(name, error)
        for name, process in running.items():
            try:
                self._terminal.progress(f"waiting for {name}")
                port = int(process.ready()[0])
                for door in [door for door in doors if door[0] == name]:
                    addresses[door] = gateway.Addresses(*[f"127.0.0.1:{port}"] * 3)
                    if self._mode != "direct":
                        addresses[door] = self._start_gateway(started, servers[name], port, sabotage, log, door[1])
            except (processes.StartError, gateway.DeriveError, ValueError, IndexError) as error:
                self._server_failed(name, error)
        return addresses

    def _door(self, client, server):
        return server.name, self._mode == "derived" and gateway.is_translated(client, server)

    def _start_gateway(self, started, server, port, sabotage, log, translated):
        command = gateway.command(self._options.koine, server, port, self._options.out / "config", sabotage, self._mode, translated)
        name = f"{server.name}{'-translated' if translated else ''}"
        process = started.start(f"koine before {name}", command, log / f"koine-{name}.log", exits_clean=True)
        return gateway.listeners(process.ready())

    def _server_failed(self, name, error):
        self._broken[name] = str(error)
        self._trouble(str(error))

    def _run_clients(self, addresses):
        work = {}
        for cell in self.cells:
            if not self._why_broken(cell):
                work.setdefault(cell.client, {}).setdefault((cell.server, cell.contract), []).append(cell.case)
        self._expected = sum(len(cases) for targets in work.values() for cases in targets.values())
        self._terminal.step(f"{len(work)} clients, {len(addresses)} providers, {self._expected} cells")
        with concurrent.futures.ThreadPoolExecutor(max_workers=self._options.jobs) as pool:
            waiting = {pool.submit(self._run_client, client, targets, addresses): client for client, targets in work.items()}
            for count, done in enumerate(concurrent.futures.as_completed(waiting), 1):
                self._terminal.step(f"{count}/{len(work)} clients done: {waiting[done].name}; {len(self._lines)} cells")
                if done.result():
                    self._trouble(f"{waiting[done].name}: {done.result()}")
                    self.loose.append(done.result())

    def _run_client(self, client, targets, addresses):
        plan = [peers.Target(server, addresses[self._door(client, server)].of(client), contract, cases) for (server, contract), cases in targets.items()]

        def on_line(server_name, case, fields):
            with self._lock:
                self._lines[(client.name, server_name, case)] = fields
                self._terminal.progress(f"{len(self._lines)}/{self._expected}  {client.name} → {server_name}  {case}")

        return peers.run_client(self._options.out, client, plan, self._options.deadline, on_line)

    def _judge(self):
        for cell in self.cells:
            broken = self._why_broken(cell)
            if broken:
                self.verdicts.append(verdicts.Verdict(cell, "fail", reason=broken.splitlines()[0]))
                continue
            line = self._lines.get((cell.client.name, cell.server.name, cell.case))
            self.verdicts.append(verdicts.judge(cell, refusals.find(self._refusals, cell), line))
