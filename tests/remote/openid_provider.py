"""oidc-provider, running for the tests: openid_provider.mjs."""

import json
import pathlib
import queue
import shutil
import subprocess
import threading

from harness.programs import PATIENCE

HERE = pathlib.Path(__file__).resolve().parent
ALGORITHMS = ("EdDSA", "ES256", "RS256")


class OpenidProvider:
    """Running, at `issuer`. `callbacks`: where each client, named by the algorithm of its ID tokens, is sent
    back to. `remember` is called with each secret that it issues."""

    secret = "a-secret-at-the-openid-provider-0123456789"

    def __init__(self, callbacks, remember, access_token_seconds=3600, rotates=True):
        assert shutil.which("node"), "nodejs is not installed"
        assert (HERE / "node_modules").is_dir(), "run `npm ci` in tests/remote first"
        self._complaints = []
        self._answers = queue.Queue()
        self._remember = remember
        remember(self.secret)
        self.process = subprocess.Popen(
            ["node", HERE / "openid_provider.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read, self._complain)]
        for reader in self._readers:
            reader.start()
        self.issuer = self._order(
            callbacks=callbacks,
            secret=self.secret,
            access_token_seconds=access_token_seconds,
            rotates=rotates,
        )["issuer"]

    def _read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            for secret in said.get("issued", ()):
                self._remember(secret)
            if "issued" not in said:
                self._answers.put(said)
        self._answers.put(None)

    def _complain(self):
        self._complaints.extend(self.process.stderr)

    def _order(self, **order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self._answers.get(timeout=PATIENCE)
        assert answer is not None, "the OpenID provider ended:\n" + "".join(self._complaints)
        return answer

    def account(self, sub, **claims):
        """What it says of the person from now on."""
        self._order(accounts={sub: claims})
        return sub

    def close(self):
        """Also after it was stopped before, as a provider that is down."""
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for reader in self._readers:
            reader.join(PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()
