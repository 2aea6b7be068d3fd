"""Good requests reach the handler as they were sent, and its answers come back as HTTP wants them."""

import email.utils
import time
import unittest

from probe import GET, Probe, chunked, post


class Requests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.probe = Probe()

    @classmethod
    def tearDownClass(cls):
        cls.probe.stop()

    def test_the_handler_sees_target_and_fields_as_they_were_sent(self):
        request = b"GET /a/b?c=%20&c=%zz HTTP/1.1\r\nHost: a\r\nX-A: %41\r\nx-a:  two \r\n\r\n"
        seen = self.probe.ask(request).json()
        self.assertEqual((seen["method"], seen["path"], seen["target"]), ("GET", "/a/b", "/a/b?c=%20&c=%zz"))
        self.assertEqual([value for name, value in seen["headers"] if name.lower() == "x-a"], ["%41", "two"])
        self.assertEqual(seen["remote_addr"], "127.0.0.1")
        self.assertEqual(seen["params"], 0)

    def test_fields_that_would_change_the_answer_never_reach_the_handler(self):
        request = (b"GET /fixed HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\nAccept-Encoding: gzip, br\r\n"
                   b"TE: trailers\r\nKeep-Alive: timeout=9\r\n\r\n")
        response = self.probe.ask(request)
        self.assertEqual((response.status, len(response.body)), (200, 200))
        self.assertIsNone(response.field("Content-Encoding"))
        seen = self.probe.ask(request.replace(b"/fixed", b"/")).json()
        self.assertEqual({name for name, _ in seen["headers"]}, {"Host", "X-Request-Id"})

    def test_a_malformed_range_is_ignored(self):
        response = self.probe.ask(b"GET /fixed HTTP/1.1\r\nHost: a\r\nRange: bytes=x\r\n\r\n")
        self.assertEqual(response.status, 200)

    def test_a_client_cannot_pose_as_an_address(self):
        seen = self.probe.ask(b"GET / HTTP/1.1\r\nHost: a\r\nREMOTE_ADDR: 9.9.9.9\r\n\r\n").json()
        self.assertEqual(seen["remote_addr"], "127.0.0.1")

    def test_every_request_has_an_id_of_the_gate(self):
        with self.probe.connect() as client:
            ids = set()
            for _ in range(3):
                client.send(b"GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\nx-request-id: too\r\n\r\n")
                response = client.response()
                seen = [value for name, value in response.json()["headers"] if name.lower() == "x-request-id"]
                self.assertEqual(seen, [response.field("X-Request-Id")])
                ids.add(seen[0])
        self.assertEqual(len(ids), 3)
        self.assertNotIn("mine", ids)

    def test_every_response_is_dated_and_names_no_software(self):
        response = self.probe.ask(GET)
        date = email.utils.parsedate_to_datetime(response.field("Date")).timestamp()
        self.assertLess(abs(date - time.time()), 5)
        self.assertTrue(response.field("Date").endswith(" GMT"))
        self.assertIsNone(response.field("Server"))
        self.assertIsNone(response.field("Keep-Alive"))

    def test_bodies_arrive_whole(self):
        body = bytes(range(256)) * 200
        for request in (post(body), chunked(body[:1], body[1:30000], body[30000:])):
            self.assertEqual(self.probe.ask(request).json()["body_length"], len(body))
        self.assertEqual(self.probe.ask(post(b"")).json()["body_length"], 0)

    def test_chunk_extensions_and_trailers_are_dropped(self):
        head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        seen = self.probe.ask(head + b"2;x=y\r\nab\r\n0\r\nX-Late: z\r\n\r\n").json()
        self.assertEqual(seen["body"], "ab")
        self.assertNotIn("X-Late", [name for name, _ in seen["headers"]])

    def test_a_request_may_come_byte_by_byte(self):
        for request in (post(b"a=b"), chunked(b"a=", b"b")):
            with self.probe.connect() as client:
                client.drip(request, 0.001)
                self.assertEqual(client.response().json()["body"], "a=b")

    def test_pipelined_requests_are_answered_in_order(self):
        paths = [f"/{number}" for number in range(40)]
        requests = [b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path.encode() for path in paths]
        requests[7] = post(b"body", path="/7")
        requests[8] = chunked(b"bo", b"dy", path="/8")
        requests[9] = b"\r\n" + requests[9]
        with self.probe.connect() as client:
            client.send(b"".join(requests))
            self.assertEqual([client.response().json()["path"] for _ in paths], paths)

    def test_a_connection_stays_until_either_side_says_close(self):
        with self.probe.connect() as client:
            for _ in range(5):
                client.send(GET)
                self.assertIsNone(client.response().field("Connection"))
            client.send(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n" + GET)
            self.assertEqual(client.response().field("Connection"), "close")
            self.assertTrue(client.is_closed())
        with self.probe.connect() as client:
            client.send(b"GET /close HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertEqual(client.response().field("Connection"), "close")
            self.assertTrue(client.is_closed())

    def test_http_1_0_closes_unless_asked_to_stay(self):
        with self.probe.connect() as client:
            client.send(b"GET / HTTP/1.0\r\n\r\n")
            self.assertEqual(client.response().json()["version"], "HTTP/1.0")
            self.assertTrue(client.is_closed())
        with self.probe.connect() as client:
            for _ in range(2):
                client.send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                self.assertEqual(client.response().field("Connection"), "keep-alive")

    def test_head_is_get_without_its_body(self):
        with self.probe.connect() as client:
            client.send(b"HEAD /fixed HTTP/1.1\r\nHost: a\r\n\r\n" + GET)
            response = client.response(head_only=True)
            self.assertEqual((response.status, response.field("Content-Length")), (200, "200"))
            self.assertIsNone(response.field("Accept-Ranges"))
            self.assertEqual(client.response().json()["path"], "/next")

    def test_a_refused_head_request_has_no_body_either(self):
        transcript = self.probe.transcript(b"HEAD /a%00 HTTP/1.1\r\nHost: a\r\n\r\n")
        self.assertTrue(transcript.startswith(b"HTTP/1.1 400 "), transcript)
        self.assertTrue(transcript.endswith(b"\r\n\r\n"), transcript)

    def test_options_for_the_whole_server_names_the_methods(self):
        response = self.probe.ask(b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
        self.assertEqual(response.status, 204)
        self.assertIn("POST", response.field("Allow"))
        self.assertIsNone(response.field("Content-Length"))

    def test_upgrades_are_ignored(self):
        response = self.probe.ask(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
        self.assertEqual(response.status, 200)

    def test_a_client_that_waits_for_100_continue_gets_it(self):
        with self.probe.connect() as client:
            client.send(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            self.assertEqual(client.head(), (100, []))
            client.send(b"ab")
            seen = client.response().json()
            self.assertEqual(seen["body"], "ab")
            self.assertNotIn("Expect", [name for name, _ in seen["headers"]])

    def test_a_client_that_waits_is_told_at_once_that_its_body_is_too_large(self):
        head = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99999\r\n\r\n"
        self.assertEqual(self.probe.ask(head).status, 413)

    def test_other_expectations_are_answered_417(self):
        self.assertEqual(self.probe.ask(b"GET / HTTP/1.1\r\nHost: a\r\nExpect: cake\r\n\r\n").status, 417)

    def test_a_failing_handler_gives_a_500_that_tells_nothing(self):
        response = self.probe.ask(b"GET /throw HTTP/1.1\r\nHost: a\r\n\r\n")
        self.assertEqual((response.status, response.json()["error"]), (500, "server_error"))
        self.assertNotIn("secret", str(response.fields) + response.body.decode())
        self.assertNotIn("EXCEPTION_WHAT", [name for name, _ in response.fields])

    def test_a_line_break_in_a_response_field_never_leaves(self):
        response = self.probe.ask(b"GET /inject HTTP/1.1\r\nHost: a\r\n\r\n")
        self.assertEqual(response.status, 500)
        self.assertIsNone(response.field("Set-Cookie"))

    def test_a_half_closed_client_still_gets_its_answers(self):
        with self.probe.connect() as client:
            client.send(GET + GET)
            client.half_close()
            self.assertEqual([client.response().status for _ in range(2)], [200, 200])
            self.assertTrue(client.is_closed())

    def test_half_a_request_before_the_end_is_answered_400(self):
        with self.probe.connect() as client:
            client.send(GET[:-4])
            client.half_close()
            self.assertEqual(client.response().status, 400)

    def test_a_large_response_arrives_whole(self):
        self.assertEqual(len(self.probe.ask(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n").body), 8 << 20)


if __name__ == "__main__":
    unittest.main()
