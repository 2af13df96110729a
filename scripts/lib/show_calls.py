#!/usr/bin/env python3
"""Shows the quickstart's calls, one JSON object a line on standard input, and closes with `N passed, N failed`.

The argument says how many calls there should be: one that is missing has failed.
"""
import json
import sys


def shown(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> int:
    colour = sys.stdout.isatty()
    expected = int(sys.argv[1])
    passed = failed = 0
    for text in sys.stdin:
        try:
            line = json.loads(text)
        except ValueError:
            print(text.rstrip())
            continue
        if line.get("failed"):
            print(f"{line['caller']}'s program ended with an error")
            continue
        ok = line["ok"]
        passed += ok
        failed += not ok
        mark = ("\x1b[32m✓\x1b[0m" if ok else "\x1b[31m✗\x1b[0m") if colour else ("ok " if ok else "BAD")
        print(f"{mark} {line['caller']} · {line['wire_in']} → {line['wire_out']} · {line['provider']}"
              f"   {line['method']}   {line['elapsed_us'] / 1000:.1f} ms")
        print(f"    request {shown(line['request'])}")
        print(f"    answer  {shown(line['answer'])}")
        if line.get("error"):
            print(f"    status  {line['error']}")
    failed += max(0, expected - passed - failed)
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
