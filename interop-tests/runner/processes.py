"""Servers and gateways: started once a run, found by the READY line they print, ended by SIGTERM."""
import pathlib
import queue
import signal
import subprocess
import threading
import time

READY_LIMIT_S = 60
END_LIMIT_S = 10


class StartError(Exception):
    """A process did not become ready; says what its log ends with."""


class Process:
    """One long-running program whose first line of output is `READY …`."""

    def __init__(self, name, command, log_path, exits_clean=False):
        self.name = name
        self.exits_clean = exits_clean  # ends with status 0 on SIGTERM; a sanitizer's report makes it another
        self.log_path = pathlib.Path(log_path)
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        self._log = open(self.log_path, "w", encoding="utf-8")
        self._lines = queue.Queue()
        try:
            self._popen = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=self._log, stdin=subprocess.DEVNULL, text=True
            )
        except OSError as error:
            self._log.close()
            raise StartError(f"{name}: cannot start {command[0]}: {error.strerror}") from error
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._popen.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def ready(self, limit_s=READY_LIMIT_S):
        """The words after READY."""
        end = time.monotonic() + limit_s
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise StartError(f"{self.name}: not ready after {limit_s} s\n{self.log_tail()}") from None
            if line is None:
                raise StartError(f"{self.name}: ended with status {self._popen.wait()} before it was ready\n{self.log_tail()}")
            if line.startswith("READY"):
                return line.split()[1:]

    @property
    def pid(self):
        return self._popen.pid

    def running(self):
        return self._popen.poll() is None

    def status(self):
        return self._popen.poll()

    def log_tail(self, lines=15):
        text = self.log_path.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(text[-lines:])

    def begin_end(self):
        if self.running():
            self._popen.send_signal(signal.SIGTERM)

    def end(self, limit_s=END_LIMIT_S):
        """SIGTERM and, when that does not help in time, SIGKILL. True when the polite way was enough."""
        self.begin_end()
        polite = True
        try:
            self._popen.wait(timeout=limit_s)
        except subprocess.TimeoutExpired:
            polite = False
            self._popen.kill()
            self._popen.wait()
        self._reader.join()
        self._popen.stdout.close()
        self._log.close()
        return polite


class Processes:
    """All long-running programs of a run; ends them together, the callers of others first."""

    def __init__(self):
        self._started = []

    def start(self, name, command, log_path, exits_clean=False):
        process = Process(name, command, log_path, exits_clean)
        self._started.append(process)
        return process

    def end_all(self):
        """Ends everything; returns what went wrong with processes that should have lived until now and then gone."""
        troubles = []
        gone = [process for process in self._started if not process.running()]
        for process in reversed(self._started):
            if process in gone:
                troubles.append(f"{process.name} had ended by itself with status {process.status()}\n{process.log_tail()}")
            process.begin_end()
        for process in reversed(self._started):
            if not process.end():
                troubles.append(f"{process.name} did not end on SIGTERM and was killed")
            elif process.exits_clean and process.status() != 0 and process not in gone:
                troubles.append(f"{process.name} ended with status {process.status()} on SIGTERM\n{process.log_tail()}")
        self._started = []
        return troubles
