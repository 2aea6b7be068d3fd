"""The gate over TLS: the same rules, and a certificate that can be exchanged."""

import os
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest
import warnings

from probe import GET, PATIENCE, SLOW, Client, Probe


def make_certificate(folder, name):
    certificate, key = f"{folder}/{name}.crt", f"{folder}/{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    return certificate, key


class TlsCase(unittest.TestCase):
    flags = ()

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.first = make_certificate(cls.folder.name, "first")
        cls.second = make_certificate(cls.folder.name, "second")
        cls.live = (f"{cls.folder.name}/live.crt", f"{cls.folder.name}/live.key")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.install(*self.first)
        self.probe = Probe("--tls", *self.live, *self.flags)
        self.addCleanup(self.probe.stop)

    def install(self, certificate, key):
        for source, target in zip((certificate, key), self.live):
            with open(source, "rb") as old, open(target, "wb") as new:
                new.write(old.read())

    def reload(self):
        self.probe.process.send_signal(signal.SIGHUP)
        return self.probe.process.stdout.readline().decode().strip()

    def connect(self, context=None, trusted=None):
        if context is None:
            context = ssl.create_default_context(cafile=trusted or self.first[0])
        raw = socket.create_connection(("127.0.0.1", self.probe.port), timeout=PATIENCE)
        try:
            return Client(context.wrap_socket(raw, server_hostname="localhost"))
        except BaseException:
            raw.close()
            raise

    def serves(self, trusted=None):
        with self.connect(trusted=trusted) as client:
            client.send(GET)
            return client.response().status == 200


class Tls(TlsCase):
    def test_requests_are_served_over_tls_1_2_and_1_3(self):
        self.assertTrue(self.probe.addresses[0].startswith("https://127.0.0.1:"))
        for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
            context = ssl.create_default_context(cafile=self.first[0])
            context.minimum_version = context.maximum_version = version
            context.set_alpn_protocols(["h2", "http/1.1"])
            with self.connect(context) as client:
                self.assertEqual(client.socket.version(), name)
                self.assertEqual(client.socket.selected_alpn_protocol(), "http/1.1")
                for _ in range(3):
                    client.send(GET + GET)
                    self.assertEqual([client.response().status for _ in range(2)], [200, 200])

    def test_older_versions_of_tls_are_refused(self):
        context = ssl.create_default_context(cafile=self.first[0])
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.connect(context)

    def test_a_client_without_http_1_1_is_refused(self):
        context = ssl.create_default_context(cafile=self.first[0])
        context.set_alpn_protocols(["h2"])
        with self.assertRaises(ssl.SSLError):
            self.connect(context)

    def test_plain_http_is_told_so(self):
        transcript = self.probe.transcript(GET)
        self.assertTrue(transcript.startswith(b"HTTP/1.1 400 "), transcript)
        self.assertIn(b"HTTPS", transcript)

    def test_garbage_is_not_answered_and_harms_nobody(self):
        with self.probe.connect() as client:
            client.send(b"\0" * 100)
            try:
                self.assertNotIn(b"HTTP/", client.rest())
            except ConnectionResetError:
                pass
        self.assertTrue(self.serves())

    def test_the_rules_for_requests_hold(self):
        with self.connect() as client:
            lengths = b"Content-Length: 1\r\nContent-Length: 2\r\n"
            client.send(b"POST / HTTP/1.1\r\nHost: a\r\n" + lengths + b"\r\nab" + GET)
            self.assertEqual(client.response().status, 400)
            self.assertTrue(client.is_closed())

    def test_large_bodies_pass_in_both_directions(self):
        with self.connect() as client:
            client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n" + b"a" * 65536)
            self.assertEqual(client.response().json()["body_length"], 65536)
            client.send(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertEqual(len(client.response().body), 8 << 20)

    def test_the_end_is_announced(self):
        with self.connect() as client:
            client.send(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            client.response()
            # Without close_notify this would raise: the end could be an attacker's.
            client.socket.suppress_ragged_eofs = False
            self.assertEqual(client.socket.recv(1), b"")

    def test_a_new_certificate_serves_new_connections_and_old_ones_stay(self):
        with self.connect() as client:
            self.install(*self.second)
            self.assertEqual(self.reload(), "reloaded")
            self.assertTrue(self.serves(trusted=self.second[0]))
            with self.assertRaises(ssl.SSLError):
                self.serves(trusted=self.first[0])
            client.send(GET)
            self.assertEqual(client.response().status, 200)

    def test_a_certificate_that_does_not_fit_leaves_the_old_one(self):
        for certificate, key in ((self.first[0], self.second[1]), (self.first[1], self.first[1]),
                                 (os.devnull, self.first[1]), (self.first[0], os.devnull)):
            self.install(certificate, key)
            self.assertTrue(self.reload().startswith("not reloaded: "))
            self.assertTrue(self.serves())

    def test_a_certificate_that_does_not_fit_is_named_at_the_start(self):
        probe = Probe("--tls", self.first[0], self.second[1])
        self.addCleanup(probe.stop)
        self.assertEqual(probe.wait(), 1)
        self.assertIn(self.second[1], probe.refusal_lines()[0])

    def test_it_drains(self):
        with self.connect() as idle, self.connect() as busy:
            busy.send(SLOW)
            self.probe.await_slow()
            self.probe.terminate()
            self.assertTrue(idle.is_closed())
            self.probe.answer_slow()
            self.assertEqual(busy.response().status, 200)
            self.assertEqual(self.probe.wait(), 0)


class Late(TlsCase):
    flags = ("--request-ms", 3000)  # also for the handshakes that must come in time

    def test_a_handshake_that_does_not_come_is_given_up(self):
        with self.probe.connect() as silent, self.probe.connect() as half:
            half.send(b"\x16\x03\x01")
            self.assertTrue(self.serves())
            self.assertTrue(silent.is_closed())
            self.assertTrue(half.is_closed())

    def test_a_request_that_does_not_come_is_answered_408(self):
        with self.connect() as client:
            client.send(b"GET / HT")
            self.assertEqual(client.response().status, 408)


if __name__ == "__main__":
    unittest.main()
