"""Where the server listens, how it says so, and how it starts and stops."""

import os
import socket
import ssl
import stat
import subprocess
import unittest

from harness.certificates import make_certificate
from harness.http_client import HttpClient
from harness.programs import OAUTH2D
from harness.server import DidNotStart
from harness.site import Site, sqlite_only


class ListenCase(unittest.TestCase):
    issuer = "http://127.0.0.1:9000"

    def setUp(self):
        self.site = Site(self.issuer)
        self.addCleanup(self.site.close)

    def start(self, *flags, **options):
        server = self.site.server(*flags, **options)
        self.addCleanup(server.stop)
        return server

    def fails(self, *flags, **options):
        with self.assertRaises(DidNotStart) as caught:
            self.start(*flags, **options)
        return caught.exception


class Addresses(ListenCase):
    def test_port_zero_is_any_free_port_and_is_told(self):
        first, second = self.start(), self.start()
        self.assertNotEqual(first.port, second.port)
        for server in (first, second):
            self.assertRegex(server.stderr(), r"(?m)^oauth2d: listening on http://127\.0\.0\.1:\d+$")
            self.assertEqual(server.http.get("/healthz").status, 200)

    def test_a_second_instance_on_the_port_fails_to_start(self):
        first = self.start()
        failure = self.fails(listen=(f"127.0.0.1:{first.port}",))
        self.assertEqual(failure.code, 1)
        self.assertIn(f"127.0.0.1:{first.port}", failure.stderr)
        self.assertEqual(first.http.get("/healthz").status, 200)

    def test_the_port_is_free_again_at_once(self):
        first = self.start()
        connection = first.http.connection()
        first.http.request("GET", "/healthz", connection=connection)
        self.assertEqual(first.stop(), 0)
        connection.close()
        again = self.start(listen=(f"127.0.0.1:{first.port}",))
        self.assertEqual(again.http.get("/healthz").status, 200)

    def test_several_addresses_are_served_at_once(self):
        path = self.site.folder / "oauth2d.sock"
        server = self.start(listen=("127.0.0.1:0", "127.0.0.1:0", f"unix:{path}"))
        self.assertEqual(len(server.addresses), 3)
        for address in server.addresses:
            self.assertEqual(HttpClient(address).get("/healthz").status, 200)

    def test_the_default_address_stands_in_the_help(self):
        printed = subprocess.run([OAUTH2D, "--help"], capture_output=True, text=True, check=True).stdout
        self.assertIn("127.0.0.1:9000", printed)


class Unix(ListenCase):
    def setUp(self):
        super().setUp()
        self.path = self.site.folder / "oauth2d.sock"
        self.address = f"unix:{self.path}"

    def test_a_unix_socket_serves_and_goes_with_the_server(self):
        server = self.start(listen=(self.address,))
        self.assertEqual(server.addresses, [self.address])
        self.assertEqual(server.http.get("/healthz").status, 200)
        self.assertEqual(self.path.stat().st_mode & 0o007, 0)
        self.assertEqual(server.stop(), 0)
        self.assertFalse(self.path.exists())

    def test_a_socket_left_behind_by_a_killed_server_is_no_obstacle(self):
        self.start(listen=(self.address,)).kill()
        self.assertTrue(self.path.exists())
        self.assertEqual(self.start(listen=(self.address,)).http.get("/healthz").status, 200)

    def test_a_second_instance_on_the_socket_fails_to_start(self):
        first = self.start(listen=(self.address,))
        self.fails(listen=(self.address,))
        self.assertEqual(first.http.get("/healthz").status, 200)

    def test_a_file_that_is_no_socket_is_left_alone(self):
        self.path.write_text("mine")
        self.fails(listen=(self.address,))
        self.assertEqual(self.path.read_text(), "mine")

    def test_a_proxy_on_the_socket_is_trusted_only_when_named(self):
        for flags, expected in (((), None), (("--trusted-proxies", "unix"), "203.0.113.5")):
            with self.subTest(flags), self.site.server(*flags, listen=(self.address,)) as server:
                answer = server.http.get("/healthz", X_Forwarded_For="203.0.113.5")
                line = server.log_line(answer.field("X-Request-Id"))
                self.assertEqual(line.get("address"), expected)


class Tls(ListenCase):
    issuer = "https://auth.example.org"

    def setUp(self):
        super().setUp()
        self.chain, self.key = self.site.folder / "chain.pem", self.site.folder / "key.pem"
        make_certificate(self.chain, self.key, "auth.example.org")
        self.flags = ("--tls-cert", self.chain, "--tls-key", self.key)

    def test_tokens_come_over_tls(self):
        app = self.site.client("app")
        server = self.start(*self.flags)
        self.assertTrue(server.addresses[0].startswith("https://127.0.0.1:"))
        answer = server.http.post("/oauth/token", {"grant_type": "client_credentials"}, app.basic)
        self.assertEqual(answer.status, 200)
        self.assertIn("max-age=", answer.field("Strict-Transport-Security"))

    def test_the_certificate_verifies(self):
        server = self.start(*self.flags)
        context = ssl.create_default_context(cafile=self.chain)
        with socket.create_connection(("127.0.0.1", server.port), 10) as raw, context.wrap_socket(
            raw, server_hostname="auth.example.org"
        ) as secured:
            self.assertIn(secured.version(), ("TLSv1.2", "TLSv1.3"))

    def test_old_tls_is_refused(self):
        server = self.start(*self.flags)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection(("127.0.0.1", server.port), 10) as raw, self.assertRaises(
            (ssl.SSLError, OSError)
        ):
            context.wrap_socket(raw)

    def test_plain_http_on_the_port_is_told_so(self):
        server = self.start(*self.flags)
        answer = HttpClient(f"http://127.0.0.1:{server.port}").get("/healthz")
        self.assertEqual(answer.status, 400)
        self.assertEqual(server.http.get("/healthz").status, 200)

    def test_a_certificate_without_its_key_and_a_foreign_key_are_refused_at_start(self):
        other = self.site.folder / "other.pem"
        make_certificate(self.site.folder / "other-chain.pem", other, "other.example")
        for flags in (
            ("--tls-cert", self.chain),
            ("--tls-cert", self.chain, "--tls-key", other),
            ("--tls-cert", self.chain, "--tls-key", self.site.folder / "none.pem"),
        ):
            with self.subTest(flags):
                failure = self.fails(*flags)
                self.assertNotEqual(failure.code, 0)
                self.assertTrue(failure.stderr.startswith("oauth2d: "), failure.stderr)


class Start(ListenCase):
    def test_wrong_flags_and_values_are_usage_errors(self):
        for flags in (
            ("--lisen", "x"),
            ("--access-token-ttl", "soon"),
            ("--log-format", "xml"),
            ("--trusted-proxies", "nobody"),
            ("--issuer", "http://example.org"),
            ("stray",),
        ):
            with self.subTest(flags):
                failure = self.fails(*flags)
                self.assertEqual(failure.code, 2, failure.stderr)
                self.assertTrue(failure.stderr.startswith("oauth2d: "), failure.stderr)

    def test_an_address_that_is_none_fails(self):
        for address in ("127.0.0.1", "127.0.0.1:65536", "unix:", ":9000", "[::1:9000", "256.1.1.1:0"):
            with self.subTest(address):
                self.assertNotEqual(self.fails(listen=(address,)).code, 0)

    def test_without_a_database_it_does_not_start_and_makes_none(self):
        missing = self.site.folder / "none.db"
        failure = self.fails("--db", missing)
        self.assertEqual(failure.code, 8)
        self.assertIn("oauth2ctl init", failure.stderr)
        self.assertFalse(missing.exists())

    @sqlite_only("the file's mode")
    def test_a_database_that_others_may_read_is_refused_with_a_hint(self):
        self.site.db.chmod(0o644)
        failure = self.fails()
        self.assertEqual(failure.code, 9)
        self.assertIn("chmod 600", failure.stderr)

    def test_the_database_and_the_log_are_private_whatever_the_umask(self):
        with self.site.server(
            "--log-file", self.site.folder / "d.log", preexec=lambda: os.umask(0)
        ) as server:
            server.http.get("/readyz")
            for path in self.site.folder.iterdir():
                self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)
