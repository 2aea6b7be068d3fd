"""Requests that two parsers could read differently are refused, and nothing behind them is served."""

import re
import unittest

from probe import GET, Probe

HOST = b"Host: a\r\n"


def post(fields, body=b""):
    return b"POST / HTTP/1.1\r\n" + HOST + fields + b"\r\n" + body


CHUNKED = b"Transfer-Encoding: chunked\r\n"

VARIANTS = {
    "Content-Length and Transfer-Encoding": post(b"Content-Length: 5\r\n" + CHUNKED, b"0\r\n\r\n"),
    "Transfer-Encoding and Content-Length": post(CHUNKED + b"Content-Length: 5\r\n", b"0\r\n\r\n"),
    "two lengths": post(b"Content-Length: 1\r\nContent-Length: 2\r\n", b"ab"),
    "one length twice": post(b"Content-Length: 2\r\nContent-Length: 2\r\n", b"ab"),
    "a length that is a word": post(b"Content-Length: abc\r\n"),
    "a list of lengths": post(b"Content-Length: 0, 60\r\n"),
    "a signed length": post(b"Content-Length: +2\r\n", b"ab"),
    "a hexadecimal length": post(b"Content-Length: 0x2\r\n", b"ab"),
    "gzip, chunked": post(b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n"),
    "xchunked": post(b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n"),
    "identity": post(b"Transfer-Encoding: identity\r\n"),
    "chunked twice": post(CHUNKED + CHUNKED, b"0\r\n\r\n"),
    "chunked behind a vertical tab": post(b"Transfer-Encoding: \x0bchunked\r\n", b"0\r\n\r\n"),
    "chunked in a folded line": post(b"Transfer-Encoding:\r\n chunked\r\n", b"0\r\n\r\n"),
    "chunked in HTTP/1.0": b"POST / HTTP/1.0\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
    "a body on GET": b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\nab",
    "a chunked body on GET": b"GET / HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n0\r\n\r\n",
    "a body on HEAD": b"HEAD / HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\nab",
    "a bare LF after the request line": b"GET / HTTP/1.1\n" + HOST + b"\r\n",
    "a bare LF after a field": b"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
    "bare LFs only": b"GET / HTTP/1.1\nHost: a\n\n",
    "a bare CR in a field": b"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
    "a folded field": b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
    "a space before a colon": post(b"Content-Length : 2\r\n", b"ab"),
    "a space before the first field": b"GET / HTTP/1.1\r\n " + HOST + b"\r\n",
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET / HTTP/1.1\r\n" + HOST + b"Host: b\r\n\r\n",
    "NUL in a field": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
    "a malformed chunk size": post(CHUNKED, b"x\r\nab\r\n0\r\n\r\n"),
    "a chunk size with a space": post(CHUNKED, b"2 \r\nab\r\n0\r\n\r\n"),
    "a chunk size that overflows": post(CHUNKED, b"10000000000000002\r\nab\r\n0\r\n\r\n"),
    "a chunk longer than its size": post(CHUNKED, b"1\r\nab\r\n0\r\n\r\n"),
    "a bare LF after a chunk size": post(CHUNKED, b"2\nab\r\n0\r\n\r\n"),
    "a bare LF in place of a chunk size": post(CHUNKED, b"\n2\r\nab\r\n0\r\n\r\n"),
    "a bare LF in place of the last line": post(CHUNKED, b"2\r\nab\r\n0\r\n\n"),
    "a bare LF in a chunk extension": post(CHUNKED, b"2;\nab\r\n0\r\n\r\n"),
    "a bare LF after a chunk": post(CHUNKED, b"2\r\nab\n0\r\n\r\n"),
    "a bare LF in the trailer": post(CHUNKED, b"0\r\nX: y\n\r\n"),
    "a compressed body": post(b"Content-Encoding: gzip\r\nContent-Length: 2\r\n", b"ab"),
    "a target in absolute form": b"GET http://a/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "an asterisk for GET": b"GET * HTTP/1.1\r\n" + HOST + b"\r\n",
    "an escape in the path": b"GET /%6fauth HTTP/1.1\r\n" + HOST + b"\r\n",
    "an escaped NUL in the path": b"GET /a%00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a dot segment": b"GET /a/../b HTTP/1.1\r\n" + HOST + b"\r\n",
    "NUL in the target": b"GET /a\0b HTTP/1.1\r\n" + HOST + b"\r\n",
    "a byte above 0x7f in the target": b"GET /?a=\xff HTTP/1.1\r\n" + HOST + b"\r\n",
    "a TLS client": b"\x16\x03\x01\x02\x00\x01\x00",
}


class Framing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.probe = Probe()

    @classmethod
    def tearDownClass(cls):
        cls.probe.stop()

    def assert_refused_once(self, request):
        transcript = self.probe.transcript(request)
        self.assertEqual(len(re.findall(rb"HTTP/1\.1 \d", transcript)), 1, transcript)
        self.assertRegex(transcript, rb"^HTTP/1\.1 4\d\d ")
        self.assertIn(b"\r\nConnection: close\r\n", transcript)

    def test_an_ambiguous_request_is_answered_4xx_and_the_connection_closed(self):
        for name, request in VARIANTS.items():
            with self.subTest(name):
                self.assert_refused_once(request)

    def test_what_follows_an_ambiguous_request_is_not_served(self):
        for name, request in VARIANTS.items():
            with self.subTest(name):
                self.assert_refused_once(request + GET)

    def test_what_came_before_an_ambiguous_request_is_served(self):
        with self.probe.connect() as client:
            client.send(GET + VARIANTS["two lengths"] + GET)
            self.assertEqual(client.response().status, 200)
            self.assertEqual(client.response().status, 400)
            self.assertTrue(client.is_closed())

    def test_a_refusal_is_the_same_when_bytes_come_one_by_one(self):
        for name in ("two lengths", "a bare LF after a field", "a chunk longer than its size"):
            with self.subTest(name), self.probe.connect() as client:
                client.drip(VARIANTS[name], 0.001)
                self.assertEqual(client.response().status, 400)

    def test_a_refusal_is_small_json_that_no_cache_keeps(self):
        response = self.probe.ask(VARIANTS["two lengths"])
        self.assertEqual(response.json()["error"], "invalid_request")
        self.assertEqual(response.field("Content-Type"), "application/json")
        self.assertEqual(response.field("Cache-Control"), "no-store")
        self.assertEqual(response.field("X-Content-Type-Options"), "nosniff")
        self.assertIsNotNone(response.field("Date"))

    def test_a_refusal_is_reported_with_the_id_that_the_client_saw(self):
        response = self.probe.ask(b"GET /a%00 HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n")
        request_id = response.field("X-Request-Id")
        lines = [line for line in self.probe.refusal_lines() if request_id in line]
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], r'^400 ".+" "GET" "/a%00" \S+ "127\.0\.0\.1"$')

    def test_other_versions_are_answered_505(self):
        for request in (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/3.0\r\nHost: a\r\n\r\n"):
            self.assertTrue(self.probe.transcript(request).startswith(b"HTTP/1.1 505 "))

    def test_methods_that_nothing_here_has_are_answered_501(self):
        for line in (b"TRACE / HTTP/1.1", b"CONNECT a:1 HTTP/1.1", b"BREW / HTTP/1.1"):
            self.assertEqual(self.probe.ask(line + b"\r\nHost: a\r\n\r\n").status, 501)


if __name__ == "__main__":
    unittest.main()
