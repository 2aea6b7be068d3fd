#!/usr/bin/python3
r"""Runs the stories in *.txt: what people and scripts type at oauth2ctl and oauth2d, and what must come back.

    run_stories.py --bin DIR [FILE...] [--database postgresql] [--only TEXT] [--keep]

A file holds stories. Each starts with a comment, the sentence that it shows, and runs in a fresh directory
with HOME, XDG_DATA_HOME and OAUTH2CTL_DB inside it and DIR first in PATH. On PostgreSQL OAUTH2CTL_DB is the
URL of a fresh schema; $PG_SCHEMA is its name, $PG_URL the server's URL without it, and $PG_TCP is the same
server as HOST:PORT, without TLS, where the role $PG_ROLE, which has no rights, signs in with $PG_PASSWORD.
Lines:

    # A taken name is refused.      starts a story; a further comment line goes on with the sentence
    $ oauth2ctl client list -q      a command for bash; what follows is said about it
    > abc                           a line of stdout, exactly
    >~ a.c                          a line of stdout, as a regular expression
    > ...                           any number of lines
    ! abc, !~ a.c, ! ...            the same of stderr
    exit 4                          the exit code, else 0
    save NAME                       keeps its stdout in $NAME for the commands after it
    type y                          the command runs on a terminal, and this is typed once it has asked;
                                    its stderr is then what the terminal shows
    init FLAGS                      makes a database: oauth2ctl init, its output unseen
    port NAME                       keeps a port of 127.0.0.1 in $NAME that only the story's own servers get
    server FLAGS                    starts oauth2d on a free port of 127.0.0.1, or where --listen says: $URL, $PORT
    stop                            stops it, and it must exit with 0; else it is killed at the end
    background COMMAND              starts a command that runs until the story ends
    sql STATEMENT                   done on the story's database past the programs; knows $NAME of the story
    only sqlite, only postgresql    the story is left out with the other database

A line that ends with " \" goes on in the next. Where nothing is said of stdout or stderr, it must be empty.
"""

import argparse
import contextlib
import difflib
import glob
import os
import pathlib
import re
import select
import signal
import string
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from harness import planted, postgres  # noqa: E402

STORY_SECONDS = 180
SERVER_SECONDS = 30


class Failed(Exception):
    pass


def logical_lines(path):
    """Yields (number, line); one that ends with a backslash goes on in the next."""
    whole = ""
    for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if whole:
            line = whole + line.lstrip(" ")
        whole = line[:-1] if line.endswith(" \\") else ""
        if not whole:
            yield number, line


def read_stories(path):
    """Yields (line number, sentence, [(line number, keyword, rest)])."""
    story = None
    previous_was_title = False
    for number, line in logical_lines(path):
        if line.startswith("#"):
            text = line.lstrip("# ").rstrip()
            if previous_was_title and story:
                story[1] += " " + text
            else:
                if story:
                    yield story
                story = [number, text, []]
            previous_was_title = True
            continue
        previous_was_title = False
        if not line.strip():
            continue
        if story is None:
            raise SystemExit(f"{path}:{number}: a story starts with a comment")
        keyword, _, rest = line.partition(" ")
        known = ("$", ">", ">~", "!", "!~", "exit", "save", "type", "port", "server", "stop", "background",
                 "init", "sql", "only")
        if keyword not in known:
            raise SystemExit(f"{path}:{number}: unknown keyword '{keyword}'")
        story[2].append((number, keyword, rest))
    if story:
        yield story


def steps_of(lines):
    """Gathers what is said about each command behind it."""
    steps = []
    for number, keyword, rest in lines:
        if keyword in ("$", "port", "server", "stop", "background", "init", "sql"):
            steps.append({"line": number, "do": keyword, "text": rest, "out": [], "err": [], "exit": 0,
                          "save": None, "type": []})
        elif keyword in (">", ">~"):
            steps[-1]["out"].append((keyword == ">~", rest))
        elif keyword in ("!", "!~"):
            steps[-1]["err"].append((keyword == "!~", rest))
        elif keyword == "exit":
            steps[-1]["exit"] = int(rest)
        elif keyword == "save":
            steps[-1]["save"] = rest
        elif keyword == "type":
            steps[-1]["type"].append(rest)
    return steps


def fits(wanted, lines):
    """True when the lines are those wanted; `...` stands for any number of lines."""
    if not wanted:
        return not lines
    is_pattern, text = wanted[0]
    if not is_pattern and text == "...":
        return any(fits(wanted[1:], lines[i:]) for i in range(len(lines) + 1))
    if not lines:
        return False
    same = re.search(text, lines[0]) if is_pattern else text == lines[0]
    return bool(same) and fits(wanted[1:], lines[1:])


def difference(name, wanted, lines):
    plain = [("/" + text + "/" if is_pattern else text) for is_pattern, text in wanted]
    return "\n".join(difflib.unified_diff(plain, lines, f"wanted {name}", f"seen {name}", lineterm="", n=20))


def is_for(lines, database):
    only = {rest for _, keyword, rest in lines if keyword == "only"}
    return not only or database in only


class PostgresqlDatabase:
    """A fresh schema, and what a story may know of it."""

    def __init__(self):
        server = postgres.shared()
        tcp = os.environ["OAUTH2_TEST_POSTGRESQL_TCP"]
        role, password, address = re.fullmatch(r"postgresql://(.*):(.*)@(.*)/postgres", tcp).groups()
        self.schema = postgres.Schema(server)
        self.environment = {
            "OAUTH2CTL_DB": self.schema.url, "PG_SCHEMA": self.schema.name, "PG_URL": server,
            "PG_TCP": address, "PG_ROLE": role, "PG_PASSWORD": password,
        }

    def close(self):
        self.schema.drop()


class SqliteDatabase:
    def __init__(self, directory):
        self.environment = {"OAUTH2CTL_DB": directory + "/oauth2.db"}

    def close(self):
        pass


class Story:
    def __init__(self, programs, directory, database):
        self.directory = directory
        self.server = None
        self.others = []
        self.deadline = time.monotonic() + STORY_SECONDS
        self.environment = {
            "PATH": programs + ":" + os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": directory,
            "XDG_DATA_HOME": directory + "/data",
            **database.environment,
            "LANG": "C.UTF-8",
            "TERM": "xterm",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def left(self):
        return max(0.1, self.deadline - time.monotonic())

    def shell(self, text):
        return ["/bin/bash", "-c", text]

    def run(self, step):
        {"$": self.run_command, "port": self.take_port, "server": self.start_server,
         "stop": self.stop_server, "background": self.start_other, "init": self.make_database,
         "sql": self.run_sql}[step["do"]](step)

    def make_database(self, step):
        self.run_command({**step, "text": "oauth2ctl init -q " + step["text"], "out": [(False, "...")]})

    def run_sql(self, step):
        statement = string.Template(step["text"]).safe_substitute(self.environment)
        try:
            with planted.opened(self.environment["OAUTH2CTL_DB"]) as connection:
                connection.execute(statement)
        except Exception as error:
            raise Failed(f"line {step['line']}: sql {statement}\n{error}") from error

    def run_command(self, step):
        out, err, code = self.on_terminal(step) if step["type"] else self.in_pipes(step)
        problems = []
        if code != step["exit"]:
            problems.append(f"exit code {code}, not {step['exit']}")
        for name, wanted, text in (("stdout", step["out"], out), ("stderr", step["err"], err)):
            if not fits(wanted, text.splitlines()):
                if name == "stdout" and step["save"] and not wanted:
                    continue
                problems.append(difference(name, wanted, text.splitlines()))
        if problems:
            raise Failed("\n".join([f"line {step['line']}: $ {step['text']}"] + problems))
        if step["save"]:
            self.environment[step["save"]] = out.rstrip("\n")

    def in_pipes(self, step):
        try:
            done = subprocess.run(self.shell(step["text"]), cwd=self.directory, env=self.environment,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=self.left(),
                                  start_new_session=True, check=False)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"line {step['line']}: $ {step['text']}\n"
                         f"still running after {STORY_SECONDS} s") from error
        out, err = (text.decode("utf-8", "backslashreplace") for text in (done.stdout, done.stderr))
        return out, err, done.returncode

    def on_terminal(self, step):
        """stdin and stderr are a terminal, stdout is a pipe."""
        master, slave = os.openpty()
        process = subprocess.Popen(self.shell(step["text"]), cwd=self.directory, env=self.environment,
                                   stdin=slave, stdout=subprocess.PIPE, stderr=slave, start_new_session=True)
        os.close(slave)
        seen = b""
        to_type = list(step["type"])
        out = b""
        asked_at = 0
        while True:
            if time.monotonic() > self.deadline:
                process.kill()
                raise Failed(f"line {step['line']}: $ {step['text']}\n"
                             f"still waiting; the terminal shows {seen!r}")
            ready, _, _ = select.select([master, process.stdout], [], [], 0.05)
            if master in ready:
                try:
                    seen += os.read(master, 4096)
                except OSError:   # nobody holds the other end any more
                    break
            if process.stdout in ready:
                out += os.read(process.stdout.fileno(), 65536)
            if to_type and len(seen) > asked_at and re.search(rb"(: |\] )$", seen):
                os.write(master, to_type.pop(0).encode() + b"\n")
                asked_at = len(seen)
        out += process.stdout.read()
        code = process.wait(self.left())
        os.close(master)
        return out.decode(), seen.decode("utf-8", "backslashreplace").replace("\r\n", "\n"), code

    def take_port(self, step):
        self.environment[step["text"]] = str(postgres.free_port())

    def start_server(self, step):
        self.log_path = self.directory + "/oauth2d.log"
        listen = "" if "--listen" in step["text"] else "--listen 127.0.0.1:0"
        command = f"exec oauth2d {listen} {step['text']}"
        with open(self.log_path, "wb") as log:
            self.server = subprocess.Popen(self.shell(command), cwd=self.directory,
                                           env=self.environment, stdin=subprocess.DEVNULL,
                                           stdout=log, stderr=log)
        until = time.monotonic() + SERVER_SECONDS
        while not (greeting := re.search(r"oauth2d: listening on (\S+:(\d+))\n", self.log())):
            if self.server.poll() is not None or time.monotonic() > until:
                raise Failed(f"line {step['line']}: oauth2d does not listen:\n{self.log()}")
            time.sleep(0.02)
        self.environment["URL"], self.environment["PORT"] = greeting.groups()

    def log(self):
        return pathlib.Path(self.log_path).read_text(encoding="utf-8", errors="replace")

    def stop_server(self, step):
        self.server.send_signal(signal.SIGTERM)
        try:
            code = self.server.wait(SERVER_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"line {step['line']}: oauth2d does not stop:\n{self.log()}") from error
        self.server = None
        if code != 0:
            raise Failed(f"line {step['line']}: oauth2d stopped with {code}:\n{self.log()}")

    def start_other(self, step):
        self.others.append(subprocess.Popen(self.shell(step["text"]), cwd=self.directory,
                                            env=self.environment, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                            start_new_session=True))

    def close(self):
        if self.server and self.server.poll() is None:
            self.server.kill()
            self.server.wait()
        for process in self.others:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()


def run_story(programs, lines, keep, database):
    with tempfile.TemporaryDirectory(prefix="story-", ignore_cleanup_errors=True) as directory, \
            contextlib.closing(PostgresqlDatabase() if database == "postgresql"
                               else SqliteDatabase(directory)) as own:
        story = Story(programs, directory, own)
        try:
            for step in steps_of(lines):
                story.run(step)
        except Failed:
            if keep:
                os.rename(directory, directory + ".kept")
                os.mkdir(directory)
                print(f"kept: {directory}.kept")
            raise
        finally:
            story.close()


def main():
    parser = argparse.ArgumentParser(description="runs the stories; see the top of this file")
    parser.add_argument("--bin", required=True, help="the directory with oauth2ctl and oauth2d")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--only", help="only stories whose sentence has this text")
    parser.add_argument("--keep", action="store_true", help="keep the directory of a failed story")
    parser.add_argument("files", nargs="*", help="else all beside this program")
    arguments = parser.parse_args()
    postgres.end_on_signals()
    programs = str(pathlib.Path(arguments.bin).resolve())
    files = arguments.files or sorted(glob.glob(str(pathlib.Path(__file__).resolve().parent / "*.txt")))
    passed = failed = 0
    for path in files:
        for number, sentence, lines in read_stories(path):
            if arguments.only and arguments.only not in sentence or not is_for(lines, arguments.database):
                continue
            try:
                run_story(programs, lines, arguments.keep, arguments.database)
                passed += 1
            except Failed as error:
                failed += 1
                print(f"FAILED {os.path.basename(path)}:{number}: {sentence}")
                print("  " + str(error).replace("\n", "\n  "))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
