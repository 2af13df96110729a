"""Line coverage of codecs/ and transcode/ from `llvm-cov export -summary-only`, and whether it is enough.

coverage_table.py ROOT JSON --least PERCENT [--files]
"""
import argparse
import json
import pathlib
import sys

FOLDERS = ("codecs", "transcode")
# The kit, the tests and their helpers judge; they are not judged.
LEFT_OUT = ("codecs/conformance/", "transcode/testing/", "transcode/referees/")


def counted(name):
    return (
        name.startswith(tuple(folder + "/" for folder in FOLDERS))
        and not name.startswith(LEFT_OUT)
        and "_test" not in name
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("json", type=pathlib.Path)
    parser.add_argument("--least", type=float, required=True)
    parser.add_argument("--files", action="store_true")
    arguments = parser.parse_args()
    root = arguments.root.resolve()

    files = {}
    for file in json.loads(arguments.json.read_text())["data"][0]["files"]:
        # Headers are reached by links, one include root a module.
        path = pathlib.Path(file["filename"]).resolve()
        name = str(path.relative_to(root)) if path.is_relative_to(root) else ""
        if not counted(name):
            continue
        lines = file["summary"]["lines"]
        count, covered = files.get(name, (0, 0))
        files[name] = (max(count, lines["count"]), max(covered, lines["covered"]))

    def percent(count, covered):
        return 100.0 * covered / count if count else 100.0

    if arguments.files:
        for name, (count, covered) in sorted(files.items(), key=lambda item: percent(*item[1])):
            print(f"{percent(count, covered):6.1f} %  {count - covered:5d} of {count:5d} lines not reached  {name}")
    enough = bool(files)
    for folder in FOLDERS:
        inside = [value for name, value in files.items() if name.startswith(folder + "/")]
        count, covered = sum(c for c, _ in inside), sum(c for _, c in inside)
        print(f"{folder}/: {percent(count, covered):.1f} % of {count} lines")
        enough = enough and count > 0 and percent(count, covered) >= arguments.least
    if not enough:
        print(f"below {arguments.least:.0f} %: scripts/coverage --files says where")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
