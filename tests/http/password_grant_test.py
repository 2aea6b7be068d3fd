"""RFC 6749 section 4.3, and the throttling of whoever guesses at passwords."""

import time
from concurrent.futures import ThreadPoolExecutor

from harness.case import ServedCase
from harness.planted import age_failures

PASSWORD = "correct horse battery"
REGISTERED = ("--grant", "password", "--grant", "refresh_token", "--scope", "read", "--scope", "write")


class PasswordCase(ServedCase):
    flags = ("--password-grant", "true", "--trusted-proxies", "127.0.0.0/8")

    @classmethod
    def populate(cls):
        super().populate()
        cls.trusted = cls.site.client("trusted", *REGISTERED)
        cls.user_id = cls.site.user_with_password("alice", PASSWORD, "--email", "alice@example.org")
        cls.addresses = iter(range(1, 10_000))

    def address(self):
        """One that nobody has come from yet."""
        number = next(self.addresses)
        return f"10.0.{number // 250}.{number % 250 + 1}"

    def sign_in(self, username="alice", password=PASSWORD, client=None, address=None, **more):
        form = {"grant_type": "password", "username": username, "password": password, **more}
        form = {name: value for name, value in form.items() if value is not None}
        headers = {"X-Forwarded-For": address or self.address()}
        return self.remembered(
            self.http.post("/oauth/token", form, (client or self.trusted).basic, headers)
        )

    def person(self, name):
        """A user whose failures are no other test's."""
        self.site.user_with_password(name, PASSWORD, "--email", f"{name}@example.org")
        return name

    def refused(self, answer, error="invalid_grant"):
        self.assert_error(answer, 400, error)

    def slowed(self, answer):
        self.assert_error(answer, 429, "temporarily_unavailable")
        seconds = answer.field("Retry-After")
        self.assertRegex(seconds, r"\A[1-9]\d*\Z")
        return int(seconds)


class Grant(PasswordCase):
    def test_a_password_gives_these_members_and_nobody_may_store_them(self):
        answer = self.sign_in(scope="read")
        self.assertEqual(answer.status, 200, answer)
        self.assert_not_stored(answer)
        document = answer.json()
        self.assertEqual(
            set(document), {"access_token", "token_type", "expires_in", "scope", "refresh_token", "user"}
        )
        self.assertEqual((document["scope"], document["user"]), ("read", {"id": self.user_id}))
        seen = self.introspect(document["access_token"])
        self.assertEqual((seen["sub"], seen["username"]), (self.user_id, "alice"))
        form = {"grant_type": "refresh_token", "refresh_token": document["refresh_token"]}
        again = self.remembered(self.http.post("/oauth/token", form, self.trusted.basic))
        self.assert_active(again.json()["access_token"])

    def test_the_user_may_be_named_by_username_or_email_in_any_case(self):
        for name in ("alice", "ALICE", "alice@example.org", "Alice@Example.ORG"):
            self.assertEqual(self.sign_in(name).status, 200, name)

    def test_a_refresh_token_comes_only_where_refresh_token_is_registered(self):
        once = self.site.client("once", "--grant", "password", "--scope", "read")
        self.assertNotIn("refresh_token", self.sign_in(client=once).json())

    def test_the_client_needs_the_grant_and_a_secret(self):
        self.refused(self.sign_in(client=self.app), "unauthorized_client")
        answer = self.http.post(
            "/oauth/token",
            {
                "grant_type": "password",
                "username": "alice",
                "password": PASSWORD,
                "client_id": self.trusted.id,
            },
        )
        self.assert_error(answer, 401, "invalid_client")

    def test_a_bad_request_is_refused_before_the_password_is_looked_at(self):
        address = self.address()
        for _ in range(3):
            self.refused(self.sign_in(None, address=address), "invalid_request")
            self.refused(self.sign_in(password=None, address=address), "invalid_request")
            self.refused(self.sign_in(password="", address=address), "invalid_request")
            self.refused(self.sign_in(password="x", scope="admin", address=address), "invalid_scope")
        self.assertEqual(self.sign_in(address=address).status, 200)

    def test_l10_whatever_fails_looks_alike(self):
        bob = self.person("bob")
        self.site.ctl("user", "disable", bob)
        self.site.user("carol")  # without a password
        answers = {
            "a wrong password": self.sign_in(password="wrong"),
            "an unknown user": self.sign_in("nobody"),
            "an unknown e-mail": self.sign_in("nobody@example.org"),
            "a disabled user": self.sign_in(bob),
            "a user without a password": self.sign_in("carol"),
            "129 characters": self.sign_in(password="x" * 129),
            "50 kB": self.sign_in(password="x" * 50_000),
            "a long name": self.sign_in("x" * 50_000),
            "control characters": self.sign_in("alice\r\n"),
        }
        for what, answer in answers.items():
            with self.subTest(what):
                self.refused(answer)
                self.assertEqual(answer.body, b'{"error":"invalid_grant"}')

    def test_l10_an_unknown_user_takes_as_long_as_a_wrong_password(self):
        """Loose: without a hash the one would take a hundredth of the other. They take turns, and of each the
        quickest counts, for a busy machine slows now the one and now the other."""

        def seconds(name):
            start = time.monotonic()
            self.refused(self.sign_in(name, password="wrong"))
            return time.monotonic() - start

        people = [self.person(f"p{number}") for number in range(7)]
        pairs = [(seconds(name), seconds(f"q{number}")) for number, name in enumerate(people)]
        known, unknown = map(min, zip(*pairs))
        self.assertGreater(unknown, known / 10)
        self.assertLess(unknown, known * 10)

    def test_f8_a_password_change_ends_the_refresh_tokens_and_not_the_access_tokens(self):
        dora = self.person("dora")
        document = self.sign_in(dora).json()
        self.site.ctl("user", "set-password", dora, "--password-from", "-", stdin="another good horse")
        form = {"grant_type": "refresh_token", "refresh_token": document["refresh_token"]}
        self.refused(self.http.post("/oauth/token", form, self.trusted.basic))
        self.assert_active(document["access_token"])
        self.refused(self.sign_in(dora))
        self.assertEqual(self.sign_in(dora, "another good horse").status, 200)

    def test_l14_a_burst_of_sign_ins_is_answered_and_the_server_stays_up(self):
        people = [self.person(f"burst{number}") for number in range(6)]
        with ThreadPoolExecutor(30) as pool:
            answers = list(pool.map(self.sign_in, people * 5))
        self.assertEqual({answer.status for answer in answers} - {200, 503}, set())
        self.assertEqual(self.http.get("/healthz").status, 200)


class Throttle(PasswordCase):
    def fail(self, times, name, **more):
        for _ in range(times):
            self.refused(self.sign_in(name, "wrong", **more))

    def test_l11_the_sixth_failure_of_an_account_is_429_and_told_when_to_come_again(self):
        eve = self.person("eve")
        self.fail(5, eve)
        self.assertEqual(self.slowed(self.sign_in(eve, "wrong")), 1)

    def test_l11_the_right_password_does_not_get_through_while_blocked(self):
        frank = self.person("frank")
        self.fail(5, frank)
        for _ in range(6):  # until the block is long enough for the next request to fall into it
            self.slowed(self.sign_in(frank, "wrong"))
            age_failures(self.site, 40)
        self.slowed(self.sign_in(frank, "wrong"))
        self.assertGreater(self.slowed(self.sign_in(frank)), 30)
        age_failures(self.site, 70)
        self.assertEqual(self.sign_in(frank).status, 200)

    def test_l11_username_and_email_are_one_account(self):
        grace = self.person("grace")
        self.fail(3, grace)
        self.fail(2, f"{grace}@example.org")
        self.slowed(self.sign_in(grace.upper(), "wrong"))

    def test_l10_an_unknown_account_is_throttled_with_the_same_words(self):
        henry = self.person("henry")
        known = [self.sign_in(henry, "wrong") for _ in range(6)]
        unknown = [self.sign_in("nobody-here", "wrong") for _ in range(6)]
        for one, other in zip(known, unknown):
            self.assertEqual((one.status, one.body), (other.status, other.body))
            self.assertEqual(one.field("Retry-After"), other.field("Retry-After"))
        self.slowed(unknown[5])

    def test_the_first_five_failures_cost_nothing_and_success_clears_them(self):
        ida = self.person("ida")
        for _ in range(3):
            self.fail(5, ida)
            self.assertEqual(self.sign_in(ida).status, 200)

    def test_l11_an_address_is_throttled_whatever_account_it_tries(self):
        jack = self.person("jack")
        address = self.address()
        for number in range(5):
            self.fail(1, f"guess-{number}", address=address)
        self.slowed(self.sign_in("guess-5", "wrong", address=address))
        age_failures(self.site, -60)  # the block is long now: it does not end before the next request
        self.slowed(self.sign_in(jack, address=address))
        self.assertEqual(self.sign_in(jack).status, 200)
        age_failures(self.site, 60)

    def test_l11_the_addresses_of_one_ipv6_network_are_one(self):
        for number in range(5):
            self.fail(1, f"v6-{number}", address=f"2001:db8:0:1::{number}")
        self.slowed(self.sign_in("v6-5", "wrong", address="2001:db8:0:1:9::1"))
        self.fail(1, "v6-6", address="2001:db8:0:2::1")

    def test_l11_an_address_cannot_be_chosen_behind_a_proxy(self):
        address = self.address()
        for number in range(5):
            self.fail(1, f"forged-{number}", address=f"198.51.100.{number}, {address}")
        self.slowed(self.sign_in("forged-5", "wrong", address=f"198.51.100.99, {address}"))

    def test_failures_are_forgotten_after_15_minutes(self):
        kate = self.person("kate")
        self.fail(5, kate)
        age_failures(self.site, 901)
        self.fail(5, kate)
        self.slowed(self.sign_in(kate, "wrong"))

    def test_many_guesses_at_once_do_not_overshoot(self):
        liam = self.person("liam")
        with ThreadPoolExecutor(30) as pool:
            answers = list(pool.map(lambda _: self.sign_in(liam, "wrong"), range(30)))
        judged = [answer for answer in answers if answer.status == 400]
        self.assertEqual(len(judged), 5)
        self.assertEqual({answer.status for answer in answers} - {400, 429, 503}, set())


class Off(PasswordCase):
    flags = ()

    def test_without_the_setting_the_grant_is_unsupported_and_not_in_the_metadata(self):
        self.refused(self.sign_in(), "unsupported_grant_type")
        document = self.http.get("/.well-known/oauth-authorization-server").json()
        self.assertNotIn("password", document["grant_types_supported"])


class On(PasswordCase):
    def test_with_the_setting_the_grant_is_in_the_metadata(self):
        document = self.http.get("/.well-known/oauth-authorization-server").json()
        self.assertIn("password", document["grant_types_supported"])
