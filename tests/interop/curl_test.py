"""The first tour of the README and curl's habits."""

import json
import os
import shutil
import subprocess
import unittest

from harness.programs import PATIENCE

from interop_case import InteropCase


@unittest.skipUnless(shutil.which("curl"), "curl is not installed")
class Curl(InteropCase):
    def curl(self, *arguments):
        result = subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_the_first_tour_works_as_it_is_told(self):
        who = f"{self.basic.id}:{self.basic.secret}"
        token = json.loads(self.curl("-u", who, "-d", "grant_type=client_credentials", self.token_url))[
            "access_token"
        ]
        ping = self.curl("-H", f"Authorization: Bearer {token}", self.ping_url)
        self.assertEqual(json.loads(ping), {"ping": "pong"})
        document = json.loads(self.curl("-u", who, "-d", f"token={token}", self.introspect_url))
        self.assertTrue(document["active"])
        status = self.curl(
            "-o", os.devnull, "-w", "%{http_code}", "-u", who, "-d", f"token={token}", self.revoke_url
        )
        self.assertEqual(status, "200")
        document = json.loads(self.curl("-u", who, "-d", f"token={token}", self.introspect_url))
        self.assertEqual(document, {"active": False})

    def test_a_form_field_of_curl_is_taken_in_its_other_spellings(self):
        token = self.curl(
            "--data-urlencode",
            "grant_type=client_credentials",
            "--data-urlencode",
            "scope=read write",
            "-d",
            f"client_id={self.post.id}",
            "-d",
            f"client_secret={self.post.secret}",
            self.token_url,
        )
        self.assertEqual(sorted(json.loads(token)["scope"].split()), ["read", "write"])

    def test_a_large_body_with_expect_continue_does_not_stall(self):
        answer = self.curl(
            "-H",
            "Expect: 100-continue",
            "-u",
            f"{self.basic.id}:{self.basic.secret}",
            "-d",
            "grant_type=client_credentials&pad=" + "x" * 20000,
            self.token_url,
        )
        self.assertIn("access_token", json.loads(answer))
