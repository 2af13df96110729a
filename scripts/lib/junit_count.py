#!/usr/bin/env python3
"""Prints `N passed, N failed` for a JUnit file; a skipped test counts as failed: nothing may be skipped silently."""
import sys
import xml.etree.ElementTree as ElementTree


def main() -> int:
    root = ElementTree.parse(sys.argv[1]).getroot()
    passed = failed = 0
    for case in root.iter("testcase"):
        bad = case.find("failure") is not None or case.find("skipped") is not None or case.get("status") != "run"
        failed += bad
        passed += not bad
    print(f"{passed} passed, {failed} failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
