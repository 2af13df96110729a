"""How the proof that a write runs once judges, and where its relay cuts."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from runner import once, relay  # noqa: E402


def row(name):
    return next(one for one in once.rows() if one.name == name)


class Judgement(unittest.TestCase):
    def test_what_ran_twice_is_wrong_whatever_the_caller_was_told(self):
        for fault, told in once.FAULTS.items():
            one = row(f"java-dubbo/go-grpc/{fault}")
            self.assertEqual(once.judge(one, {"ended": told, "runs": 1}, 1), "")
            self.assertIn("ran 3 times", once.judge(one, {"ended": told, "runs": 3}, 3))
            self.assertIn("tried 2 times", once.judge(one, {"ended": told, "runs": 1}, 2))
            self.assertIn("not told", once.judge(one, {"ended": "answered", "runs": 1}, 1))

    def test_what_was_never_sent_is_tried_as_often_as_the_consumer_does(self):
        for name, tries in (("java-dubbo/go-grpc", 3), ("java-triple/java-triple", 1), ("go-dubbo/go-grpc", 1)):
            one = row(name + "/nowhere")
            self.assertEqual(once.judge(one, {"ended": once.NOWHERE, "runs": 0}, tries), "")
            self.assertNotEqual(once.judge(one, {"ended": once.NOWHERE, "runs": 0}, tries + 1), "")
            self.assertNotEqual(once.judge(one, {"ended": once.NOWHERE, "runs": 1}, tries), "")

    def test_without_a_gateway_it_must_go_wrong(self):
        one = row("java-dubbo/java-dubbo/directly")
        self.assertEqual(once.judge(one, {"ended": "", "runs": 3}, 3), "")
        self.assertIn("proves", once.judge(one, {"ended": "", "runs": 1}, 1))

    def test_every_fault_meets_every_protocol_that_is_translated(self):
        names = {one.name for one in once.rows()}
        for fault in [*once.FAULTS, "nowhere"]:
            for client in once.CLIENTS:
                for server in once.SERVERS:
                    is_there = f"{client}/{server}/{fault}" in names
                    self.assertEqual(is_there, fault != "unmapped" or "dubbo" not in server and "triple" not in server)

    def test_the_narrow_schema_is_the_contract_but_for_one_type(self):
        with tempfile.TemporaryDirectory() as folder:
            text = once.narrow_schema(pathlib.Path(folder) / "narrow").read_text(encoding="utf-8")
        self.assertIn("int linger(long nonce, int waitMillis);", text)
        self.assertIn("long stamp(long nonce);", text)


class Cuts(unittest.TestCase):
    def test_half_of_an_answer_goes_on(self):
        self.assertEqual(relay.whole_answers("thrift", b"12345678"), (4, True))

    def test_of_http2_everything_goes_on_until_there_is_data(self):
        settings = b"\0\0\0\4\0\0\0\0\0"
        headers = b"\0\0\2\1\4\0\0\0\1hh"
        data = b"\0\0\4\0\0\0\0\0\1dddd"
        self.assertEqual(relay.whole_answers("http2", settings + headers), (len(settings + headers), False))
        self.assertEqual(relay.whole_answers("http2", settings + headers[:10]), (len(settings), False))
        self.assertEqual(relay.whole_answers("http2", settings + headers + data), (len(settings + headers) + 11, True))


if __name__ == "__main__":
    unittest.main()
