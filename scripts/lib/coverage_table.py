"""Line coverage of codecs/ and transcode/ from gcov's counts of one build, and whether it is enough.

coverage_table.py ROOT BUILD --least PERCENT [--files] [--lines FILE]
"""
import argparse
import collections
import json
import pathlib
import subprocess
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


def read_counts(root, build):
    """file -> line -> how often, over every object that has the line (templates, inline functions)."""
    names = {}
    files = collections.defaultdict(collections.Counter)
    # What was never run has no .gcda, but its lines are there all the same.
    for notes in sorted(build.rglob("*.gcno")):
        run = subprocess.run(
            ["gcov", "--json-format", "--stdout", str(notes)], cwd=build, capture_output=True, text=True, check=True
        )
        for document in run.stdout.splitlines():
            report = json.loads(document)
            for file in report["files"]:
                # Headers are reached by links, one include root a module.
                path = file["file"]
                if path not in names:
                    full = (pathlib.Path(report["current_working_directory"]) / path).resolve()
                    names[path] = str(full.relative_to(root)) if full.is_relative_to(root) else ""
                if not counted(names[path]):
                    continue
                lines = files[names[path]]
                for line in file["lines"]:
                    lines[line["line_number"]] += line["count"]
    return files


def percent(covered, count):
    return 100.0 * covered / count if count else 100.0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--least", type=float, required=True)
    parser.add_argument("--files", action="store_true")
    parser.add_argument("--lines", default="")
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    files = read_counts(root, arguments.build.resolve())

    if arguments.lines:
        name = str(pathlib.Path(arguments.lines).resolve().relative_to(root))
        source = (root / name).read_text().split("\n")
        for line, count in sorted(files[name].items()):
            if count == 0:
                print(f"{line:5d}  {source[line - 1]}")
        return 0

    table = {name: (sum(1 for count in lines.values() if count > 0), len(lines)) for name, lines in files.items()}
    if arguments.files:
        for name, (covered, count) in sorted(table.items(), key=lambda item: (percent(*item[1]), item[0])):
            print(f"{percent(covered, count):6.1f} %  {count - covered:5d} of {count:5d} lines not reached  {name}")
    enough = bool(table)
    for folder in FOLDERS:
        inside = [value for name, value in table.items() if name.startswith(folder + "/")]
        covered, count = sum(c for c, _ in inside), sum(n for _, n in inside)
        print(f"{folder}/: {percent(covered, count):.1f} % of {count} lines")
        enough = enough and count > 0 and percent(covered, count) >= arguments.least
    if not enough:
        print(f"below {arguments.least:.0f} %: scripts/coverage --files says where")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
