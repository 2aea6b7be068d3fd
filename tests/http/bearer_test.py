"""RFC 6750: what /oauth/ping and /oauth/info take and tell."""

import time

from harness.case import ServedCase
from harness.http_client import FORM
from harness.planted import plant_tokens
from harness.server import eventually

BARE = 'Bearer realm="oauth2d"'


class Bearer(ServedCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.user_id = cls.site.user("Alice")
        cls.personal = cls.site.personal_token("alice", "laptop", "--scope", "write", "--scope", "read")

    def assert_challenge(self, answer, status, challenge):
        self.assertEqual((answer.status, answer.field("WWW-Authenticate")), (status, challenge), answer)
        self.assertEqual(answer.field("Content-Type"), "application/json")
        self.assert_not_stored(answer)

    def test_ping_answers_pong_to_get_and_post(self):
        token = self.token()
        for method in ("GET", "POST"):
            answer = self.http.request(method, "/oauth/ping", headers={"Authorization": f"Bearer {token}"})
            self.assertEqual((answer.status, answer.body), (200, b'{"ping":"pong"}'))
            self.assert_not_stored(answer)

    def test_info_of_a_clients_token_has_no_user(self):
        document = self.bearer(self.token(scope="read"), "/oauth/info").json()
        self.assertEqual(
            document,
            {"user": None, "client": {"client_id": self.app.id, "client_name": "app"}, "scopes": ["read"]},
        )

    def test_info_of_a_personal_token_has_no_client(self):
        document = self.bearer(self.personal, "/oauth/info").json()
        self.assertEqual(sorted(document.pop("scopes")), ["read", "write"])
        self.assertEqual(document, {"user": {"id": self.user_id, "username": "Alice"}, "client": None})

    def test_without_a_token_there_is_no_error_code(self):
        for path in ("/oauth/ping", "/oauth/info"):
            for headers in ({}, {"Authorization": self.app.basic}, {"Authorization": "Digest x"}):
                with self.subTest(path=path, headers=headers):
                    answer = self.http.request("GET", path, headers=headers)
                    self.assert_challenge(answer, 401, BARE)
                    self.assertNotIn(b"error", answer.body)

    def test_a_token_that_is_not_active_is_invalid(self):
        revoked = self.token()
        self.revoke(revoked)
        (refresh,) = plant_tokens(
            self.site, kind="refresh", client=self.app.id, user=self.user_id, expires_at=int(time.time()) + 99
        )
        for token in (
            revoked,
            refresh,
            "x",
            "o2a_x",
            self.app.secret,
            "é".encode().decode("latin-1"),
            "a b",
            ",",
        ):
            with self.subTest(token):
                self.assert_challenge(self.bearer(token), 401, BARE + ', error="invalid_token"')

    def test_a_header_without_a_token_is_answered_400_or_401(self):
        for value in ("Bearer", "Bearer ", "bearer"):
            with self.subTest(value):
                answer = self.http.request("GET", "/oauth/ping", headers={"Authorization": value})
                self.assertIn(answer.status, (400, 401))
                self.assertTrue(answer.field("WWW-Authenticate").startswith(BARE))

    def test_the_scheme_has_no_case(self):
        token = self.token()
        for scheme in ("bearer", "BEARER"):
            answer = self.http.request("GET", "/oauth/ping", headers={"Authorization": f"{scheme} {token}"})
            self.assertEqual(answer.status, 200)

    def test_two_authorization_headers_are_an_invalid_request(self):
        token = self.token()
        text = self.http.raw(
            (
                f"GET /oauth/ping HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
                f"Authorization: Bearer {token}\r\n\r\n"
            ).encode()
        )
        self.assertTrue(text.startswith(b"HTTP/1.1 400 "), text)
        self.assertIn(b'error="invalid_request"', text)

    def test_tokens_in_query_and_form_are_not_taken_by_default(self):
        token = self.token()
        self.assert_challenge(self.http.get(f"/oauth/ping?access_token={token}"), 401, BARE)
        self.assert_challenge(self.http.post("/oauth/ping", {"access_token": token}), 401, BARE)

    def test_a_query_beside_the_header_changes_nothing(self):
        answer = self.http.get(
            "/oauth/ping?access_token=x&%zz&access_token=y", Authorization=f"Bearer {self.token()}"
        )
        self.assertEqual(answer.status, 200)


class QueryTokens(ServedCase):
    flags = ("--allow-query-tokens", "true")

    def test_where_allowed_a_query_and_a_form_token_work(self):
        token = self.token()
        self.assertEqual(self.http.get(f"/oauth/ping?access_token={token}").status, 200)
        self.assertEqual(self.http.post("/oauth/ping", {"access_token": token}).status, 200)

    def test_two_ways_at_once_are_an_invalid_request(self):
        token = self.token()
        query = f"/oauth/ping?access_token={token}"
        form = f"access_token={token}".encode()
        header = {"Authorization": f"Bearer {token}"}
        body_type = {"Content-Type": FORM}
        for method, path, body, headers in (
            ("GET", query, None, header),
            ("POST", "/oauth/ping", form, {**header, **body_type}),
            ("POST", query, form, body_type),
            ("GET", query + f"&access_token={token}", None, {}),
        ):
            with self.subTest(method=method, path=path[:20], headers=list(headers)):
                answer = self.http.request(method, path, body, headers)
                self.assertEqual((answer.status, answer.json()["error"]), (400, "invalid_request"))
                self.assertIn('error="invalid_request"', answer.field("WWW-Authenticate"))

    def test_a_malformed_query_is_an_invalid_request(self):
        self.assertEqual(self.http.get("/oauth/ping?access_token=%zz").status, 400)

    def test_an_empty_token_is_none(self):
        answer = self.http.get("/oauth/ping?access_token=")
        self.assertEqual((answer.status, answer.field("WWW-Authenticate")), (401, BARE))


class LastUse(ServedCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.site.user("alice")

    def last_used_at(self, name):
        return self.site.ctl_json("token", "show", name)["last_used_at"]

    def test_the_last_use_of_a_personal_token_is_recorded_and_not_at_every_request(self):
        began = int(time.time())
        pinged = self.site.personal_token("alice", "pinged")
        asked = self.site.personal_token("alice", "asked")
        self.site.personal_token("alice", "idle")
        self.assertIsNone(self.last_used_at("pinged"))
        for _ in range(20):
            self.assertEqual(self.bearer(pinged).status, 200)
            self.assert_active(asked)
        first = eventually(
            lambda: self.last_used_at("pinged") and self.last_used_at("asked") and self.last_used_at("pinged")
        )
        self.assertTrue(began <= first <= time.time(), first)
        for _ in range(8):
            time.sleep(0.5)
            self.bearer(pinged)
        self.assertEqual(self.last_used_at("pinged"), first)
        self.assertIsNone(self.last_used_at("idle"))

    def test_a_use_just_before_the_end_is_recorded_too(self):
        token = self.site.personal_token("alice", "late")
        with self.site.server() as server:
            answer = server.http.get("/oauth/ping", Authorization=f"Bearer {token}")
            self.assertEqual(answer.status, 200)
        self.assertIsNotNone(self.last_used_at("late"))

    def test_a_refused_use_is_no_use(self):
        token = self.site.personal_token("alice", "revoked")
        self.http.post("/oauth/revoke", {"token": token})
        token_id = next(
            row["id"] for row in self.site.ctl_json("token", "list", "--all") if row["name"] == "revoked"
        )
        self.bearer(token)
        self.introspect(token)
        time.sleep(3)
        self.assertIsNone(self.last_used_at(token_id))
