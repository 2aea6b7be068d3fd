"""Libraries that others wrote get, check and revoke tokens here without any special treatment."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import unittest
import warnings

from harness.programs import PATIENCE
from harness.site import Site

HERE = pathlib.Path(__file__).resolve().parent


def free_port():
    """For the issuer, which must be known before the server has its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class InteropCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        port = free_port()
        cls.site = Site(f"http://127.0.0.1:{port}")
        cls.addClassCleanup(cls.site.close)
        cls.site.scopes("read", "write")
        scopes = ("--scope", "read", "--scope", "write")
        cls.basic = cls.site.client("basic", *scopes)
        cls.post = cls.site.client("post", *scopes, "--auth-method", "client_secret_post")
        cls.odd = cls.site.client(
            "odd",
            *scopes,
            "--id",
            "odd.id_1-2",
            secret="50%-off + colons:and=ümläute & more than 32 characters",
        )
        cls.server = cls.site.server(listen=(f"127.0.0.1:{port}",))
        cls.addClassCleanup(cls.server.stop)
        cls.token_url = f"{cls.site.issuer}/oauth/token"
        cls.introspect_url = f"{cls.site.issuer}/oauth/introspect"
        cls.revoke_url = f"{cls.site.issuer}/oauth/revoke"
        cls.ping_url = f"{cls.site.issuer}/oauth/ping"


class RequestsOauthlib(InteropCase):
    @classmethod
    def setUpClass(cls):
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
        cls.addClassCleanup(os.environ.pop, "OAUTHLIB_INSECURE_TRANSPORT")
        super().setUpClass()

    def session(self, client_id, scope=None):
        from oauthlib.oauth2 import BackendApplicationClient
        from requests_oauthlib import OAuth2Session

        session = OAuth2Session(client=BackendApplicationClient(client_id=client_id, scope=scope))
        self.addCleanup(session.close)
        return session

    def test_a_backend_application_gets_a_token_and_uses_it(self):
        session = self.session(self.basic.id, scope=["read"])
        token = session.fetch_token(self.token_url, client_id=self.basic.id, client_secret=self.basic.secret)
        self.assertEqual(
            (token["token_type"], token["scope"], token["expires_in"]), ("Bearer", ["read"], 3600)
        )
        self.assertEqual(session.get(self.ping_url).json(), {"ping": "pong"})

    def test_a_client_registered_for_post_sends_its_secret_in_the_form(self):
        session = self.session(self.post.id)
        token = session.fetch_token(
            self.token_url,
            client_id=self.post.id,
            client_secret=self.post.secret,
            include_client_id=True,
            auth=None,
        )
        self.assertEqual(sorted(token["scope"]), ["read", "write"])

    def test_a_refusal_arrives_as_the_librarys_own_error(self):
        from oauthlib.oauth2 import InvalidClientError, InvalidScopeError

        with self.assertRaises(InvalidClientError):
            self.session(self.basic.id).fetch_token(
                self.token_url, client_id=self.basic.id, client_secret="wrong"
            )
        with self.assertRaises(InvalidScopeError):
            self.session(self.basic.id, scope=["none-such"]).fetch_token(
                self.token_url, client_id=self.basic.id, client_secret=self.basic.secret
            )


class Authlib(InteropCase):
    def session(self, client, method, **more):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from authlib.integrations.requests_client import OAuth2Session
        session = OAuth2Session(
            client.id,
            client.secret,
            token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
            **more,
        )
        self.addCleanup(session.close)
        return session

    def test_a_token_is_got_checked_and_revoked_by_basic_and_by_post(self):
        for client, method in ((self.basic, "client_secret_basic"), (self.post, "client_secret_post")):
            with self.subTest(method):
                session = self.session(client, method, scope="read")
                token = session.fetch_token(self.token_url, grant_type="client_credentials")
                self.assertEqual((token["token_type"], token["scope"]), ("Bearer", "read"))
                self.assertEqual(session.get(self.ping_url).json(), {"ping": "pong"})
                access_token = token["access_token"]
                document = session.introspect_token(
                    self.introspect_url, token=access_token, token_type_hint="access_token"
                ).json()
                self.assertEqual((document["active"], document["client_id"]), (True, client.id))
                answer = session.revoke_token(
                    self.revoke_url, token=access_token, token_type_hint="access_token"
                )
                self.assertEqual(answer.status_code, 200)
                document = session.introspect_token(self.introspect_url, token=access_token).json()
                self.assertEqual(document, {"active": False})

    def test_a_refusal_arrives_as_the_librarys_own_error(self):
        from authlib.integrations.base_client import OAuthError

        with self.assertRaises(OAuthError) as caught:
            self.session(self.basic, "client_secret_basic", scope="none-such").fetch_token(
                self.token_url, grant_type="client_credentials"
            )
        self.assertEqual(caught.exception.error, "invalid_scope")


class OpenidClient(InteropCase):
    def run_client(self, client, method):
        self.assertTrue((HERE / "node_modules").is_dir(), "run `npm ci` in tests/interop first")
        result = subprocess.run(
            ["node", HERE / "openid_client.mjs", self.site.issuer, client.id, client.secret, method],
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def check(self, client, method):
        seen = self.run_client(client, method)
        self.assertEqual(seen["issuer"], self.site.issuer)
        self.assertEqual((seen["tokens"]["token_type"], seen["tokens"]["scope"]), ("Bearer", "read"))
        self.assertEqual((seen["before"]["active"], seen["before"]["sub"]), (True, client.id))
        self.assertEqual(seen["after"], {"active": False})
        self.assertEqual(seen["refusal"], "invalid_scope")

    def test_it_discovers_gets_checks_and_revokes_by_basic(self):
        self.check(self.basic, "client_secret_basic")

    def test_it_discovers_gets_checks_and_revokes_by_post(self):
        self.check(self.post, "client_secret_post")

    def test_it_encodes_a_difficult_secret_as_we_decode_it(self):
        self.check(self.odd, "client_secret_basic")


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
