#!/usr/bin/python3
"""A PostgreSQL server to throw away: Debian's programs, a temporary directory, a unix socket in it.

    postgres.py run -- COMMAND…   runs COMMAND with OAUTH2_TEST_POSTGRESQL, the URL of such a server
    postgres.py installed         exits with 0 where that can be done

The one of `run` also listens on 127.0.0.1, there with passwords (SCRAM) and without TLS, for one role without
any rights; its URL is OAUTH2_TEST_POSTGRESQL_TCP. PostgreSQL refuses to run as root: then it runs as the user
postgres. It stays as durable as it comes (fsync is on), for what is tested is what survives.
"""

import argparse
import atexit
import contextlib
import ctypes
import glob
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

START_SECONDS = 60
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)

ROLE = "visitor"  # may sign in over TCP, and nothing else

HBA = """\
local all all trust
local replication all trust
host  all all 127.0.0.1/32 scram-sha-256
"""


def programs():
    """The folder of the newest installed server; None without one."""
    found = [pathlib.Path(path).parent for path in glob.glob("/usr/lib/postgresql/*/bin/postgres")]
    return max(found, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), default=None)


def is_installed():
    with contextlib.suppress(ImportError):
        import psycopg2  # noqa: F401

        return programs() is not None
    return False


HELD = []  # the sockets of free_port


def free_port():
    """A port of 127.0.0.1 for a server that is started later, or again. This program holds it until it ends:
    bound, so nobody else is given it; not listening, so clients are refused. A server that sets SO_REUSEADDR,
    as ours and all that the tests start do, listens beside."""
    probe = socket.socket()
    HELD.append(probe)
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    return probe.getsockname()[1]


def die_with_us():
    """In the child: should this program be killed, its server ends too (at once, as after a crash)."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


class Postgres:
    """Started when made; `with` stops it and removes it. `standby_of`: it follows that one until promoted."""

    def __init__(self, tcp=False, standby_of=None):
        self.bin = programs()
        if self.bin is None:
            raise RuntimeError("no PostgreSQL here: apt-get install postgresql python3-psycopg2")
        # /tmp: a socket's path must be short, and the user postgres must be able to get there.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="oauth2-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.port = free_port() if tcp else 5433 if standby_of else 5432
        self.tcp = tcp
        self.password = secrets.token_hex(16)
        self.process = None
        # Mode 0700 is what keeps others of this machine from a socket that trusts everybody.
        self.user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if self.user:
            shutil.chown(self.folder, "postgres", "postgres")
        atexit.register(self.close)
        try:
            if standby_of:
                self._copy(standby_of)
            else:
                self._initialise()
            self._configure()
            self.start()
            if tcp:
                self.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{self.password}'")
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Idempotent: it is also called at the program's end."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.close)

    def _run(self, name, *arguments):
        subprocess.run(
            [self.bin / name, *arguments], check=True, capture_output=True, cwd=self.folder, **self.user
        )

    def _initialise(self):
        # Only the making is not synced: a server that loses power now is made anew.
        self._run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        (self.data / "pg_hba.conf").write_text(HBA)

    def _copy(self, primary):
        # -R: the copy knows whom to follow.
        self._run(
            "pg_basebackup", "-D", self.data, "-U", "postgres", "-h", primary.folder, "-p", str(primary.port),
            "-R", "-X", "stream", "-c", "fast", "--no-sync",
        )  # fmt: skip

    def _configure(self):
        # Of a name that comes twice the last is taken: a copy has its primary's too.
        with open(self.data / "postgresql.conf", "a") as configuration:
            configuration.write(
                f"listen_addresses = '{'127.0.0.1' if self.tcp else ''}'\nport = {self.port}\n"
                f"unix_socket_directories = '{self.folder}'\n"
                "ssl = off\nmax_connections = 200\nshared_buffers = 32MB\n"
            )

    def start(self):
        """Returns when it takes connections, after recovery if it was killed."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # the terminal's Ctrl-C is for the tests; they stop it
                preexec_fn=die_with_us,
                **self.user,
            )
        end = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("PostgreSQL did not start:\n" + self.log.read_text(errors="replace"))
            time.sleep(0.02)

    def answers(self):
        asked = [self.bin / "pg_isready", "-q", "-U", "postgres", "-h", self.folder, "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    def is_up(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, mode="fast"):
        """fast: sessions are ended, all is written. immediate: as a crash; the next start recovers."""
        if self.is_up():
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal({"fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode])
            self.process.wait(START_SECONDS)

    def kill(self):
        """kill -9 of the postmaster; its backends notice by themselves and end, or no new one could start."""
        self._hold()
        backends = self._children()
        self.process.kill()
        self.process.wait(START_SECONDS)
        end = time.monotonic() + START_SECONDS
        while any(pathlib.Path(f"/proc/{pid}").exists() for pid in backends) and time.monotonic() < end:
            time.sleep(0.02)

    def promote(self):
        """Returns when the standby may be written to."""
        self.execute("SELECT pg_promote()")

    def is_followed(self):
        """Whether a standby has all that was written, and gets the rest as it comes."""
        return self.execute("SELECT state FROM pg_stat_replication") == [("streaming",)]

    def freeze(self):
        """Nobody new is let in and nothing is answered, though the socket is there: as on a stuck machine."""
        self._hold()
        self._signal_children(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)
        self._signal_children(signal.SIGCONT)

    def _hold(self):
        """Stops the postmaster, which from then on starts no other backend."""
        self.process.send_signal(signal.SIGSTOP)
        end = time.monotonic() + START_SECONDS
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat")
        while stat.read_text().rpartition(") ")[2][0] != "T" and time.monotonic() < end:
            time.sleep(0.001)

    def _signal_children(self, number):
        for pid in self._children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _children(self):
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in tasks.read_text().split()]

    # URLs

    def url(self, **parameters):
        return url_of(self, **parameters)

    def tcp_url(self):
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self.port}/postgres"

    def execute(self, sql, parameters=()):
        return execute(self.url(), sql, parameters)

    def environment(self):
        """What tests need to know."""
        named = {"OAUTH2_TEST_POSTGRESQL": self.url(), "OAUTH2_TEST_PSQL": str(self.bin / "psql")}
        return {**named, "OAUTH2_TEST_POSTGRESQL_TCP": self.tcp_url()} if self.tcp else named


def url_of(*servers, **parameters):
    """libpq's form; the directory of the socket is a parameter, for a host cannot have slashes. Of several
    servers libpq takes the first that will do."""
    hosts = ",".join(str(server.folder) for server in servers)
    ports = ",".join(str(server.port) for server in servers)
    query = {"host": hosts, "port": ports, **parameters}
    pairs = "&".join(f"{name}={urllib.parse.quote(value, safe=',')}" for name, value in query.items())
    return f"postgresql://postgres@/postgres?{pairs}"


def execute(url, sql, parameters=()):
    """One statement in a connection of its own; its rows, if it has any."""
    import psycopg2

    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(sql, parameters or None)
        return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


class Schema:
    """What a file is to SQLite: a place of its own, made empty, in the server that `base` names."""

    def __init__(self, base):
        self.base = base
        self.name = "s_" + secrets.token_hex(8)
        self.url = with_parameter(base, "options", f"-csearch_path={self.name}")
        execute(base, f"CREATE SCHEMA {self.name}")

    def drop(self):
        # Whoever was killed may hold its locks for a moment longer; a schema left behind harms nobody.
        with contextlib.suppress(Exception):
            execute(
                with_parameter(self.base, "options", "-clock_timeout=10s -cclient_min_messages=warning"),
                f"DROP SCHEMA IF EXISTS {self.name} CASCADE",
            )


def with_parameter(url, name, value):
    return url + ("&" if "?" in url else "?") + f"{name}={urllib.parse.quote(value, safe='')}"


def shared():
    """The URL of the server that the whole run shares: the environment's, else one started now."""
    if "OAUTH2_TEST_POSTGRESQL" not in os.environ:
        os.environ.update(Postgres(tcp=True).environment())
    return os.environ["OAUTH2_TEST_POSTGRESQL"]


def end_on_signals():
    """So that whoever is told to end cleans up first, as after Ctrl-C."""

    def end(number, _):
        raise KeyboardInterrupt(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def run(command):
    with Postgres(tcp=True) as server:
        # In a session of its own, so that all that it started can be told to end, and before the server does.
        child = subprocess.Popen(
            command, env={**os.environ, **server.environment()}, start_new_session=True
        )
        try:
            return child.wait()
        except KeyboardInterrupt:
            os.killpg(child.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(30)
            return 130


def main():
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], usage="%(prog)s run -- COMMAND… | installed"
    )
    parser.add_argument("what", choices=["run", "installed"])
    if parser.parse_args(words[:cut]).what == "installed":
        return 0 if is_installed() else 1
    command = words[cut + 1 :]
    if not command:
        parser.error("no command")
    end_on_signals()
    code = run(command)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
