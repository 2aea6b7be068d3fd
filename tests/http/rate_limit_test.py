"""Guessing is slowed down, without locking out whom it is aimed at."""

from harness.case import ServedCase
from harness.http_client import basic
from harness.server import eventually

GRANT = {"grant_type": "client_credentials"}


class LimitCase(ServedCase):
    flags = ("--rate-limit-failures", "5", "--trusted-proxies", "127.0.0.1")

    def setUp(self):
        self.victim = self.site.client(self.id())

    def ask(self, client_id, secret, address=None, path="/oauth/token"):
        headers = {"X-Forwarded-For": address} if address else {}
        return self.remembered(
            self.http.post(path, {**GRANT, "token": "x"}, basic(client_id, secret), headers)
        )

    def assert_slowed(self, answer):
        self.assertEqual(answer.status, 429, answer)
        self.assertRegex(answer.field("Retry-After"), r"\A[1-9]\d*\Z")
        self.assertLessEqual(int(answer.field("Retry-After")), 60)
        self.assertEqual(answer.field("Content-Type"), "application/json")
        self.assertIn("error", answer.json())
        self.assert_not_stored(answer)

    def fail_until_slowed(self, client_id, address=None, path="/oauth/token"):
        for _ in range(5):
            self.assertEqual(self.ask(client_id, "wrong", address, path).status, 401)
        self.assert_slowed(self.ask(client_id, "wrong", address, path))


class Failures(LimitCase):
    def test_of_two_x_forwarded_for_lines_the_proxys_own_counts(self):
        for number in range(30):
            self.http.raw(
                b"POST /oauth/token HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.%d\r\n"
                b"X-Forwarded-For: 203.0.113.5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % number
            )
        def seen():
            return [line.get("address") for line in self.server.log() if line["event"] == "request"]

        self.assertTrue(eventually(lambda: seen().count("203.0.113.5") >= 30))
        self.assertFalse([address for address in seen() if address.startswith("6.6.6.")])

    def test_after_five_failures_the_next_is_429_and_told_when_to_come_again(self):
        self.fail_until_slowed(self.victim.id, "203.0.113.1")

    def test_an_unknown_client_is_slowed_just_as_a_known_one(self):
        self.fail_until_slowed("nobody-" + self.victim.id, "203.0.113.2")

    def test_the_owner_at_another_address_is_not_locked_out(self):
        self.fail_until_slowed(self.victim.id, "203.0.113.3")
        self.assertEqual(self.ask(self.victim.id, self.victim.secret, "198.51.100.1").status, 200)
        self.assertEqual(self.ask(self.victim.id, self.victim.secret).status, 200)

    def test_another_client_at_the_same_address_is_not_locked_out(self):
        self.fail_until_slowed(self.victim.id, "203.0.113.4")
        self.assertEqual(self.ask(self.app.id, self.app.secret, "203.0.113.4").status, 200)

    def test_a_right_guess_does_not_show_while_slowed(self):
        self.fail_until_slowed(self.victim.id, "203.0.113.5")
        self.assert_slowed(self.ask(self.victim.id, self.victim.secret, "203.0.113.5"))

    def test_all_endpoints_share_the_count(self):
        address = "203.0.113.6"
        for path in (
            "/oauth/token",
            "/oauth/introspect",
            "/oauth/revoke",
            "/oauth/token",
            "/oauth/introspect",
        ):
            self.assertEqual(self.ask(self.victim.id, "wrong", address, path).status, 401)
        for path in ("/oauth/token", "/oauth/introspect", "/oauth/revoke"):
            self.assert_slowed(self.ask(self.victim.id, "wrong", address, path))

    def test_a_client_cannot_choose_its_address_behind_a_proxy(self):
        for index in range(5):
            forged = f"198.51.100.{index}, 203.0.113.7"
            self.assertEqual(self.ask(self.victim.id, "wrong", forged).status, 401)
        self.assert_slowed(self.ask(self.victim.id, "wrong", "192.0.2.9, 203.0.113.7"))

    def test_what_is_no_address_is_not_believed(self):
        for index in range(5):
            self.ask(self.victim.id, "wrong", f"unknown-{index}")
        self.assert_slowed(self.ask(self.victim.id, "wrong", "unknown-9"))

    def test_success_costs_nothing(self):
        for _ in range(30):
            self.assertEqual(self.ask(self.victim.id, self.victim.secret, "203.0.113.8").status, 200)

    def test_the_log_has_the_address_of_the_client(self):
        answer = self.ask(self.victim.id, self.victim.secret, "2001:db8::7")
        self.assertEqual(self.server.log_line(answer.field("X-Request-Id"))["address"], "2001:db8::7")


class WithoutProxy(LimitCase):
    flags = ("--rate-limit-failures", "5")

    def test_from_others_x_forwarded_for_is_not_believed(self):
        for index in range(5):
            self.assertEqual(self.ask(self.victim.id, "wrong", f"203.0.113.{index}").status, 401)
        self.assert_slowed(self.ask(self.victim.id, "wrong", "203.0.113.99"))

    def test_nor_is_any_other_header(self):
        for index in range(6):
            headers = {
                name: f"203.0.113.{index}"
                for name in ("X-Real-IP", "Forwarded", "REMOTE_ADDR", "Remote-Addr")
            }
            answer = self.http.post("/oauth/token", GRANT, basic(self.victim.id, "wrong"), headers)
        self.assert_slowed(answer)


class Requests(LimitCase):
    flags = ("--rate-limit-token", "5", "--rate-limit-introspect", "5", "--trusted-proxies", "127.0.0.0/8")

    def test_token_requests_are_limited_by_client_and_address(self):
        for _ in range(5):
            self.assertEqual(self.ask(self.victim.id, self.victim.secret, "203.0.113.1").status, 200)
        self.assert_slowed(self.ask(self.victim.id, self.victim.secret, "203.0.113.1"))
        self.assertEqual(self.ask(self.victim.id, self.victim.secret, "203.0.113.2").status, 200)

    def test_introspection_requests_are_limited_by_client_and_address(self):
        path = "/oauth/introspect"
        for _ in range(5):
            self.assertEqual(self.ask(self.victim.id, self.victim.secret, "203.0.113.1", path).status, 200)
        self.assert_slowed(self.ask(self.victim.id, self.victim.secret, "203.0.113.1", path))
        self.assertEqual(self.ask(self.victim.id, self.victim.secret, "203.0.113.2", path).status, 200)


class Unlimited(LimitCase):
    flags = ("--rate-limit-failures", "0")

    def test_zero_means_no_limit(self):
        for _ in range(300):
            self.assertEqual(self.ask(self.victim.id, "wrong").status, 401)
        self.assertEqual(self.ask(self.victim.id, self.victim.secret).status, 200)


class Default(LimitCase):
    flags = ()

    def test_a_hundred_failures_a_minute_are_the_default(self):
        connection = self.http.connection()
        self.addCleanup(connection.close)
        auth = basic(self.victim.id, "wrong")
        statuses = []
        # A hundred at least, and some more, as the minute goes on while they are made.
        while 429 not in statuses and len(statuses) < 600:
            statuses.append(self.http.post("/oauth/token", GRANT, auth, connection=connection).status)
        self.assertEqual(statuses, [401] * (len(statuses) - 1) + [429])
        self.assertGreater(len(statuses), 100)
