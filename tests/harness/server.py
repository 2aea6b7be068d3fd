"""A running oauth2d."""

import json
import signal
import subprocess
import threading
import time

from .http_client import HttpClient
from .programs import OAUTH2D, PATIENCE, clean_environment

GREETING = "oauth2d: listening on "


def eventually(condition, patience=PATIENCE):
    """Waits until `condition()` is true and returns what it gave; the last answer when it never was."""
    end = time.monotonic() + patience
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return value


class DidNotStart(AssertionError):
    def __init__(self, code, stderr):
        super().__init__(f"oauth2d ended with exit code {code}:\n{stderr}")
        self.code = code
        self.stderr = stderr


class Server:
    """Started when made, on free ports unless told otherwise; `with` stops it. Else DidNotStart."""

    def __init__(
        self, db, *flags, listen=("127.0.0.1:0",), log_format="json", wrapper=(), preexec=None, env=None
    ):
        command = [*wrapper, OAUTH2D, "--db", str(db), "--log-format", log_format]
        for address in listen:
            command += ["--listen", address]
        self.process = subprocess.Popen(
            [*command, *map(str, flags)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=clean_environment(**(env or {})),
            preexec_fn=preexec,
        )
        self._lines = []
        self.addresses = []
        self._greeted = threading.Event()
        self._may_read = threading.Event()
        self._may_read.set()
        self._reader = threading.Thread(target=self._read, args=(len(listen),), daemon=True)
        self._reader.start()
        if not self._greeted.wait(PATIENCE) or not self.addresses:
            self.process.kill()
            code = self.process.wait(PATIENCE)
            self._reader.join(PATIENCE)
            self.process.stderr.close()
            raise DidNotStart(code, self.stderr())
        self.http = HttpClient(self.addresses[0])

    def _read(self, expected):
        for line in self.process.stderr:
            text = line.decode("utf-8", "backslashreplace")
            self._lines.append(text)
            if text.startswith(GREETING):
                self.addresses.append(text.removeprefix(GREETING).strip())
                if len(self.addresses) >= expected:
                    self._greeted.set()
            self._may_read.wait()
        self._greeted.set()

    def read_log(self, yes):
        """False: as if nobody read the pipe that stderr is, until the server has filled it."""
        (self._may_read.set if yes else self._may_read.clear)()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self.process.pid

    @property
    def port(self):
        return int(self.addresses[0].rpartition(":")[2])

    def is_up(self):
        return self.process.poll() is None

    def stderr(self):
        return "".join(self._lines)

    def log(self):
        """The log's lines as objects; what is no JSON was for people and is left out."""
        return [json.loads(line) for line in list(self._lines) if line.startswith("{")]

    def log_line(self, request_id):
        """The line of one request; the log is written a moment after the answer."""

        def find():
            return [line for line in self.log() if line.get("request_id") == request_id]

        return (eventually(find) or [None])[0]

    def signal(self, number):
        self.process.send_signal(number)

    def reload(self):
        """SIGHUP, and until the log says that it was obeyed."""

        def count():
            return sum(line["event"].startswith("configuration ") for line in self.log())

        before = count()
        self.signal(signal.SIGHUP)
        return eventually(lambda: count() > before)

    def kill(self):
        self.process.kill()
        return self._end()

    def stop(self):
        """SIGTERM; the exit code. Killed when it does not obey."""
        if self.is_up():
            self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
        return self._end()

    def _end(self):
        code = self.process.wait(PATIENCE)
        self._may_read.set()
        self._reader.join(PATIENCE)
        if not self._reader.is_alive():  # else a child holds the pipe open
            self.process.stderr.close()
        return code
