#!/usr/bin/python3
"""Runs all tests (*_test.py) of the folders or files that are named, and ends with `N passed, N failed`.

Only failures are told at length. A skipped test counts as neither; it is listed with its reason.
With -k WORD only tests whose name has that word; with -v each test's time; with -j N the files are shared out among
N processes.
"""

import argparse
import contextlib
import importlib.util
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]


class Result(unittest.TestResult):
    def __init__(self, verbose):
        super().__init__()
        self.verbose = verbose
        self.passed = 0
        self.broken = []
        self.counted = set()
        self.current = None

    def startTest(self, test):
        super().startTest(test)
        self.current = test
        self.began = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        if self.verbose:
            print(f"{time.monotonic() - self.began:7.2f} s  {test.id()}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        if test.id() not in self.counted:
            self.passed += 1

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.fail_once(test, subtest, error)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.fail_once(test, test, error)

    def addError(self, test, error):
        super().addError(test, error)
        self.fail_once(test, test, error)

    def addExpectedFailure(self, test, error):
        super().addExpectedFailure(test, error)
        self.passed += 1

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.counted.add(test.id())
        print(f"FAILED  {test.id()}\n  it was expected to fail and did not\n", flush=True)

    def clean_up(self):
        """After an interruption, which unittest takes as the end of everything."""
        if self.current:
            self.current.doCleanups()
            self.current.doClassCleanups()

    def fail_once(self, test, where, error):
        self.counted.add(test.id())
        print(f"FAILED  {where.id()}\n{self._exc_info_to_string(error, test)}", flush=True)


def test_files(places):
    for place in map(pathlib.Path, places):
        if place.is_dir():
            yield from sorted(place.rglob("*_test.py"))
        else:
            yield place


def load(path):
    """As a module of its own name: folders may have files of the same name."""
    name = ".".join(path.resolve().relative_to(TESTS).with_suffix("").parts)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))  # for what a folder's tests share
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        return [unittest.FunctionTestCase(import_that_raises(error), description=f"import of {name}")]
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def import_that_raises(error):
    def importing():
        raise error

    return importing


def flatten(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flatten(item)
        else:
            yield item


def shared_out(files, count):
    """About as much for each, going by size."""
    parts = [[] for _ in range(count)]
    for path in sorted(files, key=lambda path: -path.stat().st_size):
        min(parts, key=lambda part: sum(one.stat().st_size for one in part)).append(path)
    return [part for part in parts if part]


def run_in_parts(options, files):
    """Each part in a process of its own; what they print, one after the other, and their sums."""
    more = ["-k", options.k] + (["-v"] if options.v else [])
    with contextlib.ExitStack() as stack:
        children = []
        for part in shared_out(files, options.j):
            out = stack.enter_context(tempfile.TemporaryFile("w+"))
            command = [sys.executable, __file__, *more, *map(str, part)]
            child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, text=True)
            stack.callback(child.wait)
            stack.callback(child.terminate)
            children.append((child, out))
        passed = failed = 0
        for child, out in children:
            child.wait()
            out.seek(0)
            *lines, last = out.read().splitlines() or [""]
            counts = re.fullmatch(r"(\d+) passed, (\d+) failed", last)
            print(*lines, *([] if counts else [last]), sep="\n")
            passed += int(counts[1]) if counts else 0
            failed += int(counts[2]) if counts else 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("places", nargs="+", metavar="PLACE")
    parser.add_argument("-k", default="", metavar="WORD")
    parser.add_argument("-v", action="store_true")
    parser.add_argument("-j", type=int, default=1, metavar="N")
    options = parser.parse_args()
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(TESTS))
    from harness.postgres import end_on_signals
    from harness.programs import OAUTH2CTL, OAUTH2D

    for program in (OAUTH2D, OAUTH2CTL):
        if not pathlib.Path(program).exists():
            parser.exit(2, f"{program} is not there: build it, or name its folder in OAUTH2_BIN\n")
    end_on_signals()
    if options.j > 1:
        return run_in_parts(options, list(test_files(options.places)))
    result = Result(options.v)
    chosen = [
        test for path in test_files(options.places) for test in flatten(load(path)) if options.k in test.id()
    ]
    try:
        unittest.TestSuite(chosen).run(result)
    except KeyboardInterrupt:
        result.clean_up()
        raise SystemExit("interrupted")
    for test, reason in result.skipped:
        print(f"skipped  {test.id()}: {reason}")
    print(f"{result.passed} passed, {len(result.counted)} failed")
    return 1 if result.counted or not result.passed else 0


if __name__ == "__main__":
    sys.exit(main())
