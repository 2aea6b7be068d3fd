"""SIGHUP: configuration, certificate and log file are read anew; what fails stays as it was."""

import signal
import ssl
import unittest

from harness.certificates import make_certificate
from harness.server import eventually
from harness.site import Site


class ReloadCase(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.config = self.site.folder / "oauth2ctl.toml"
        self.config.touch()
        self.app = self.site.client("app")

    def start(self, *flags, **options):
        server = self.site.server("--config", self.config, *flags, **options)
        self.addCleanup(server.stop)
        return server

    def expires_in(self, server):
        answer = server.http.post("/oauth/token", {"grant_type": "client_credentials"}, self.app.basic)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["expires_in"]


class Configuration(ReloadCase):
    def test_a_changed_setting_counts_after_sighup_and_not_before(self):
        server = self.start()
        self.assertEqual(self.expires_in(server), 3600)
        self.config.write_text('access_token_ttl = "5m"\n')
        self.assertEqual(self.expires_in(server), 3600)
        self.assertTrue(server.reload())
        self.assertEqual(self.expires_in(server), 300)

    def test_tables_of_the_file_are_read_too(self):
        server = self.start()
        self.config.write_text("[rate_limit]\ntoken = 3\n")
        self.assertTrue(server.reload())
        statuses = [
            server.http.post("/oauth/token", {"grant_type": "client_credentials"}, self.app.basic).status
            for _ in range(5)
        ]
        self.assertEqual(statuses, [200, 200, 200, 429, 429])

    def test_the_environment_names_the_file_as_the_flag_does(self):
        self.config.write_text('access_token_ttl = "5m"\n')
        server = self.site.server(env={"OAUTH2CTL_CONFIG": str(self.config)})
        self.addCleanup(server.stop)
        self.assertEqual(self.expires_in(server), 300)

    def test_a_signal_that_means_nothing_does_not_make_the_server_deaf(self):
        server = self.start()
        server.signal(signal.SIGUSR1)
        self.config.write_text('access_token_ttl = "5m"\n')
        self.assertTrue(server.reload())
        self.assertEqual(server.stop(), 0)

    def test_the_log_goes_where_the_changed_configuration_says(self):
        server = self.start()
        moved = self.site.folder / "moved.log"
        self.config.write_text(f'[log]\nfile = "{moved}"\n')
        server.signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: moved.exists() and "configuration reloaded" in moved.read_text()))

    def test_a_broken_file_changes_nothing_and_is_reported(self):
        self.config.write_text('access_token_ttl = "5m"\n')
        server = self.start()
        for text in (
            "access_token_ttl = ",
            'access_token_ttl = "soon"',
            "no_such_setting = 1",
            'issuer = "http://example.org"',
        ):
            with self.subTest(text):
                self.config.write_text(text + "\n")
                self.assertTrue(server.reload())
                self.assertEqual(self.expires_in(server), 300)
                problems = [line["event"] for line in server.log() if line["level"] == "error"]
                self.assertEqual(problems[-1:], ["configuration not reloaded"])

    def test_a_flag_still_beats_the_file(self):
        server = self.start("--access-token-ttl", "7m")
        self.config.write_text('access_token_ttl = "5m"\n')
        self.assertTrue(server.reload())
        self.assertEqual(self.expires_in(server), 420)

    def test_requests_go_on_during_reloads(self):
        server = self.start()
        connection = server.http.connection()
        for _ in range(30):
            server.signal(signal.SIGHUP)
            self.assertEqual(server.http.request("GET", "/readyz", connection=connection).status, 200)
        connection.close()
        self.assertTrue(server.is_up())


class LogFile(ReloadCase):
    def test_a_moved_log_file_is_opened_anew(self):
        path = self.site.folder / "oauth2d.log"
        rotated = self.site.folder / "oauth2d.log.1"
        server = self.start("--log-file", path)
        first = server.http.get("/healthz").field("X-Request-Id")
        self.assertTrue(eventually(lambda: first in path.read_text()))
        path.rename(rotated)
        server.signal(signal.SIGHUP)
        self.assertTrue(eventually(path.exists))
        second = server.http.get("/healthz").field("X-Request-Id")
        self.assertTrue(eventually(lambda: second in path.read_text()))
        self.assertNotIn(second, rotated.read_text())
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    def test_a_log_file_that_cannot_be_opened_keeps_the_old_one(self):
        folder = self.site.folder / "logs"
        folder.mkdir()
        server = self.start("--log-file", folder / "oauth2d.log")
        folder.rename(self.site.folder / "moved")
        server.signal(signal.SIGHUP)
        moved = self.site.folder / "moved" / "oauth2d.log"
        self.assertTrue(eventually(lambda: "not reloaded" in moved.read_text()))
        request_id = server.http.get("/healthz").field("X-Request-Id")
        self.assertTrue(eventually(lambda: request_id in moved.read_text()))


class Certificate(ReloadCase):
    def setUp(self):
        super().setUp()
        self.chain, self.key = self.site.folder / "chain.pem", self.site.folder / "key.pem"
        make_certificate(self.chain, self.key, "first.example")

    def served(self, server):
        return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", server.port)))

    def test_a_new_certificate_is_served_after_sighup(self):
        server = self.start("--tls-cert", self.chain, "--tls-key", self.key)
        before = self.served(server)
        make_certificate(self.chain, self.key, "second.example")
        self.assertEqual(self.served(server), before)
        self.assertTrue(server.reload())
        self.assertTrue(eventually(lambda: self.served(server) != before))
        self.assertEqual(server.http.get("/healthz").status, 200)

    def test_a_broken_certificate_keeps_the_old_one(self):
        server = self.start("--tls-cert", self.chain, "--tls-key", self.key)
        before = self.served(server)
        self.chain.write_text("no certificate\n")
        self.assertTrue(server.reload())
        self.assertTrue(
            eventually(lambda: any(line["event"] == "certificate not reloaded" for line in server.log()))
        )
        self.assertEqual(self.served(server), before)
        self.assertEqual(server.http.get("/healthz").status, 200)
