"""RFC 6749 section 4.1.3, RFC 7636: what an authorization code gives, to whom, and how often."""

from grant_case import BOTH, CALLBACK, CHALLENGE, SCOPES, VERIFIER, GrantCase
from harness.planted import id_of, token_string
from harness.server import eventually
from harness.site import Site


class CodeSuccess(GrantCase):
    def test_a_code_gives_these_members_and_nobody_may_store_them(self):
        answer = self.redeem(self.code())
        document = self.given(answer)
        self.assertEqual(
            set(document), {"access_token", "token_type", "expires_in", "scope", "refresh_token", "user"}
        )
        self.assertRegex(document["access_token"], r"\Ao2a_[0-9A-Za-z]{49}\Z")
        self.assertRegex(document["refresh_token"], r"\Ao2r_[0-9A-Za-z]{49}\Z")
        self.assertEqual((document["token_type"], document["expires_in"]), ("Bearer", 3600))
        self.assertEqual(document["scope"], "read write")
        self.assertEqual(document["user"], {"id": self.user_id})
        self.assert_not_stored(answer)

    def test_the_access_token_speaks_for_the_user_at_the_client(self):
        document = self.introspect(self.first()["access_token"])
        self.assertEqual((document["client_id"], document["sub"]), (self.web.id, self.user_id))
        self.assertEqual((document["username"], document["token_kind"]), ("alice", "access"))
        self.assertEqual(document["aud"], self.issuer)

    def test_the_refresh_token_answers_to_its_client_and_opens_nothing(self):
        refresh = self.first()["refresh_token"]
        document = self.introspect(refresh, self.web)
        self.assertEqual((document["token_kind"], document["exp"] - document["iat"]), ("refresh", 30 * 86400))
        self.assert_inactive(refresh)
        self.assertEqual(self.bearer(refresh).status, 401)

    def test_a_public_client_redeems_with_its_id_alone(self):
        self.assert_active(self.first(self.spa)["access_token"])

    def test_a_confidential_client_may_do_without_pkce(self):
        code = self.code(code_challenge=None)
        self.given(self.redeem(code, code_verifier=None))

    def test_the_email_address_comes_with_the_scope_user_email(self):
        document = self.first(scope="read user:email")
        self.assertEqual(
            document["user"], {"id": self.user_id, "email": "alice@example.org", "email_verified": False}
        )

    def test_the_audience_of_the_code_is_that_of_its_tokens(self):
        shop = self.site.client("shop", *BOTH, "--resource", "https://api.example")
        document = self.first(shop, scope="", audience="https://api.example")
        self.assertEqual(self.introspect(document["access_token"])["aud"], "https://api.example")
        self.assertEqual(self.introspect(document["refresh_token"], shop)["aud"], "https://api.example")

    def test_a_refresh_token_comes_only_where_refresh_token_is_registered(self):
        once = self.site.client("once", *BOTH[:2], *BOTH[4:], *SCOPES)
        self.assertNotIn("refresh_token", self.first(once))

    def test_a_code_without_a_redirect_uri_is_redeemed_without_one(self):
        code = self.code(redirect_uri=None)
        self.refused(self.redeem(code))
        self.given(self.redeem(code, redirect_uri=None))


class CodeRefusals(GrantCase):
    def test_what_is_refused_burns_nothing(self):
        code = self.code()
        changes = {
            "no redirect_uri": {"redirect_uri": None},
            "an empty redirect_uri": {"redirect_uri": ""},
            "another redirect_uri": {"redirect_uri": CALLBACK + "/"},
            "an encoded redirect_uri": {"redirect_uri": CALLBACK.replace("/cb", "/%63b")},
            "no verifier": {"code_verifier": None},
            "another verifier": {"code_verifier": VERIFIER[:-1] + "K"},
            "a longer verifier": {"code_verifier": VERIFIER + "k"},
            "a malformed verifier": {"code_verifier": "x"},
            "the challenge": {"code_verifier": CHALLENGE},
            "another public client": {"client": self.spa},
            "another client": {"client": self.other()},
        }
        for what, change in changes.items():
            with self.subTest(what):
                self.refused(self.redeem(code, **change))
        self.given(self.redeem(code))

    def other(self):
        return self.site.client("other", *BOTH, *SCOPES)

    def test_a_code_that_is_not_exactly_one_of_ours_is_invalid_grant(self):
        code = self.code()
        for other in (
            code[:-1],
            code + "0",
            code.swapcase(),
            code + " ",
            "x",
            "é",
            token_string("authorization_code"),
            token_string("access"),
            self.first()["refresh_token"],
        ):
            with self.subTest(other):
                self.refused(self.redeem(other))
        self.given(self.redeem(code))

    def test_a_missing_code_is_an_invalid_request(self):
        self.refused(self.redeem(None), "invalid_request")
        self.refused(self.redeem(""), "invalid_request")

    def test_an_expired_code_is_invalid_grant(self):
        self.refused(self.redeem(self.code(age=60)))

    def test_a_verifier_without_a_challenge_is_refused(self):
        code = self.code(code_challenge=None)
        self.refused(self.redeem(code))
        self.given(self.redeem(code, code_verifier=None))

    def test_a_public_clients_code_without_a_challenge_is_refused(self):
        code = self.code(self.spa, code_challenge=None)
        self.refused(self.redeem(code, self.spa, code_verifier=None))
        self.refused(self.redeem(code, self.spa))

    def test_a_client_that_is_not_registered_for_codes_gets_nothing(self):
        self.refused(self.redeem(self.code(self.app), self.app), "unauthorized_client")

    def test_no_description_names_a_value(self):
        code = self.code()
        answer = self.redeem(code, redirect_uri="https://zebra.example/")
        self.assertEqual(set(answer.json()), {"error"})

    def test_a_user_disabled_in_between_gets_nothing_until_enabled(self):
        user = self.site.user("bob")
        code = self.code(user=user)
        self.site.ctl("user", "disable", "bob")
        self.refused(self.redeem(code))
        self.site.ctl("user", "enable", "bob")
        self.given(self.redeem(code))

    def test_a_client_disabled_in_between_gets_nothing_until_enabled(self):
        client = self.site.client("blinking", *BOTH, *SCOPES)
        code = self.code(client)
        self.site.ctl("client", "disable", client.id)
        self.assert_error(self.redeem(code, client), 401, "invalid_client")
        self.site.ctl("client", "enable", client.id)
        self.given(self.redeem(code, client))

    def test_a_deleted_user_takes_the_code_along(self):
        code = self.code(user=self.site.user("shortlived"))
        self.site.ctl("user", "delete", "shortlived", "--yes")
        self.refused(self.redeem(code))


class CodeReplay(GrantCase):
    def test_of_50_parallel_redemptions_exactly_one_is_200_and_the_others_revoke_it(self):
        for client in (self.web, self.spa):
            code = self.code(client)
            answers = self.at_once(50, lambda: self.redeem(code, client))
            winners = [answer for answer in answers if answer.status == 200]
            self.assertEqual(len(winners), 1)
            for answer in answers:
                if answer is not winners[0]:
                    self.refused(answer)
            self.assert_inactive(winners[0].json()["access_token"])
            self.refused(self.refresh(winners[0].json()["refresh_token"], client))

    def test_of_50_parallel_redemptions_without_the_verifier_none_succeeds_or_burns(self):
        code = self.code()
        for answer in self.at_once(50, lambda: self.redeem(code, code_verifier=None)):
            self.refused(answer)
        self.given(self.redeem(code))

    def test_a_valid_replay_revokes_all_that_the_code_gave(self):
        code = self.code()
        first = self.given(self.redeem(code))
        second = self.given(self.refresh(first["refresh_token"]))
        bystander = self.first()
        self.refused(self.redeem(code))
        for token in (first["access_token"], second["access_token"]):
            self.assert_inactive(token)
            self.assertEqual(self.bearer(token).status, 401)
        for token in (first["refresh_token"], second["refresh_token"]):
            self.assert_inactive(token, self.web)
            self.refused(self.refresh(token))
        self.assert_active(bystander["access_token"])
        self.given(self.refresh(bystander["refresh_token"]))

    def test_a_replay_is_recorded_once(self):
        client = self.site.client("replayed", *BOTH, *SCOPES)
        code = self.code(client)
        self.given(self.redeem(code, client))
        self.refused(self.redeem(code, client))
        self.refused(self.redeem(code, client))
        rows = [row for row in self.audit(client.id) if row[0] == "code.reuse"]
        self.assertEqual(rows, [("code.reuse", f"client:{client.id}")])

    def test_an_invalid_replay_revokes_nothing(self):
        code = self.code()
        first = self.given(self.redeem(code))
        self.refused(self.redeem(code, self.spa))
        self.refused(self.redeem(code, code_verifier=None))
        self.refused(self.redeem(code, code_verifier=VERIFIER[:-1] + "K"))
        self.refused(self.redeem(code, redirect_uri=None))
        wrong = {"grant_type": "authorization_code", "code": code, "client_id": self.web.id}
        self.assert_error(
            self.http.post("/oauth/token", {**wrong, "client_secret": "wrong"}), 401, "invalid_client"
        )
        self.assert_active(first["access_token"])
        self.given(self.refresh(first["refresh_token"]))

    def test_revoking_the_refresh_token_takes_what_the_code_gave(self):
        first = self.first()
        self.assertEqual(self.revoke(first["refresh_token"], self.web).status, 200)
        self.assert_inactive(first["access_token"])
        self.refused(self.refresh(first["refresh_token"]))

    def test_what_a_code_gave_is_listed_by_oauth2ctl(self):
        first = self.first()
        listed = {token["id"] for token in self.site.ctl_json("token", "list", "--user", "alice")}
        self.assertLessEqual({id_of(first["access_token"]), id_of(first["refresh_token"])}, listed)


class CodeAfterAKill(GrantCase):
    def test_a_redeemed_code_stays_redeemed_when_the_server_is_killed(self):
        with Site() as site:
            self.site, server = site, site.server()
            site.scopes("read", "write")
            self.web = site.client("web", *BOTH, *SCOPES)
            self.user_id = site.user("alice")
            self.http, code = server.http, self.code()
            token = self.given(self.redeem(code))["access_token"]
            server.kill()
            with site.server() as server:
                self.http = server.http
                self.assertIs(self.introspect(token, self.web)["active"], True)
                self.refused(self.redeem(code))
                self.assertIs(self.introspect(token, self.web)["active"], False)


class CodePruning(GrantCase):
    flags = ("--prune-interval", "1s", "--prune-after", "1h")

    def test_redeemed_and_expired_codes_are_pruned_when_their_time_is_over(self):
        old, young = self.code(age=3700), self.code()
        self.given(self.redeem(young))

        def pruned():
            return [line["table"] for line in self.server.log() if line["event"] == "pruned"]

        self.assertTrue(eventually(lambda: "authorization_codes" in pruned()), pruned())
        self.refused(self.redeem(old))
        self.assertIn("redeemed before", self.reason_of(self.redeem(young)))

    def reason_of(self, answer):
        return self.server.log_line(answer.field("X-Request-Id"))["reason"]
