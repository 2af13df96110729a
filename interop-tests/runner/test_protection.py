"""The hostile frames, and what is made of the answers to them."""
import pathlib
import struct
import sys
import unittest
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from runner import hostile, protection  # noqa: E402


class Frames(unittest.TestCase):
    def test_a_framed_one_says_its_length_and_fits_every_size_limit(self):
        for frame in hostile.frames():
            if frame.dialect.startswith(("framed", "header")):
                self.assertEqual(struct.unpack(">I", frame.data[:4])[0], len(frame.data) - 4, frame.name)
                self.assertLess(len(frame.data), 4 << 20, frame.name)

    def test_what_is_announced_is_never_there(self):
        by_name = {frame.name: frame.data for frame in hostile.frames()}
        self.assertLess(len(by_name["list<struct> of 2,147,483,647 elements"]), 200)
        self.assertLess(len(by_name["map of 100,000,000 entries"]), 200)

    def test_the_bomb_inflates_a_thousandfold(self):
        bomb = next(frame.data for frame in hostile.frames() if frame.dialect.endswith("zlib"))
        self.assertGreater(len(zlib.decompressobj().decompress(bomb)), 1000 * len(bomb))

    def test_the_compact_list_has_its_count(self):
        self.assertEqual(hostile.compact_list(300)[9:16], b"\x1c\x99\xfc\xac\x02" + b"\0\0")

    def test_a_header_counts_its_words_and_its_bytes(self):
        data = hostile.header(b"message", info=b"\x01\x00")
        length, magic, _, _, words = struct.unpack(">IHHIH", data[:14])
        self.assertEqual((length, magic, words), (len(data) - 4, 0x0FFF, 1))
        self.assertEqual(data[14 + 4:], b"message")


class Answers(unittest.TestCase):
    def test_koines_reason_is_found_in_any_dialect(self):
        told = b"\x80\x01\0\3...[RESOURCE_EXHAUSTED] LIMIT_DEPTH: nested deeper than nesting_max\x08\0"
        self.assertEqual(protection.describe(told), "LIMIT_DEPTH: nested deeper than nesting_max")
        self.assertEqual(protection.describe(zlib.compress(told)), "LIMIT_DEPTH: nested deeper than nesting_max")

    def test_silence_an_end_and_the_providers_word_are_told_apart(self):
        self.assertEqual(protection.describe(None), "kept waiting for the rest")
        self.assertEqual(protection.describe(b""), "connection closed")
        self.assertEqual(protection.describe(b"text: got {} want {}"), "the provider's own answer")


if __name__ == "__main__":
    unittest.main()
