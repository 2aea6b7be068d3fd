"""Node scripts that a test talks with (conversation.mjs): the script is the client, the test is the user."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import threading

from harness.programs import PATIENCE

from interop_case import CALLBACK, InteropCase

HERE = pathlib.Path(__file__).resolve().parent


class NodeCase(InteropCase):
    script = None

    @classmethod
    def setUpClass(cls):
        assert shutil.which("node"), "nodejs is not installed"
        assert (HERE / "node_modules").is_dir(), "run `npm ci` in tests/interop first"
        super().setUpClass()

    def run_flow(self, flow, client, method, visit=None, **more):
        """What the script's `flow` returns; `visit` is called with each URL that it sends the user to."""
        given = {
            "flow": flow,
            "issuer": self.site.issuer,
            "client_id": client.id,
            "client_secret": client.secret,
            "method": method,
            "redirect_uri": CALLBACK,
            "scope": "read",
            **more,
        }
        with (
            tempfile.TemporaryFile("w+") as stderr,
            subprocess.Popen(
                ["node", HERE / self.script],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            ) as node,
        ):
            end = threading.Timer(2 * PATIENCE, node.kill)
            end.start()
            try:
                return self.converse(node, given, visit)
            except (EOFError, BrokenPipeError):
                node.wait()
                stderr.seek(0)
                self.fail(f"{self.script} {flow} ended with exit code {node.returncode}:\n{stderr.read()}")
            finally:
                end.cancel()
                node.kill()

    def converse(self, node, given, visit):
        while True:
            node.stdin.write(json.dumps(given) + "\n")
            node.stdin.flush()
            line = node.stdout.readline()
            if not line:
                raise EOFError
            said = json.loads(line)
            if "result" in said:
                return said["result"]
            given = visit(said["visit"])
