"""What the tests of the gate share: a running gate_probe and raw HTTP over a socket.

The tests want the program's path in GATE_PROBE and only the standard library:

    GATE_PROBE=build/dev/gate_probe /usr/bin/python3 -m unittest discover -s tests/gate -p '*_test.py'
"""

import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import tempfile
import time

PATIENCE = 30  # seconds after which a test gives up; no rule depends on it

GET = b"GET /next HTTP/1.1\r\nHost: a\r\n\r\n"
SLOW = b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"


class Probe:
    """A gate_probe of its own, on free ports unless told otherwise."""

    def __init__(self, *flags, listen=("127.0.0.1:0",), wrapper=(), preexec=None):
        command = [*wrapper, os.environ["GATE_PROBE"]]
        for address in listen:
            command += ["--listen", address]
        self.refusals = tempfile.TemporaryFile("a+b")  # read here and written there: each write goes to its end
        self.process = subprocess.Popen(
            [*command, *map(str, flags)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.refusals,
            preexec_fn=preexec, bufsize=0)  # select() knows nothing of what was read ahead
        self.addresses = []
        for _ in listen:
            line = self.process.stdout.readline().decode()
            if not line:
                break
            self.addresses.append(line.removeprefix("listening on ").strip())
        has_port = self.addresses and not listen[0].startswith("unix:")
        self.port = int(self.addresses[0].rpartition(":")[2]) if has_port else None

    def connect(self):
        return Client(socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE))

    def ask(self, request):
        """The one response to one request on a connection of its own."""
        with self.connect() as client:
            client.send(request)
            return client.response()

    def transcript(self, request):
        """All that comes back until the gate closes."""
        with self.connect() as client:
            client.send(request)
            return client.rest()

    def await_slow(self, count=1):
        """Until so many more requests for /slow have reached the handler, which answers none before it is told to."""
        for _ in range(count):
            assert select.select([self.process.stdout], [], [], PATIENCE)[0], "nobody serves /slow"
            line = self.process.stdout.readline()
            assert line == b"serving /slow\n", line

    def answer_slow(self, count=1):
        """So many of them."""
        self.process.stdin.write(b"\n" * count)

    def await_idle(self):
        """Until all its threads sleep: a client may have its answer before the gate waits for the next request."""
        end = time.monotonic() + PATIENCE
        while self.states() != {"S"} and time.monotonic() < end:
            time.sleep(0.001)

    def states(self):
        """Of its threads: S for one that sleeps. One that ends meanwhile has none."""
        found = set()
        for stat in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/stat"):
            try:
                found.add(stat.read_text().rpartition(") ")[2][0])
            except OSError:
                pass
        return found

    def is_alive(self):
        return self.ask(GET).status == 200

    def refusal_lines(self):
        self.refusals.seek(0)
        return self.refusals.read().decode().splitlines()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self):
        return self.process.wait(PATIENCE)

    def stop(self):
        """Ends it in any case; the exit code."""
        self.process.stdin.close()  # whoever serves /slow still answers
        if self.process.poll() is None:
            self.terminate()
        try:
            code = self.wait()
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.wait()
        self.process.stdout.close()
        self.refusals.close()
        return code


class Response:
    def __init__(self, status, fields, body):
        self.status = status
        self.fields = fields
        self.body = body

    def field(self, name):
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        assert len(values) < 2, f"{name} twice: {values}"
        return values[0] if values else None

    def json(self):
        return json.loads(self.body)


class Client:
    """One connection: requests as bytes, responses parsed as plainly as possible."""

    def __init__(self, raw):
        self.socket = raw
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def drip(self, data, pause):
        """Byte by byte; stops when the gate has closed."""
        for index in range(len(data)):
            try:
                self.socket.sendall(data[index:index + 1])
            except OSError:
                return
            time.sleep(pause)

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def _more(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return data

    def head(self):
        while b"\r\n\r\n" not in self.buffer:
            if not self._more():
                raise EOFError(f"closed in a response head: {self.buffer!r}")
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1", first
        return int(status), [tuple(line.split(": ", 1)) for line in lines]

    def response(self, head_only=False):
        status, fields = self.head()
        length = next((int(value) for name, value in fields if name == "Content-Length"), 0)
        if head_only:
            length = 0
        while len(self.buffer) < length:
            if not self._more():
                raise EOFError("closed in a response body")
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Response(status, fields, body)

    def rest(self):
        while self._more():
            pass
        data, self.buffer = self.buffer, b""
        return data

    def is_closed(self):
        """Whether the gate ends the connection without another byte; a reset counts."""
        try:
            return self.rest() == b""
        except ConnectionError:
            return True


def post(body, *fields, path="/"):
    lines = [f"POST {path} HTTP/1.1", "Host: a", *fields, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(*chunks, path="/"):
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    return head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
