"""The provider of third.thrift: it finds the case of every call in the table of values, compares, and answers."""
import functools
import importlib
import os
import signal
import threading
import time

from thrift.server.TServer import TThreadedServer
from thrift.Thrift import TApplicationException
from thrift.transport.TSocket import TServerSocket

from connection import factories
from suite import DELIBERATE, POST_NOTE
from values import named, parameters, parsed, render, table, text

FAILURE_LETTERS_MAX = 2000
ROOTS = {"n0": "recursive_chain", "root": "recursive_bush"}  # a Branch says its case by its title


def failure(message):
    """What a caller sees of an error that no exception declares: the library keeps the text of this one alone."""
    return TApplicationException(TApplicationException.INTERNAL_ERROR, message[:FAILURE_LETTERS_MAX])


class Trials:
    """The service. Methods of the table are made from it; those that it cannot describe are written out."""

    def __init__(self, module, lines):
        self._module = module
        self._cases = {}
        for case, method, request, answer in lines:
            self._cases.setdefault(method, {})[case] = (
                parsed(named(module, method + "_args"), request), parsed(named(module, method + "_result"), answer))
        self._seen = {}
        self._lock = threading.Lock()
        for method in self._cases:
            if not hasattr(self, method):
                setattr(self, method, functools.partial(self._answer, method))

    def _answer(self, method, *values):
        got = named(self._module, method + "_args")(**dict(zip(parameters(self._module, method), values)))
        known = self._cases[method]
        name = next(iter(known)) if len(known) == 1 else self._case_of(got)
        if name not in known:
            raise failure(f"{name}: no such case of {method}")
        want, result = known[name]
        if text(render(got)) != text(render(want)):
            raise failure(f"{name}: got {text(render(got))} want {text(render(want))}")
        for field in filter(None, result.thrift_spec):
            if field[0] > 0 and getattr(result, field[2]) is not None:
                raise getattr(result, field[2])
        return result.success

    @staticmethod
    def _case_of(arguments):
        held = [arguments] + [getattr(arguments, field[2]) for field in arguments.thrift_spec if field]
        said = next((value.case_id for value in held if getattr(value, "case_id", None)), "")
        return said or ROOTS.get(getattr(held[-1], "title", ""), "(none)")

    def _count(self, token, what):
        with self._lock:
            tally = self._seen.setdefault(token, self._module.Tally(0, 0, 0, 0))
            setattr(tally, what, getattr(tally, what) + 1)

    def reset_token(self, token):
        self._count(token, "resets")

    def post_note(self, note, token):
        if note == POST_NOTE:
            self._count(token, "posts")

    def seen_so_far(self, token):
        with self._lock:
            return self._seen.get(token, self._module.Tally(0, 0, 0, 0))

    def fail_for(self, case_id):
        if case_id == "undeclared_failure":
            raise failure(DELIBERATE)
        return self._answer("fail_for", case_id)

    def linger_for(self, wait_millis, token):
        self._count(token, "lingers_started")
        time.sleep(wait_millis / 1000)
        return ~token

    def stamp_token(self, token):
        return ~token


class Listening(TServerSocket):
    """Says where, once it listens."""

    def listen(self):
        super().listen()
        print("READY", self.handle.getsockname()[1], flush=True)


def serve(options, folder):
    module = importlib.import_module("third.Trials")
    handler = Trials(module, table(folder / "third.values"))
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    TThreadedServer(module.Processor(handler), Listening("127.0.0.1", options.port), *factories(options.dialect), daemon=True).serve()
