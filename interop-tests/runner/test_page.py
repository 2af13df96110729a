"""docs/matrix.md: how it is written, and that the committed one is of the peers that there are."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from runner import coordinates, page  # noqa: E402


def document(mode, *cells):
    return {"cells": [{"client": client, "server": server, "mode": mode, "state": state} for client, server, state in cells]}


class Page(unittest.TestCase):
    def test_a_pair_shows_its_counts_and_columns_have_the_numbers_of_the_list(self):
        derived = document("derived", ("go-grpc", "go-grpc", "pass"), ("go-grpc", "cpp-grpc", "refused"), ("go-grpc", "cpp-grpc", "pass"))
        other = document("independent", ("php-grpc", "cpp-grpc", "fail"))
        clients, servers = [coordinates.Coordinate("go", "grpc"), coordinates.Coordinate("php", "grpc")], [
            coordinates.Coordinate.of(name) for name in ("java-grpc", "cpp-grpc", "go-grpc")]
        text = page.page([other, derived], clients, servers)
        self.assertLess(text.index("## Derived"), text.index("## Independent"))
        self.assertIn("| client \\ provider | 2 | 3 |\n|---|--:|--:|\n| `go-grpc` | 1+1 | 1 |", text)
        self.assertIn("1 clients, 2 providers, 2 pairs: 2 passed, 1 refused, 0 failed.", text)
        self.assertIn("| `php-grpc` | 0/1 |", text)
        rows, columns, versions = page.named_in(text)
        self.assertEqual(rows, {"go-grpc", "php-grpc"})
        self.assertEqual(columns, ["java-grpc", "cpp-grpc", "go-grpc"])
        self.assertEqual(versions["go-grpc"], page.version_of("go-grpc"))

    def test_the_committed_page_has_every_peer_in_its_version(self):
        rows, columns, versions = page.named_in(page.PAGE.read_text(encoding="utf-8"))
        again = "run both modes with --json, then interop-tests/run --page docs/matrix.md --from …"
        self.assertEqual(rows, {one.name for one in coordinates.clients()}, again)
        self.assertEqual(columns, [one.name for one in coordinates.servers()], again)
        wanted = {one.peer for one in coordinates.clients() + coordinates.servers()}
        self.assertEqual(set(versions), wanted, again)
        for peer in wanted:
            if not page.is_of_the_distribution(peer):
                self.assertEqual(versions[peer], page.version_of(peer), f"{peer}: {again}")

    def test_a_peer_that_nobody_knows_is_named(self):
        with self.assertRaisesRegex(ValueError, "cobol-grpc"):
            page.version_of("cobol-grpc")


if __name__ == "__main__":
    unittest.main()
