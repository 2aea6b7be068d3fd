"""examples/cluster/run, as somebody would use it who has read its README."""

import os
import pathlib
import re
import select
import signal
import subprocess
import tempfile
import time
import unittest

from cluster_case import needs_nginx
from harness import postgres
from harness.http_client import HttpClient
from harness.postgres import die_with_us, free_port
from harness.programs import BIN, PATIENCE, ROOT, clean_environment, ctl_json

RUN = ROOT / "examples" / "cluster" / "run"


def as_from_a_terminal():
    """A shell cannot trap what was ignored when it started, as Ctrl-C is in the background of another."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    die_with_us()


@needs_nginx
@unittest.skipUnless(postgres.is_installed(), "PostgreSQL is not installed")
class Example(unittest.TestCase):
    def run_it(self, *arguments):
        process = subprocess.Popen(
            [RUN, "--port", str(free_port()), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=clean_environment(OAUTH2_BIN=str(BIN)),
            preexec_fn=as_from_a_terminal,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        """As it wants to be ended: killed, it could not end what it started."""
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)

    def output(self, process):
        return process.communicate(timeout=2 * PATIENCE)[0].decode()

    def greeting(self, process):
        """All that it prints once it answers."""
        text = b""
        end = time.monotonic() + 2 * PATIENCE
        while b"Ctrl-C" not in text and time.monotonic() < end:
            if select.select([process.stdout], [], [], 0.5)[0]:
                data = os.read(process.stdout.fileno(), 65536)
                if not data:
                    break
                text += data
        self.assertIn(b"Ctrl-C", text)
        return text.decode()

    def test_once_prints_a_token_and_ends(self):
        process = self.run_it("--once")
        out = self.output(process)
        self.assertEqual(process.returncode, 0, out)
        self.assertRegex(out, r"\Ao2a_\w{49}\n\Z")

    def test_it_serves_until_it_is_told_to_end_and_then_nothing_is_left(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                process = self.run_it()
                text = self.greeting(process)
                url = re.match(r"(http://\S+) answers", text).group(1)
                db = re.search(r"OAUTH2CTL_DB='(.*)'", text).group(1)
                folder = pathlib.Path(re.search(r"(/tmp/\S+)/\*\.log", text).group(1))
                pids = {path.stem: int(path.read_text()) for path in folder.glob("*.pid")}
                self.assertEqual(sorted(pids), ["nginx", "oauth2d-1", "oauth2d-2", "postgres"])
                self.assertEqual(HttpClient(url).get("/readyz").status, 200)
                metadata = HttpClient(url).get("/.well-known/oauth-authorization-server").json()
                self.assertEqual(metadata["issuer"], url)
                self.assertEqual([s["name"] for s in ctl_json(db, "scope", "list")], ["user:email"])
                os.kill(process.pid, number)
                self.assertEqual(process.wait(PATIENCE), 0)
                self.assertFalse(folder.exists())
                for name, pid in pids.items():
                    self.assertFalse(pathlib.Path(f"/proc/{pid}").exists(), name)

    def test_a_kept_database_is_there_again(self):
        with tempfile.TemporaryDirectory(prefix="oauth2-kept-", dir="/tmp") as folder:
            pathlib.Path(folder).chmod(0o711)
            port = str(free_port())
            for clients in (1, 2):
                process = self.run_it("--data", folder + "/data", "--port", port, "--once")
                out = self.output(process)
                self.assertRegex(out, r"\Ao2a_\w{49}\n\Z", clients)

    def test_what_it_does_not_know_is_a_usage_error(self):
        for arguments in (("--prot", "9000"), ("--port", "x"), ("--port",)):
            with self.subTest(arguments):
                process = self.run_it(*arguments)
                out = self.output(process)
                self.assertEqual((process.returncode, out.split()[:2]), (2, ["One", "PostgreSQL,"]), out)
