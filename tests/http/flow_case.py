"""oauth2ctl flow against a stand-in server that answers as no server should."""

import subprocess
import unittest

from harness.programs import OAUTH2CTL, PATIENCE, clean_environment
from harness.stand_in import StandIn

TOKENS = {"access_token": "the-token", "token_type": "Bearer", "expires_in": 600, "extra": {"a": [1, 2.5]}}
SECRET = "a-secret-that-nobody-may-see"


def environment(secret=None):
    own = {"OAUTH2CTL_DB": "/nowhere/oauth2.db", "HOME": "/nowhere"}  # no database is needed
    return clean_environment(**own, **({"OAUTH2_CLIENT_SECRET": secret} if secret else {}))


def flow(*arguments, secret=None, stdin=""):
    return subprocess.run([OAUTH2CTL, "flow", *arguments], input=stdin, capture_output=True, text=True,
                          env=environment(secret), timeout=PATIENCE)


class StandInCase(unittest.TestCase):
    def setUp(self):
        self.server = StandIn()
        self.addCleanup(self.server.close)
        self.server.answers["/token"] = TOKENS

    def flow(self, verb, *arguments, **options):
        result = flow(verb, "--issuer", self.server.issuer, "--client-id", "app", *arguments, **options)
        self.assertNotIn(SECRET, result.stdout + result.stderr)
        return result

    def assert_fails(self, result, code, words):
        self.assertEqual((result.returncode, result.stdout), (code, ""), result.stderr)
        self.assertRegex(result.stderr, words)

    def post_to(self, path):
        (request,) = self.server.asked(path)
        return request
