"""Sizes and times have limits, and whoever passes one hurts nobody else."""

import threading
import time
import unittest

from probe import GET, PATIENCE, Probe, chunked, post


class Sizes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.probe = Probe()

    @classmethod
    def tearDownClass(cls):
        cls.probe.stop()

    def status(self, request):
        """Of the refusal, although the gate has not read all that was sent."""
        with self.probe.connect() as client:
            try:
                client.send(request)
            except ConnectionError:
                pass
            return client.response().status

    def get(self, target, *fields):
        return "\r\n".join([f"GET {target} HTTP/1.1", "Host: a", *fields, "", ""]).encode()

    def test_a_target_may_have_8192_bytes(self):
        self.assertEqual(self.status(self.get("/?" + "a" * 8190)), 200)
        self.assertEqual(self.status(self.get("/?" + "a" * 8191)), 414)

    def test_a_path_may_have_1024_bytes(self):
        self.assertEqual(self.status(self.get("/" + "a" * 1023)), 200)
        self.assertEqual(self.status(self.get("/" + "a" * 1024)), 414)

    def test_an_endless_target_is_refused_before_it_ends(self):
        self.assertEqual(self.status(b"GET /" + b"a" * 300_000), 414)

    def test_a_head_may_have_16384_bytes(self):
        base = len(self.get("/", "X: "))
        self.assertEqual(self.status(self.get("/", "X: " + "a" * (16384 - base))), 200)
        self.assertEqual(self.status(self.get("/", "X: " + "a" * (16385 - base))), 431)

    def test_an_endless_field_is_refused_before_it_ends(self):
        self.assertEqual(self.status(b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 300_000), 431)

    def test_a_head_may_have_64_fields(self):
        self.assertEqual(self.status(self.get("/", *["X: y"] * 63)), 200)
        self.assertEqual(self.status(self.get("/", *["X: y"] * 64)), 431)

    def test_a_body_may_have_65536_bytes(self):
        self.assertEqual(self.status(post(b"a" * 65536)), 200)
        self.assertEqual(self.status(post(b"a" * 65537)), 413)

    def test_chunks_may_have_65536_bytes_together(self):
        self.assertEqual(self.status(chunked(*[b"a" * 4096] * 16)), 200)
        self.assertEqual(self.status(chunked(*[b"a" * 4096] * 16, b"a")), 413)

    def test_a_huge_announced_body_is_refused_unread(self):
        self.assertEqual(self.status(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000000\r\n\r\n"), 413)

    def test_endless_extensions_and_trailers_are_refused(self):
        head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.assertEqual(self.status(head + b"1;" + b"a" * 300_000), 431)
        self.assertEqual(self.status(head + b"0\r\n" + b"A: b\r\n" * 50_000), 431)


class Times(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.probe = Probe("--request-ms", 700, "--idle-ms", 5000, "--write-ms", 700)

    @classmethod
    def tearDownClass(cls):
        cls.probe.stop()

    def assert_late(self, request):
        with self.probe.connect() as client:
            writer = threading.Thread(target=client.drip, args=(request, 0.1))
            writer.start()
            self.assertEqual(client.response().status, 408)
            writer.join()

    def test_a_head_that_drips_is_answered_408(self):
        self.assert_late(b"GET / HTTP/1.1\r\nHost: a\r\n")

    def test_a_body_that_drips_is_answered_408(self):
        with self.probe.connect() as client:
            client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n")
            client.drip(b"a" * 12, 0.1)
            self.assertEqual(client.response().status, 408)

    def test_chunks_that_drip_are_answered_408(self):
        with self.probe.connect() as client:
            client.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            client.drip(b"1\r\na\r\n1\r\na\r\n", 0.1)
            self.assertEqual(client.response().status, 408)

    def test_half_a_request_that_is_silent_is_answered_408(self):
        with self.probe.connect() as client:
            client.send(b"GET / HT")
            self.assertEqual(client.response().status, 408)

    def test_a_silent_connection_is_closed_without_a_word(self):
        with self.probe.connect() as fresh, self.probe.connect() as used:
            used.send(GET)
            self.assertEqual(used.response().status, 200)
            self.assertTrue(fresh.is_closed())
            self.assertTrue(used.is_closed())

    def test_a_client_that_never_reads_is_cut_off(self):
        with self.probe.connect() as client:
            client.send(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            time.sleep(5)
            received = 0
            end = time.monotonic() + PATIENCE
            try:
                while time.monotonic() < end:
                    data = client.socket.recv(1 << 20)
                    if not data:
                        break
                    received += len(data)
            except ConnectionError:
                pass
            self.assertLess(received, 8 << 20)
            self.assertTrue(self.probe.is_alive())


if __name__ == "__main__":
    unittest.main()
