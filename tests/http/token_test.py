"""RFC 6749 sections 4.4 and 5: what a client_credentials request gives, and how it is refused."""

import json
import re
import time

from harness.case import ServedCase

TOKEN = re.compile(r"o2a_[0-9A-Za-z]{49}\Z")


class Success(ServedCase):
    def test_a_client_gets_a_bearer_token_with_exactly_four_members(self):
        answer = self.ask_token(scope="read")
        self.assertEqual(answer.status, 200)
        self.assertEqual(set(answer.json()), {"access_token", "token_type", "expires_in", "scope"})
        self.assertRegex(answer.json()["access_token"], TOKEN)
        self.assertEqual(answer.json()["token_type"], "Bearer")
        self.assertEqual(answer.json()["scope"], "read")

    def test_expires_in_is_a_number_of_seconds_and_one_hour_by_default(self):
        answer = self.ask_token()
        self.assertIs(type(answer.json()["expires_in"]), int)
        self.assertEqual(answer.json()["expires_in"], 3600)
        self.assertIn(b'"expires_in":3600', answer.body)

    def test_the_answer_is_json_that_nobody_may_store(self):
        answer = self.ask_token()
        self.assertEqual(answer.field("Content-Type"), "application/json")
        self.assertEqual(answer.field("X-Content-Type-Options"), "nosniff")
        self.assert_not_stored(answer)

    def test_no_refresh_token_comes_of_client_credentials(self):
        self.assertNotIn("refresh_token", self.ask_token().json())

    def test_two_requests_give_two_tokens(self):
        first, second = self.token(), self.token()
        self.assertNotEqual(first, second)
        self.assert_active(first)
        self.assert_active(second)

    def test_a_client_may_set_how_long_its_tokens_live(self):
        client = self.site.client("brief", "--access-token-ttl", "90s", "--scope", "read")
        answer = self.ask_token(client)
        self.assertEqual(answer.json()["expires_in"], 90)
        document = self.introspect(answer.json()["access_token"])
        self.assertEqual(document["exp"] - document["iat"], 90)
        self.assertLess(abs(document["iat"] - time.time()), 30)

    def test_a_name_with_quotes_backslashes_and_umlauts_is_valid_json_everywhere(self):
        client = self.site.client('a "quoted" \\ nämé 😀', "--scope", "read")
        token = self.token(client)
        info = self.bearer(token, "/oauth/info").json()
        self.assertEqual(info["client"]["client_name"], 'a "quoted" \\ nämé 😀')


class Refusals(ServedCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.public = cls.site.client("spa", "--public", "--redirect-uri", "https://spa.example/cb")
        cls.web = cls.site.client(
            "web", "--grant", "authorization_code", "--redirect-uri", "https://web.example/cb"
        )

    def post(self, form, client=None):
        return self.remembered(self.http.post("/oauth/token", form, (client or self.app).basic))

    def test_a_request_without_grant_type_is_invalid(self):
        self.assert_error(self.post({"scope": "read"}), 400, "invalid_request")
        self.assert_error(self.post({"grant_type": ""}), 400, "invalid_request")

    def test_an_unknown_grant_type_is_unsupported(self):
        for grant in (
            "magic",
            "CLIENT_CREDENTIALS",
            "client_credentials ",
            "urn:ietf:params:oauth:grant-type:saml2",
        ):
            with self.subTest(grant):
                self.assert_error(self.post({"grant_type": grant}), 400, "unsupported_grant_type")

    def test_a_client_may_use_only_the_grants_it_is_registered_for(self):
        self.assert_error(
            self.post({"grant_type": "client_credentials"}, self.web), 400, "unauthorized_client"
        )

    def test_a_public_client_gets_nothing_by_client_credentials(self):
        form = {"grant_type": "client_credentials", "client_id": self.public.id}
        self.assert_error(self.http.post("/oauth/token", form), 400, "unauthorized_client")

    def test_a_grant_lost_by_an_update_is_refused_at_once(self):
        client = self.site.client("fickle")
        self.token(client)
        self.site.ctl(
            "client",
            "update",
            client.id,
            "--grant",
            "authorization_code",
            "--redirect-uri",
            "https://a.example/",
        )
        self.assert_error(self.ask_token(client), 400, "unauthorized_client")

    def test_descriptions_never_repeat_what_was_sent(self):
        for form in (
            {"grant_type": "zebra-grant"},
            {"grant_type": "client_credentials", "scope": "zebra-scope"},
            {"grant_type": "client_credentials", "scope": 'zebra"scope'},
        ):
            with self.subTest(form):
                answer = self.post(form)
                self.assertEqual(answer.status, 400)
                self.assertNotIn(b"zebra", answer.body)
                self.assertLessEqual(set(answer.json()), {"error", "error_description"})

    def test_a_refused_request_leaves_no_token_behind(self):
        def count():
            return len(self.site.ctl_json("token", "list", "--all"))

        before = count()
        self.post({"grant_type": "client_credentials", "scope": "nothing-such"})
        self.post({"grant_type": "client_credentials"}, self.web)
        self.post({"grant_type": "magic"})
        self.assertEqual(count(), before)


class ManyAtOnce(ServedCase):
    def test_one_connection_serves_many_requests(self):
        connection = self.http.connection()
        tokens = set()
        for _ in range(50):
            answer = self.http.post(
                "/oauth/token", {"grant_type": "client_credentials"}, self.app.basic, connection=connection
            )
            self.assertEqual(answer.status, 200)
            tokens.add(answer.json()["access_token"])
        connection.close()
        self.assertEqual(len(tokens), 50)

    def test_pipelined_requests_are_answered_in_order(self):
        one = (
            f"GET /oauth/ping HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.token()}\r\n\r\n"
            "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        ).encode()
        text = self.http.raw(one * 5)
        self.assertEqual(text.count(b"HTTP/1.1 200 "), 10)
        bodies = [json.loads(part) for part in re.findall(rb"\{[^}]*\}", text)]
        self.assertEqual(bodies, [{"ping": "pong"}, {"status": "ok"}] * 5)
