"""Verdicts, tables, reports, plans, processes and the sabotage check."""
import io
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from runner import cases, peers, processes, refusals, reports, sabotage, table, verdicts  # noqa: E402
from runner.coordinates import Cell, Coordinate  # noqa: E402

GO_GRPC = Coordinate("go", "grpc")
PHP_THRIFT = Coordinate("php", "thrift", "framed-binary")


def cell(case="union_text"):
    return Cell(GO_GRPC, PHP_THRIFT, case, "derived")


ROW = refusals.Refusal("grpc", "thrift", ("i8_out_of_range",), "i8-range", "^INVALID_ARGUMENT: .*MAP_RANGE")


class Verdicts(unittest.TestCase):
    def state(self, refusal, line):
        return verdicts.judge(cell(), refusal, line).state

    def test_a_right_answer_passes(self):
        self.assertEqual(self.state(None, {"ok": True}), "pass")

    def test_a_wrong_answer_an_error_and_silence_fail(self):
        self.assertEqual(self.state(None, {"ok": False, "got": 1, "want": 2}), "fail")
        self.assertEqual(self.state(None, {"ok": False, "error": "UNAVAILABLE: gone"}), "fail")
        self.assertEqual(self.state(None, None), "fail")

    def test_a_refusal_is_exactly_the_documented_error(self):
        self.assertEqual(self.state(ROW, {"ok": False, "error": "INVALID_ARGUMENT: x\nMAP_RANGE tiny"}), "refused")
        self.assertEqual(self.state(ROW, {"ok": False, "error": "INTERNAL: MAP_RANGE"}), "fail")
        self.assertEqual(self.state(ROW, {"ok": False, "got": 1}), "fail")

    def test_a_refused_cell_that_passes_is_a_failure(self):
        self.assertEqual(self.state(ROW, {"ok": True}), "fail")

    def test_lines_that_are_no_result_are_told_apart(self):
        self.assertEqual(verdicts.parse_line('{"id":"s","case":"c","ok":true}')[:2], ("s", "c"))
        for text in ("", "Listening…", "[]", '{"case":"c"}', '{"case":"c","ok":"yes"}'):
            self.assertIsNone(verdicts.parse_line(text), text)

    def test_the_closing_line_counts_all_states_and_loose_failures(self):
        made = [verdicts.Verdict(cell(), state) for state in ("pass", "pass", "refused", "fail")]
        self.assertEqual(verdicts.closing_line(made), "2 passed, 1 refused, 1 failed")
        self.assertEqual(verdicts.closing_line(made, 2), "2 passed, 1 refused, 3 failed")


class Tables(unittest.TestCase):
    def test_a_pair_shows_what_passed_what_was_refused_and_what_failed(self):
        made = [verdicts.Verdict(cell(), state) for state in ("pass", "pass", "refused", "fail")]
        self.assertEqual(table.pair_text(made)[0], "3/4")
        self.assertEqual(table.pair_text(made[:3])[0], "2+1")
        self.assertEqual(table.pair_text(made[:2])[0], "2")

    def test_a_red_cell_shows_the_command_that_repeats_it(self):
        out = io.StringIO()
        table.Terminal(out).red_cell(verdicts.Verdict(cell(), "fail", got={"a": 1}, want={"a": 2}, reason="a different value arrived"))
        self.assertIn(cell().command, out.getvalue())
        self.assertIn('want {"a": 2}', out.getvalue())

    def test_a_step_is_a_line_where_nobody_watches_and_passing_progress_is_not(self):
        kept = io.StringIO()
        terminal = table.Terminal(kept)
        terminal.step("built go-grpc (3 s)")
        terminal.progress("1/30000")
        self.assertEqual(kept.getvalue(), "built go-grpc (3 s)\n")

        class Watched(io.StringIO):
            def isatty(self):
                return True

        watched = Watched()
        table.Terminal(watched, colour=False).step("built go-grpc (3 s)")
        self.assertEqual(watched.getvalue(), "\r\033[Kbuilt go-grpc (3 s)")

    def test_pairs_that_were_not_run_are_dots(self):
        lines = list(table.matrix_lines([verdicts.Verdict(cell(), "pass")], [GO_GRPC], [PHP_THRIFT, GO_GRPC], lambda code, text: text))
        self.assertEqual(lines[-1].split(), ["go-grpc", "1", "·"])


class Reports(unittest.TestCase):
    def setUp(self):
        self.cases = cases.load()
        self.made = [verdicts.Verdict(cell(), "fail", got="<b>", want="&", reason="a different value arrived")]

    def test_json_holds_every_cell_with_what_was_sent(self):
        document = json.loads(reports.as_json(self.made, self.cases, []))
        self.assertEqual(document["summary"], {"pass": 0, "refused": 0, "fail": 1})
        self.assertEqual(document["cells"][0]["name"], cell().name)
        self.assertEqual(document["cells"][0]["sent"], {"choice": {"text": "tëxt"}})

    def test_the_page_escapes_what_peers_said(self):
        page = reports.as_html(self.made, self.cases, [GO_GRPC], [PHP_THRIFT])
        self.assertIn("&lt;b&gt;", page)
        self.assertNotIn("<b>", page)
        self.assertIn(cell().command, page)


class Plans(unittest.TestCase):
    def test_a_plan_has_one_target_a_line_in_the_arguments_words(self):
        target = peers.Target(PHP_THRIFT, "127.0.0.1:7000", "derived", ["void", "oneway"])
        self.assertEqual(
            peers.plan_text(GO_GRPC, [target], 600),
            "--id php-thrift-framed-binary --target 127.0.0.1:7000 --contract derived --cases void,oneway --deadline 600\n",
        )
        self.assertIn("--dialect framed-binary", peers.plan_text(PHP_THRIFT, [target], 600))

    def test_a_peer_without_a_build_script_says_what_is_missing(self):
        self.assertIn("peers/cobol-grpc/build is missing", peers.build("cobol-grpc", "."))


class Processes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = pathlib.Path(folder.name) / "log"
        self.started = processes.Processes()
        self.addCleanup(self.started.end_all)

    def test_a_ready_line_is_found_and_a_process_ends_politely(self):
        process = self.started.start("one", ["sh", "-c", "echo hello; echo READY 7; exec sleep 60"], self.log)
        self.assertEqual(process.ready(), ["7"])
        self.assertEqual(self.started.end_all(), [])

    def test_a_process_that_ends_first_shows_its_log(self):
        process = self.started.start("one", ["sh", "-c", "echo no port >&2; exit 3"], self.log)
        with self.assertRaisesRegex(processes.StartError, "(?s)status 3.*no port"):
            process.ready()

    def test_a_process_that_died_meanwhile_is_reported(self):
        process = self.started.start("one", ["sh", "-c", "echo READY 7; exit 9"], self.log)
        process.ready()
        process._popen.wait()
        self.assertIn("ended by itself with status 9", self.started.end_all()[0])

    def test_an_unclean_exit_of_a_gateway_is_a_trouble(self):
        script = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(23)); print('READY 7', flush=True); time.sleep(60)"
        for exits_clean, expected in ((True, 1), (False, 0)):
            self.started.start("one", ["python3", "-c", script], self.log, exits_clean).ready()
            self.assertEqual(len(self.started.end_all()), expected)

    def test_a_program_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(processes.StartError, "/no/such/program"):
            self.started.start("one", ["/no/such/program"], self.log)


class Sabotage(unittest.TestCase):
    def test_only_cells_that_were_sound_before_count(self):
        one, two = cell("union_text"), cell("nested")
        sound = [verdicts.Verdict(one, "fail"), verdicts.Verdict(two, "pass")]
        spoiled = [verdicts.Verdict(one, "fail"), verdicts.Verdict(two, "fail")]
        self.assertEqual([v.cell.case for v in sabotage.newly_red(sound, spoiled)], ["nested"])
        self.assertEqual(sabotage.newly_red(sound, sound), [])


if __name__ == "__main__":
    unittest.main()
