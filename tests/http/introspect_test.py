"""RFC 7662: who may ask about which token, and what the answer says."""

import json
import time

from harness.case import ServedCase
from harness.planted import plant_tokens, token_string


class Document(ServedCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.user_id = cls.site.user("Alice")
        cls.personal = cls.site.personal_token("alice", "laptop", "--scope", "read")

    def test_an_access_token_of_a_client_has_exactly_these_members(self):
        document = self.introspect(self.token(scope="read"))
        self.assertEqual(
            set(document),
            {
                "active",
                "scope",
                "client_id",
                "token_type",
                "exp",
                "iat",
                "sub",
                "aud",
                "iss",
                "jti",
                "token_kind",
            },
        )
        self.assertIs(document["active"], True)
        self.assertEqual(
            (document["scope"], document["client_id"], document["sub"]), ("read", self.app.id, self.app.id)
        )
        self.assertEqual((document["token_type"], document["token_kind"]), ("Bearer", "access"))
        self.assertEqual((document["iss"], document["aud"]), (self.issuer, self.issuer))

    def test_times_are_numbers(self):
        document = self.introspect(self.token())
        self.assertIs(type(document["exp"]), int)
        self.assertIs(type(document["iat"]), int)
        self.assertEqual(document["exp"] - document["iat"], 3600)
        self.assertLess(abs(document["iat"] - time.time()), 30)

    def test_a_personal_token_names_its_user_and_has_neither_client_nor_end(self):
        document = self.introspect(self.personal)
        self.assertEqual(
            set(document),
            {"active", "scope", "username", "token_type", "iat", "sub", "aud", "iss", "jti", "token_kind"},
        )
        self.assertEqual((document["username"], document["sub"]), ("Alice", self.user_id))
        self.assertEqual((document["token_kind"], document["scope"]), ("personal", "read"))

    def test_jti_is_the_id_under_which_oauth2ctl_knows_the_token(self):
        document = self.introspect(self.personal)
        self.assertEqual(self.site.ctl_json("token", "show", "laptop")["id"], document["jti"])

    def test_the_command_line_prints_the_same_document(self):
        token = self.token()
        printed = self.site.ctl_json("token", "verify", "--token-from", "-", stdin=token)
        self.assertEqual(printed, self.introspect(token))

    def test_the_answer_is_json_that_nobody_may_store(self):
        for token in (self.token(), "unknown"):
            answer = self.http.post("/oauth/introspect", {"token": token}, self.api.basic)
            self.assertEqual(answer.field("Content-Type"), "application/json")
            self.assert_not_stored(answer)


class Inactive(ServedCase):
    def test_what_is_no_token_is_exactly_inactive(self):
        token = self.token()
        changed = token[:-1] + ("0" if token[-1] != "0" else "1")
        for other in (
            "x",
            "o2a_",
            changed,
            token.swapcase(),
            token + " ",
            " " + token,
            token[:-1],
            "é😀",
            "o2p" + token[3:],
            self.app.secret,
            self.app.id,
            token * 100,
            "' OR 1=1 --",
        ):
            with self.subTest(other[:80]):
                self.assert_inactive(other)

    def test_a_token_that_was_never_issued_is_inactive_although_its_checksum_is_right(self):
        for kind in ("access", "refresh", "personal"):
            self.assert_inactive(token_string(kind))

    def test_a_revoked_token_is_inactive(self):
        token = self.token()
        self.assertEqual(self.revoke(token).status, 200)
        self.assert_inactive(token)

    def test_a_token_revoked_on_the_command_line_is_inactive_at_once(self):
        token = self.token()
        self.site.ctl("token", "revoke", self.introspect(token)["jti"])
        self.assert_inactive(token)

    def test_the_id_of_a_token_is_no_token(self):
        self.assert_inactive(self.introspect(self.token())["jti"])


class Request(ServedCase):
    def test_a_missing_token_is_an_invalid_request(self):
        for form in ({}, {"token": ""}, {"token_type_hint": "access_token"}):
            with self.subTest(form):
                self.assert_error(
                    self.http.post("/oauth/introspect", form, self.api.basic), 400, "invalid_request"
                )

    def test_a_wrong_hint_still_finds_the_token(self):
        token = self.token()
        for hint in ("refresh_token", "access_token", "nonsense", "", "💥"):
            with self.subTest(hint):
                self.assertIs(self.introspect(token, token_type_hint=hint)["active"], True)

    def test_the_caller_authenticates(self):
        token = self.token()
        self.assert_error(self.http.post("/oauth/introspect", {"token": token}), 401, "invalid_client")
        answer = self.http.post("/oauth/introspect", {"token": token}, f"Bearer {token}")
        self.assert_error(answer, 401, "invalid_client")

    def test_a_client_may_authenticate_by_post_too(self):
        poster = self.site.client("poster", "--auth-method", "client_secret_post")
        answer = self.http.post("/oauth/introspect", {"token": self.token(), **poster.post})
        self.assertIs(answer.json()["active"], True)

    def test_a_client_without_any_grant_of_tokens_may_ask(self):
        reader = self.site.client(
            "reader", "--grant", "authorization_code", "--redirect-uri", "https://r.example/"
        )
        self.assert_active(self.token(), reader)


class Visibility(ServedCase):
    @classmethod
    def populate(cls):
        super().populate()
        site = cls.site
        cls.any = site.client("any", "--introspect", "any")
        cls.audience = site.client("audience", "--introspect", "audience")
        cls.own = site.client("own", "--introspect", "own")
        cls.user_id = site.user("alice")
        cls.personal = site.personal_token("alice", "laptop")
        in_an_hour = int(time.time()) + 3600
        (cls.elsewhere,) = plant_tokens(
            site, client=cls.app.id, audience="https://elsewhere.example", expires_at=in_an_hour
        )
        (cls.refresh,) = plant_tokens(
            site, kind="refresh", client=cls.app.id, user=cls.user_id, expires_at=in_an_hour
        )
        (cls.old_refresh,) = plant_tokens(
            site,
            kind="refresh",
            client=cls.app.id,
            user=cls.user_id,
            created_at=in_an_hour - 9999,
            expires_at=in_an_hour - 3700,
        )

    def test_any_sees_the_tokens_of_all(self):
        self.assert_active(self.token(), self.any)
        self.assert_active(self.personal, self.any)
        self.assert_active(self.elsewhere, self.any)

    def test_audience_sees_what_is_meant_for_the_issuer(self):
        self.assert_active(self.token(), self.audience)
        self.assert_active(self.personal, self.audience)
        self.assert_inactive(self.elsewhere, self.audience)

    def test_own_sees_its_own_tokens_only(self):
        self.assert_active(self.token(self.own), self.own)
        self.assert_inactive(self.token(), self.own)
        self.assert_inactive(self.personal, self.own)

    def test_a_refresh_token_answers_only_to_its_client(self):
        self.assertEqual(self.introspect(self.refresh, self.app)["token_kind"], "refresh")
        for client in (self.any, self.audience, self.own):
            self.assert_inactive(self.refresh, client)
        self.assert_inactive(self.old_refresh, self.app)

    def test_a_changed_rule_counts_at_once(self):
        client = self.site.client("changing", "--introspect", "any")
        token = self.token()
        self.assert_active(token, client)
        self.site.ctl("client", "update", client.id, "--introspect", "own")
        self.assert_inactive(token, client)

    def test_a_token_for_another_audience_opens_nothing_here(self):
        self.assertEqual(self.bearer(self.elsewhere).status, 401)
        self.assertEqual(self.bearer(self.elsewhere, "/oauth/info").status, 401)


class Json(ServedCase):
    def test_the_document_is_one_json_object_without_blanks_around(self):
        answer = self.http.post("/oauth/introspect", {"token": self.token()}, self.api.basic)
        self.assertIsInstance(json.loads(answer.body), dict)
        self.assertTrue(answer.body.startswith(b'{"active":true') and answer.body.endswith(b"}"), answer.body)
