"""oauth2ctl flow client-credentials and refresh: the output, the requests, and answers as no server should give."""

import base64
import contextlib
import json
import pathlib
import re
import socket
import sqlite3
import subprocess
import tempfile
import unittest

from flow_case import SECRET, TOKENS, StandInCase, flow
from harness.certificates import make_certificate
from harness.http_client import basic
from harness.postgres import free_port
from harness.programs import OAUTH2CTL, PATIENCE, clean_environment
from harness.server import Server
from harness.site import Site, sqlite_only
from harness.stand_in import StandIn


class RealServer(unittest.TestCase):
    def test_client_credentials_get_a_token_that_is_active(self):
        address = f"127.0.0.1:{free_port()}"
        issuer = "http://" + address
        with Site(issuer) as site:
            site.scopes("read", "write")
            for method in ("client_secret_basic", "client_secret_post"):
                client = site.client(method, "--scope", "read", "--auth-method", method)
                with Server(site.db, listen=(address,)) as server:
                    result = flow("client-credentials", "--issuer", issuer, "--client", client.id,
                                  "--secret-from", "-", "--auth-method", method, "--scope", "read", "--header",
                                  stdin=client.secret)
                    self.assertEqual(result.returncode, 0, result.stderr)
                    self.assertRegex(result.stdout, r"\AAuthorization: Bearer o2a_\w+\n\Z")
                    token = site.remember(result.stdout.split()[-1])
                    verified = site.ctl_json("token", "verify", "--token-from", "-", stdin=token)
                    self.assertEqual((verified["client_id"], verified["scope"]), (client.id, "read"))
                    wrong = flow("client-credentials", "--issuer", issuer, "--client", client.id,
                                 "--auth-method", method, secret="x" * 40)
                    self.assertEqual(wrong.returncode, 9, wrong.stderr)
                    self.assertIn("invalid_client", wrong.stderr)
                    named = re.search(r"hint: the server's log says why, at request_id (\S+);", wrong.stderr)
                    self.assertEqual(server.log_line(named[1])["reason"], "the client's secret is wrong")
                    refused = flow("client-credentials", "--issuer", issuer, "--client", client.id,
                                   "--auth-method", method, "--scope", "write", secret=client.secret)
                    self.assertEqual(refused.returncode, 5, refused.stderr)
                    self.assertIn("invalid_scope", refused.stderr)


class Output(StandInCase):
    def test_each_form_prints_what_it_promises_and_nothing_else(self):
        self.assertEqual(self.flow("client-credentials", "--header").stdout, "Authorization: Bearer the-token\n")
        self.assertEqual(self.flow("client-credentials", "--bare").stdout, "the-token\n")
        self.assertEqual(self.flow("client-credentials", "-q").stdout, "the-token\n")
        self.assertEqual(json.loads(self.flow("client-credentials", "-o", "json").stdout), TOKENS)
        self.assertEqual(json.loads(self.flow("client-credentials", "-o", "jsonl").stdout), TOKENS)
        self.assertEqual(self.flow("client-credentials", "-o", "value=expires_in").stdout, "600\n")
        self.assertEqual(self.flow("client-credentials", "-o", "env").stdout, "OAUTH2_TOKEN=the-token\n")
        self.assertRegex(self.flow("client-credentials").stdout, r"(?m)^access_token +the-token$")

    def test_a_wrong_command_line_asks_nobody(self):
        for arguments in (["--header", "--bare"], ["--header", "-o", "json"], ["--dry-run"],
                          ["--auth-method", "client_secret_basic"], ["--auth-method", "none", "--secret-from", "-"],
                          ["--auth-method", "private_key_jwt"], ["--issuer", "http://example.org"],
                          ["--issuer", "https://example.org/?a=b"], ["--secret-from", SECRET]):
            with self.subTest(arguments):
                own = [] if "--issuer" in arguments else ["--issuer", self.server.issuer]
                result = flow("client-credentials", *own, "--client-id", "app", *arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
                self.assertNotIn(SECRET, result.stderr)
        self.assertEqual(flow("client-credentials", "--issuer", self.server.issuer).returncode, 2)
        self.assertEqual(self.server.requests, [])

    def test_a_token_of_another_type_is_no_bearer_header(self):
        self.server.answers["/token"] = {**TOKENS, "token_type": "DPoP"}
        self.assert_fails(self.flow("client-credentials", "--header"), 1, "DPoP")
        self.assertEqual(self.flow("client-credentials", "--bare").returncode, 0)

    def test_errors_are_json_where_the_output_is(self):
        self.server.answers["/token"] = (400, {"error": "invalid_scope", "error_description": "no\n\x1b[2J"}, {})
        result = self.flow("client-credentials", "-o", "json")
        error = json.loads(result.stderr)["error"]
        self.assertEqual((error["code"], error["exit"], result.returncode), ("refused", 5, 5))
        self.assertIn("invalid_scope: no", error["message"])
        shown = self.flow("client-credentials").stderr
        self.assertIn(r"invalid_scope: no\x0a\x1b[2J", shown)
        self.assertNotIn("\x1b", shown)


class Requests(StandInCase):
    def test_the_form_and_the_authentication_are_what_the_flags_say(self):
        self.flow("client-credentials", "--scope", "read", "--scope", "write", "--resource", "https://a",
                  "--resource", "https://b", secret=SECRET)
        _, form, fields = self.post_to("/token")
        self.assertEqual(form, {"grant_type": ["client_credentials"], "scope": ["read write"],
                                "resource": ["https://a", "https://b"]})
        self.assertEqual(fields["Authorization"], basic("app", SECRET))

    def test_basic_encodes_what_is_special_before_base64(self):
        flow("client-credentials", "--issuer", self.server.issuer, "--client-id", "a:b c", secret="p:%+é")
        sent = self.post_to("/token")[2]["Authorization"].removeprefix("Basic ")
        self.assertEqual(base64.b64decode(sent), b"a%3Ab+c:p%3A%25%2B%C3%A9")

    def test_a_secret_goes_into_the_form_only_where_that_is_asked_or_all_there_is(self):
        self.server.set_metadata(token_endpoint_auth_methods_supported=["client_secret_post"])
        self.flow("client-credentials", secret=SECRET)
        _, form, fields = self.post_to("/token")
        self.assertEqual((form["client_id"], form["client_secret"]), (["app"], [SECRET]))
        self.assertNotIn("Authorization", fields)

    def test_refresh_sends_the_token_and_prints_its_successor(self):
        self.server.answers["/token"] = {**TOKENS, "refresh_token": "next"}
        result = self.flow("refresh", "--refresh-token-from", "-", "--scope", "read", "-o", "value=refresh_token",
                           stdin=SECRET + "\n")
        self.assertEqual((result.returncode, result.stdout), (0, "next\n"), result.stderr)
        self.assertEqual(self.post_to("/token")[1], {"grant_type": ["refresh_token"], "refresh_token": [SECRET],
                                                     "scope": ["read"], "client_id": ["app"]})

    def test_a_refresh_token_that_is_used_up_is_refused(self):
        self.server.answers["/token"] = (400, {"error": "invalid_grant"}, {})
        self.assert_fails(self.flow("refresh", "--refresh-token-from", "-", stdin=SECRET), 5, "invalid_grant")


class Metadata(StandInCase):
    def test_it_lies_before_the_issuers_path_or_else_behind_it(self):
        for path in ("/.well-known/oauth-authorization-server/tenant", "/tenant/.well-known/openid-configuration"):
            with self.subTest(path):
                server = StandIn(issuer_path="/tenant")
                self.addCleanup(server.close)
                server.answers["/token"] = TOKENS
                server.answers[path] = server.answers.pop(server.metadata_path)
                result = flow("client-credentials", "--issuer", server.issuer, "--client-id", "app", "--bare")
                self.assertEqual(result.stdout, "the-token\n", result.stderr)

    def test_an_issuer_that_is_not_the_one_asked_for_gets_no_secret(self):
        for other in (self.server.issuer + "/", "https://as.example.org", "x\x1b[2J"):
            self.server.set_metadata(issuer=other)
            result = self.flow("client-credentials", secret=SECRET)
            self.assert_fails(result, 1, "issuer")
            self.assertNotIn("\x1b", result.stderr)
        self.assertEqual(self.server.asked("/token"), [])

    def test_answers_that_are_no_metadata_are_said_to_be_none(self):
        for answer, words in (((404, b"", {}), "404"), ((200, b"<html>", {}), "no JSON object"),
                              ((302, b"", {"Location": "/elsewhere"}), "redirect, which is not followed"),
                              ((500, {"issuer": self.server.issuer}, {}), "500"),
                              ((200, b"{" * 1000, {}), "no JSON object"),
                              ((200, b'{"a":' + b"[" * 900_000, {}), "no JSON object"),
                              ((200, b" " * 2_000_000, {}), "more than 1048576 bytes"),
                              ((200, {"token_endpoint": "/token"}, {}), "issuer is missing")):
            with self.subTest(words):
                self.server.answers[self.server.metadata_path] = answer
                self.assert_fails(self.flow("client-credentials"), 1, words)
        self.assertEqual(self.server.asked("/elsewhere"), [])

    def test_a_missing_endpoint_is_named(self):
        for verb, name in (("client-credentials", "token_endpoint"), ("code", "authorization_endpoint"),
                           ("device", "device_authorization_endpoint")):
            self.server.set_metadata(**{name: None})
            self.assert_fails(self.flow(verb), 1, f"names no {name}")

    def test_a_server_that_is_not_there_is_said_to_be_unreachable(self):
        issuer = f"http://127.0.0.1:{free_port()}"
        result = flow("client-credentials", "--issuer", issuer, "--client-id", "app")
        self.assert_fails(result, 1, "cannot connect to http://127")


class TokenEndpoint(StandInCase):
    def test_what_it_answers_wrongly_is_a_clear_error(self):
        cases = (((200, b"access_token=x", {}), 1, "no JSON object"),
                 ((200, b'{"access_token":"a","access_token":"b","token_type":"Bearer"}', {}), 1, "no JSON object"),
                 ((200, {}, {}), 1, "access_token is missing"),
                 ((200, {**TOKENS, "access_token": 7}, {}), 1, "access_token is no text"),
                 ((200, {**TOKENS, "access_token": "a\r\nX: y"}, {}), 1, "access_token has characters"),
                 ((200, {**TOKENS, "expires_in": "600"}, {}), 1, "expires_in is no whole number"),
                 ((200, {"error": "invalid_grant"}, {}), 5, "invalid_grant"),
                 ((400, {"error": {"code": 1}}, {}), 1, "error is no text"),
                 ((400, {"error": "access_denied"}, {}), 9, "access_denied"),
                 ((401, {"error": "invalid_client"}, {}), 9, "invalid_client"),
                 ((403, b"no", {}), 9, "403"),
                 ((503, b"no", {}), 1, "503"),
                 ((307, b"", {"Location": "http://127.0.0.1:1/"}), 1, "redirect, which is not followed"),
                 ((200, b"x" * 2_000_000, {}), 1, "more than 1048576 bytes"),
                 ((200, TOKENS, {"Content-Encoding": "gzip"}), 1, "compressed"))
        for answer, code, words in cases:
            with self.subTest(words):
                self.server.answers["/token"] = answer
                self.assert_fails(self.flow("client-credentials", secret=SECRET), code, words)


class Hints(StandInCase):
    def test_a_bare_refusal_says_where_to_look(self):
        for error in ("invalid_client", "invalid_grant"):
            for fields, place in (({}, ""), ({"X-Request-Id": "abc-1"}, ", at request_id abc-1")):
                self.server.answers["/token"] = (400, {"error": error}, fields)
                stderr = self.flow("client-credentials", secret=SECRET).stderr
                self.assertIn(f"  hint: the server's log says why{place}; 'oauth2ctl explain token' checks", stderr)
        self.server.answers["/token"] = (400, {"error": "invalid_grant"}, {"X-Request-Id": "a\x9b" + "x" * 5000})
        stderr = self.flow("client-credentials", secret=SECRET).stderr
        self.assertLess(len(stderr), 500)
        self.assertNotIn("\x9b", stderr)

    def test_a_refusal_that_gives_its_reason_needs_no_hint(self):
        for answer in ({"error": "invalid_grant", "error_description": "it is old"}, {"error": "invalid_scope"}):
            self.server.answers["/token"] = (400, answer, {"X-Request-Id": "abc-1"})
            self.assertNotIn("hint", self.flow("client-credentials", secret=SECRET).stderr)


class NoIssuer(unittest.TestCase):
    """Nobody names the server: the default is asked, whatever lies where a database would."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", 9000)) == 0:
                self.skipTest("somebody listens at the default address")

    def ask(self, db):
        result = subprocess.run([OAUTH2CTL, "flow", "client-credentials", "--client-id", "app"], text=True,
                                capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE,
                                env=clean_environment(OAUTH2CTL_DB=str(db), HOME=str(self.folder)))
        self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
        self.assertRegex(result.stderr, r"\Aoauth2ctl: cannot connect to http://127\.0\.0\.1:9000: [^\n]+\n"
                                        r"  hint: this is the default issuer: --issuer URL names another\n\Z")

    def content(self):
        return {path.name: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def test_no_database_is_made_and_none_is_needed(self):
        self.ask(self.folder / "none" / "oauth2.db")
        self.ask("postgresql://nobody@127.0.0.1:1/nothing")
        self.ask("mysql://nobody")
        self.assertEqual(self.content(), {})

    def test_what_is_no_database_of_ours_is_passed_over_and_stays_as_it_is(self):
        (self.folder / "empty").touch(0o600)
        (self.folder / "junk").write_bytes(b"junk" * 1000)
        (self.folder / "junk").chmod(0o600)
        with sqlite3.connect(self.folder / "foreign") as foreign:
            foreign.execute("CREATE TABLE deployment (name TEXT, value TEXT)")
            foreign.execute("INSERT INTO deployment VALUES ('issuer', 'http://127.0.0.1:1')")
        foreign.close()
        (self.folder / "foreign").chmod(0o600)
        before = self.content()
        for name in before:
            self.ask(self.folder / name)
        self.ask(self.folder)
        self.assertEqual(self.content(), before)

    @sqlite_only("of a server's, nothing is changed by looking")
    def test_a_database_that_cannot_be_read_now_is_passed_over_and_an_older_one_is_not_migrated(self):
        with Site("http://127.0.0.1:1") as site:
            site.db.chmod(0o644)  # others can read it: refused
            self.ask(site.db)
            site.db.chmod(0o600)
            with contextlib.closing(sqlite3.connect(site.db, isolation_level=None)) as holder:
                holder.execute("PRAGMA journal_mode = DELETE")
                holder.execute("DELETE FROM schema_migrations WHERE version > 1")
                self.ask(site.db)
                left = holder.execute("SELECT MAX(version) FROM schema_migrations").fetchone()
                self.assertEqual(left, (1,))
                holder.execute("BEGIN EXCLUSIVE")
                self.ask(site.db)


class Tls(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def certificate(self, name, address="127.0.0.1"):
        made = self.folder / f"{name}.pem", self.folder / f"{name}-key.pem"
        make_certificate(*made, name, address)
        return made

    def ask(self, files, host="127.0.0.1", ca_file=None):
        """What a client says that trusts `ca_file` when it asks for `host` at a server with these files."""
        server = StandIn(tls=files)
        self.addCleanup(server.close)
        server.answers["/token"] = TOKENS
        issuer = server.issuer.replace("127.0.0.1", host)
        server.set_metadata(issuer=issuer, token_endpoint=issuer + "/token")
        trusted = ["--ca-file", ca_file] if ca_file else []
        return flow("client-credentials", "--issuer", issuer, "--client-id", "app", "--bare", *trusted)

    def assert_fails(self, result, words):
        self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
        self.assertRegex(result.stderr, words)

    def test_a_certificate_of_a_trusted_authority_is_taken_by_name_and_by_address(self):
        files = self.certificate("localhost")
        for host in ("localhost", "127.0.0.1"):
            self.assertEqual(self.ask(files, host, files[0]).stdout, "the-token\n")

    def test_a_certificate_of_an_unknown_authority_is_refused(self):
        files = self.certificate("localhost")
        other, _ = self.certificate("other")
        self.assert_fails(self.ask(files), "TLS with https://127.*self-signed")
        self.assert_fails(self.ask(files, ca_file=other), "TLS with https://127.*self-signed")
        self.assert_fails(self.ask(files, ca_file=self.folder / "none.pem"), "cannot read the certificates")

    def test_a_certificate_of_another_name_or_address_is_refused(self):
        files = self.certificate("as.example.org", "127.0.0.2")
        self.assert_fails(self.ask(files, "localhost", files[0]), "(?i)hostname mismatch")
        self.assert_fails(self.ask(files, "127.0.0.1", files[0]), "(?i)ip address mismatch")
