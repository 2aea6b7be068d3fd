"""oauth2ctl flow code and device: what a browser brings, and how the server is polled."""

import pathlib
import re
import socket
import subprocess
import tempfile
import urllib.parse
import urllib.request

from flow_case import SECRET, TOKENS, StandInCase, environment
from harness.http_client import basic
from harness.postgres import free_port
from harness.programs import OAUTH2CTL, PATIENCE
from harness.server import eventually
from harness.stand_in import challenge_of


class Redirecting(urllib.request.HTTPErrorProcessor):
    """Errors and redirects are answers."""

    def http_response(self, request, response):
        return response


def browse(url, method="GET"):
    opener = urllib.request.build_opener(Redirecting, urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, method=method), timeout=PATIENCE) as response:
        return response.status, response.read().decode(), dict(response.headers)


class Code(StandInCase):
    """Each test is the browser: it reads the address from stderr and brings the answer."""

    def start(self, *arguments, secret=None, path=None):
        self.process = subprocess.Popen(
            [OAUTH2CTL, "flow", "code", "--issuer", self.server.issuer, "--client-id", "app", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**environment(secret), **({"PATH": path} if path else {})})
        self.addCleanup(self.process.stdout.close)
        self.addCleanup(self.process.stderr.close)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        self.address = ""
        for line in self.process.stderr:
            if line.startswith("http"):
                self.address = line.strip()
                self.advice = self.process.stderr.readline()
                break
        self.query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.address).query))
        return self.query

    def bring(self, **params):
        return browse(self.query["redirect_uri"] + "?" + urllib.parse.urlencode(params))

    def finish(self):
        out, err = self.process.communicate(timeout=PATIENCE)
        self.assertNotIn(SECRET, out + err)
        return self.process.returncode, out, err

    def test_the_code_is_exchanged_with_the_verifier_of_the_challenge(self):
        self.start("--scope", "read", "--resource", "https://api", "--bare", secret=SECRET)
        self.assertTrue(self.address.startswith(self.server.origin + "/authorize?"))
        self.assertEqual((self.query["response_type"], self.query["client_id"], self.query["scope"],
                          self.query["resource"], self.query["code_challenge_method"]),
                         ("code", "app", "read", "https://api", "S256"))
        self.assertRegex(self.query["redirect_uri"], r"\Ahttp://127\.0\.0\.1:\d+/callback\Z")
        status, page, fields = self.bring(code="the code", state=self.query["state"])
        self.assertEqual((status, fields["Cache-Control"]), (200, "no-store"))
        self.assertIn("You can close this window", page)
        self.assertIn("the client needs the redirect URI http://127.0.0.1/callback\n", self.advice)
        self.assertEqual(self.finish(), (0, "the-token\n", ""))
        _, form, fields = self.post_to("/token")
        self.assertEqual(challenge_of(form.pop("code_verifier")[0]), self.query["code_challenge"])
        self.assertEqual(form, {"grant_type": ["authorization_code"], "code": ["the code"],
                                "redirect_uri": [self.query["redirect_uri"]], "resource": ["https://api"]})
        self.assertEqual(fields["Authorization"], basic("app", SECRET))

    def test_the_address_to_open_is_the_first_that_stderr_names(self):
        quiet = self.flow("code", "--timeout", "1s", "--quiet").stderr
        usual = self.flow("code", "--timeout", "1s").stderr
        for said in (quiet, usual):
            first = re.search(r"\S*://\S*", said)[0]
            self.assertTrue(first.startswith(self.server.origin + "/authorize?"), said)
        self.assertNotIn("redirect URI", quiet)

    def test_each_sign_in_has_its_own_state_and_challenge(self):
        first = self.start()
        second = self.start()
        for name in ("state", "code_challenge"):
            self.assertGreaterEqual(len(first[name]), 22)
            self.assertNotEqual(first[name], second[name])

    def test_junk_and_foreign_answers_are_passed_over_until_the_right_one_comes(self):
        self.start("--bare")
        base = self.query["redirect_uri"].removesuffix("/callback")
        state = self.query["state"]
        self.assertEqual(browse(base + "/favicon.ico")[0], 404)
        self.assertEqual(browse(base + "/callback")[0], 400)
        self.assertEqual(self.bring(code="evil", state="wrong")[0], 400)
        self.assertEqual(self.bring(error="access_denied", state="wrong")[0], 400)
        self.assertEqual(browse(f"{base}/callback?code=a&code=b&state={state}")[0], 400)
        self.assertEqual(browse(f"{base}/callback?code=a&state={state}", "POST")[0], 405)
        where = ("127.0.0.1", urllib.parse.urlsplit(base).port)
        idle = [socket.create_connection(where, PATIENCE) for _ in range(20)]  # a browser's spare connections
        for junk in (b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01" + b"x" * 50, b"x" * 100_000):
            with socket.create_connection(where, PATIENCE) as peer:
                try:
                    peer.sendall(junk)
                except OSError:
                    pass
        self.assertEqual(self.bring(code="good", state=state)[0], 200)
        for peer in idle:
            peer.close()
        self.assertEqual(self.finish()[:2], (0, "the-token\n"))
        self.assertEqual(self.post_to("/token")[1]["code"], ["good"])

    def test_an_error_of_the_server_ends_the_wait_and_becomes_an_exit_code(self):
        for error, code in (("access_denied", 9), ("invalid_scope", 5)):
            self.start()
            status, page, _ = self.bring(error=error, error_description="<b>no\x1b", state=self.query["state"])
            self.assertEqual(status, 400)
            self.assertNotIn("<b>", page)
            exit_code, out, err = self.finish()
            self.assertEqual((exit_code, out), (code, ""))
            self.assertIn(rf"{error}: <b>no\x1b", err)
        self.assertEqual(self.server.asked("/token"), [])

    def test_an_answer_of_another_server_never_gets_the_code_exchanged(self):
        self.server.set_metadata(authorization_response_iss_parameter_supported=True)
        for more in ({}, {"iss": "https://evil.example.org"}):
            self.start()
            self.bring(code="x", state=self.query["state"], **more)
            code, out, err = self.finish()
            self.assertEqual((code, out), (1, ""))
            self.assertIn("'iss'", err)
        self.assertEqual(self.server.asked("/token"), [])
        self.start("--bare")
        self.bring(code="x", state=self.query["state"], iss=self.server.issuer)
        self.assertEqual(self.finish()[:2], (0, "the-token\n"))

    def test_a_pushed_request_leaves_only_its_reference_for_the_browser(self):
        self.server.answers["/par"] = (201, {"request_uri": "urn:x:1", "expires_in": 60}, {})
        for arguments, required in ((["--par"], False), ([], True)):
            self.server.requests.clear()
            self.server.set_metadata(require_pushed_authorization_requests=required)
            self.start("--bare", "--scope", "read", *arguments, secret=SECRET)
            self.assertEqual(self.query, {"client_id": "app", "request_uri": "urn:x:1"})
            _, form, fields = self.post_to("/par")
            self.assertEqual(fields["Authorization"], basic("app", SECRET))
            self.assertEqual((form["scope"], form["code_challenge_method"]), (["read"], ["S256"]))
            self.query = {name: values[0] for name, values in form.items()}
            self.bring(code="x", state=self.query["state"])
            self.assertEqual(self.finish()[:2], (0, "the-token\n"))

    def test_a_refused_push_ends_it_all(self):
        self.server.answers["/par"] = (400, {"error": "invalid_request"}, {})
        self.assert_fails(self.flow("code", "--par"), 5, "invalid_request")

    def test_the_wait_ends_and_a_port_that_is_taken_is_said_to_be(self):
        self.assert_fails(self.flow("code", "--timeout", "1s"), 1, "nobody signed in within")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            result = self.flow("code", "--port", str(taken.getsockname()[1]))
        self.assert_fails(result, 1, "cannot listen")

    def test_the_browser_is_opened_with_the_address_and_without_our_secrets(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        opener = pathlib.Path(folder.name, "xdg-open")
        seen = pathlib.Path(folder.name, "seen")
        opener.write_text(f'#!/bin/sh\n{{ echo "$@"; /usr/bin/env; }} > {seen}.new; /bin/mv {seen}.new {seen}\n')
        opener.chmod(0o755)
        self.start("--open", secret=SECRET, path=folder.name)
        self.assertTrue(eventually(seen.exists))
        arguments, _, variables = seen.read_text().partition("\n")
        self.assertEqual(arguments, self.address)
        self.assertNotIn(SECRET, variables)
        self.assertIn("PATH=", variables)

    def test_a_redirect_uri_of_ones_own_is_sent_and_listened_on_as_it_is(self):
        uri = f"http://localhost:{free_port()}/my/cb"
        self.start("--redirect-uri", uri, "--bare")
        self.assertEqual(self.query["redirect_uri"], uri)
        self.bring(code="x", state=self.query["state"])
        self.assertEqual(self.finish()[:2], (0, "the-token\n"))


class Device(StandInCase):
    def setUp(self):
        super().setUp()
        self.server.answers["/device"] = {
            "device_code": SECRET, "user_code": "WDJB-MJHT", "verification_uri": self.server.origin + "/go",
            "verification_uri_complete": self.server.origin + "/go?c=WDJB-MJHT", "expires_in": 60, "interval": 1}

    def refused(self, error):
        return (400, {"error": error}, {})

    def test_it_says_where_to_go_and_polls_until_the_token_is_there(self):
        self.server.answers["/token"] = [self.refused("authorization_pending"), TOKENS]
        result = self.flow("device", "--scope", "read", "--header")
        self.assertEqual((result.returncode, result.stdout), (0, "Authorization: Bearer the-token\n"))
        self.assertIn(f"open {self.server.origin}/go and enter the code WDJB-MJHT\n", result.stderr)
        self.assertIn(f"{self.server.origin}/go?c=WDJB-MJHT\n", result.stderr)
        self.assertEqual(self.post_to("/device")[1], {"client_id": ["app"], "scope": ["read"]})
        self.assertEqual(self.server.asked("/token")[1][1], {
            "grant_type": ["urn:ietf:params:oauth:grant-type:device_code"], "device_code": [SECRET],
            "client_id": ["app"]})

    def test_slow_down_is_obeyed_and_no_end(self):
        self.server.answers["/token"] = [self.refused("slow_down"), TOKENS]
        self.assertEqual(self.flow("device", "--bare").stdout, "the-token\n")
        self.assertEqual(len(self.server.asked("/token")), 2)

    def test_denial_expiry_and_other_errors_have_their_exit_codes(self):
        for error, code, words in (("access_denied", 9, "denied"), ("expired_token", 5, "expired"),
                                   ("invalid_grant", 5, "invalid_grant"), ("invalid_client", 9, "invalid_client")):
            self.server.answers["/token"] = self.refused(error)
            self.assert_fails(self.flow("device"), code, words)

    def test_polling_stops_when_the_code_has_expired(self):
        self.server.answers["/device"]["expires_in"] = 2
        self.server.answers["/token"] = self.refused("authorization_pending")
        self.assert_fails(self.flow("device"), 5, "expired")

    def test_an_answer_that_cannot_be_used_is_refused_and_nothing_of_it_reaches_the_terminal_raw(self):
        good = self.server.answers["/device"]
        for change, words in (({"interval": 0}, "interval"), ({"expires_in": None}, "expires_in"),
                              ({"user_code": 7}, "user_code"), ({"verification_uri": "javascript:x"}, "URL"),
                              ({"device_code": ""}, "device_code")):
            self.server.answers["/device"] = {**good, **change}
            self.assert_fails(self.flow("device"), 1, words)
        self.server.answers["/device"] = {**good, "user_code": "A\x1b[2J\nB"}
        self.assertIn(r"the code A\x1b[2J\x0aB", self.flow("device", "--bare").stderr)
