"""RFC 7009: who may end which token."""

import time

from harness.case import ServedCase
from harness.planted import plant_tokens, token_string


class Revocation(ServedCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.public = cls.site.client("spa", "--public", "--redirect-uri", "https://spa.example/cb")
        cls.user_id = cls.site.user("alice")

    def planted(self, **what):
        return plant_tokens(self.site, expires_at=int(time.time()) + 3600, **what)[0]

    def audit(self, token_id):
        return self.site.ctl_json("audit", "list", "--object", f"token:{token_id}")

    def test_a_client_ends_its_own_token_at_once(self):
        token = self.token()
        self.assertEqual(self.bearer(token).status, 200)
        answer = self.revoke(token)
        self.assertEqual(answer.status, 200)
        self.assert_not_stored(answer)
        self.assert_inactive(token)
        self.assertEqual(self.bearer(token).status, 401)

    def test_an_answer_that_is_called_json_is_json(self):
        answer = self.revoke(self.token())
        if "json" in (answer.field("Content-Type") or ""):
            self.assertIsInstance(answer.json(), dict)

    def test_revoking_twice_is_fine_and_recorded_once(self):
        token = self.token()
        token_id = self.introspect(token)["jti"]
        self.assertEqual(self.revoke(token).status, 200)
        self.assertEqual(self.revoke(token).status, 200)
        rows = self.audit(token_id)
        self.assertEqual([row["action"] for row in rows], ["token.revoke"])
        self.assertEqual(rows[0]["actor"], f"client:{self.app.id}")
        self.assertEqual(rows[0]["address"], "127.0.0.1")

    def test_the_audit_row_has_the_request_id_of_the_answer(self):
        token = self.token()
        token_id = self.introspect(token)["jti"]
        answer = self.revoke(token)
        self.assertEqual(self.audit(token_id)[0]["request_id"], answer.field("X-Request-Id"))

    def test_an_unknown_token_is_200(self):
        for token in (
            "x",
            token_string("access"),
            token_string("refresh"),
            token_string("personal"),
            "o2a_",
            self.app.secret,
            "é",
        ):
            with self.subTest(token):
                self.assertEqual(self.revoke(token).status, 200)

    def test_another_clients_token_is_refused_and_stays_active(self):
        token = self.token()
        self.assert_error(self.revoke(token, self.api), 400, "invalid_grant")
        self.assert_active(token)

    def test_another_clients_refresh_token_is_refused(self):
        refresh = self.planted(kind="refresh", client=self.app.id, user=self.user_id)
        self.assert_error(self.revoke(refresh, self.api), 400, "invalid_grant")
        self.assertIs(self.introspect(refresh, self.app)["active"], True)

    def test_a_failed_authentication_revokes_nothing(self):
        token = self.token()
        self.assert_error(self.http.post("/oauth/revoke", {"token": token}), 401, "invalid_client")
        wrong = {"token": token, "client_id": self.app.id, "client_secret": "wrong"}
        self.assert_error(self.http.post("/oauth/revoke", wrong), 401, "invalid_client")
        self.assert_active(token)

    def test_a_missing_token_is_an_invalid_request(self):
        self.assert_error(self.http.post("/oauth/revoke", {}, self.app.basic), 400, "invalid_request")
        self.assert_error(
            self.http.post("/oauth/revoke", {"token": ""}, self.app.basic), 400, "invalid_request"
        )

    def test_a_wrong_hint_still_finds_the_token(self):
        for hint in ("refresh_token", "nonsense"):
            with self.subTest(hint):
                token = self.token()
                self.assertEqual(self.revoke(token, token_type_hint=hint).status, 200)
                self.assert_inactive(token)

    def test_a_public_client_names_itself(self):
        token = self.planted(client=self.public.id, user=self.user_id)
        self.assert_active(token)
        answer = self.http.post("/oauth/revoke", {"token": token, "client_id": self.public.id})
        self.assertEqual(answer.status, 200)
        self.assert_inactive(token)

    def test_a_public_client_ends_no_other_clients_token(self):
        token = self.token()
        answer = self.http.post("/oauth/revoke", {"token": token, "client_id": self.public.id})
        self.assert_error(answer, 400, "invalid_grant")
        self.assert_active(token)

    def test_a_refresh_token_takes_its_access_tokens_along(self):
        family = {"client": self.app.id, "user": self.user_id, "family": "family-1"}
        refresh, access = self.planted(kind="refresh", **family), self.planted(**family)
        bystander = self.planted(client=self.app.id, user=self.user_id, family="family-2")
        self.assertEqual(self.revoke(refresh).status, 200)
        self.assert_inactive(refresh, self.app)
        self.assert_inactive(access)
        self.assert_active(bystander)

    def test_an_access_token_leaves_its_refresh_token_alone(self):
        family = {"client": self.app.id, "user": self.user_id, "family": "family-3"}
        refresh, access = self.planted(kind="refresh", **family), self.planted(**family)
        self.assertEqual(self.revoke(access).status, 200)
        self.assert_inactive(access)
        self.assertIs(self.introspect(refresh, self.app)["active"], True)

    def test_many_revocations_at_once_all_count(self):
        tokens = [self.token() for _ in range(40)]
        connections = [self.http.connection() for _ in tokens]
        for connection, token in zip(connections, tokens):
            connection.request(
                "POST",
                "/oauth/revoke",
                f"token={token}",
                {"Content-Type": "application/x-www-form-urlencoded", "Authorization": self.app.basic},
            )
        for connection in connections:
            self.assertEqual(connection.getresponse().status, 200)
            connection.close()
        for token in tokens:
            self.assert_inactive(token)


class Personal(ServedCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.site.user("alice")

    def setUp(self):
        self.personal = self.site.personal_token("alice", self.id())

    def test_whoever_holds_a_personal_token_may_end_it_without_a_client(self):
        self.assert_active(self.personal)
        answer = self.http.post("/oauth/revoke", {"token": self.personal})
        self.assertEqual(answer.status, 200)
        self.assert_inactive(self.personal)
        self.assertEqual(self.bearer(self.personal).status, 401)

    def test_a_client_that_found_one_may_end_it_too(self):
        self.assertEqual(self.revoke(self.personal, self.api).status, 200)
        self.assert_inactive(self.personal)

    def test_a_client_that_fails_to_authenticate_may_not(self):
        answer = self.http.post(
            "/oauth/revoke", {"token": self.personal, "client_id": self.api.id, "client_secret": "wrong"}
        )
        self.assert_error(answer, 401, "invalid_client")
        self.assert_active(self.personal)

    def test_an_unknown_personal_token_is_200_without_a_client(self):
        self.assertEqual(self.http.post("/oauth/revoke", {"token": token_string("personal")}).status, 200)

    def test_an_access_token_needs_its_client(self):
        token = self.token()
        self.assert_error(self.http.post("/oauth/revoke", {"token": token}), 401, "invalid_client")
        self.assert_active(token)
