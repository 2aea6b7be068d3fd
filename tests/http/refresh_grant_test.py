"""RFC 6749 section 6, RFC 9700 section 4.14: refresh tokens rotate, narrow, end, and die when used twice."""

import time

from grant_case import BOTH, SCOPES, GrantCase
from harness.planted import age_rotation, id_of, plant_tokens, token_string
from harness.site import Site


class RefreshSuccess(GrantCase):
    def test_a_refresh_gives_these_members_and_rotates(self):
        first = self.first()
        answer = self.refresh(first["refresh_token"])
        second = self.given(answer)
        self.assertEqual(
            set(second), {"access_token", "token_type", "expires_in", "scope", "refresh_token", "user"}
        )
        self.assert_not_stored(answer)
        self.assertNotEqual(second["refresh_token"], first["refresh_token"])
        self.assertEqual((second["scope"], second["user"]), ("read write", {"id": self.user_id}))
        self.assert_inactive(first["refresh_token"], self.web)
        self.assert_active(second["refresh_token"], self.web)
        self.assert_active(first["access_token"])

    def test_a_public_client_refreshes_with_its_id_alone(self):
        token = self.first(self.spa)["refresh_token"]
        for _ in range(3):
            token = self.given(self.refresh(token, self.spa))["refresh_token"]

    def test_scope_may_narrow_and_the_refresh_token_keeps_the_original(self):
        token = self.first()["refresh_token"]
        for scope, given in (("read", "read"), ("write read", "write read"), (None, "read write")):
            document = self.given(self.refresh(token, scope=scope))
            self.assertEqual(document["scope"], given)
            self.assertEqual(self.introspect(document["access_token"])["scope"], given)
            token = document["refresh_token"]
            self.assertEqual(self.introspect(token, self.web)["scope"], "read write")

    def test_scope_never_widens_and_asking_for_more_uses_nothing_up(self):
        token = self.first(scope="read")["refresh_token"]
        for scope in ("write", "read write", "READ", "nothing-such", 'zebra"'):
            with self.subTest(scope):
                answer = self.refresh(token, scope=scope)
                self.refused(answer, "invalid_scope")
                self.assertNotIn(b"zebra", answer.body)
        self.given(self.refresh(token))

    def test_scopes_lost_meanwhile_are_left_out_until_they_come_back(self):
        client = self.site.client("shrinking", *BOTH, *SCOPES)
        token = self.first(client)["refresh_token"]
        for left, given in ((["read"], "read"), (["user:email"], None), (["read", "write"], "read write")):
            flags = [flag for scope in left for flag in ("--scope", scope)]
            self.site.ctl("client", "update", client.id, *flags)
            answer = self.refresh(token, client)
            if given is None:
                self.refused(answer, "invalid_scope")
            else:
                self.assertEqual(self.given(answer)["scope"], given)
                token = answer.json()["refresh_token"]

    def test_the_audience_is_carried_over(self):
        shop = self.site.client("shop", *BOTH, "--resource", "https://api.example")
        first = self.first(shop, scope="", audience="https://api.example")
        second = self.given(self.refresh(first["refresh_token"], shop))
        self.assertEqual(self.introspect(second["access_token"])["aud"], "https://api.example")
        self.assertEqual(self.introspect(second["refresh_token"], shop)["aud"], "https://api.example")

    def test_the_list_of_active_tokens_has_the_newest_refresh_token_only(self):
        client = self.site.client("listed", *BOTH, *SCOPES)
        first = self.first(client)["refresh_token"]
        second = self.given(self.refresh(first, client))["refresh_token"]
        listed = self.site.ctl_json("token", "list", "--client", client.id, "--kind", "refresh")
        self.assertEqual([token["id"] for token in listed], [id_of(second)])


class RefreshRetry(GrantCase):
    def test_a_retry_gets_the_same_successor_and_a_fresh_access_token(self):
        token = self.first()["refresh_token"]
        one, two = self.given(self.refresh(token)), self.given(self.refresh(token))
        self.assertEqual(one["refresh_token"], two["refresh_token"])
        self.assertNotEqual(one["access_token"], two["access_token"])
        self.assert_active(one["access_token"])
        self.given(self.refresh(two["refresh_token"]))

    def test_parallel_refreshes_get_one_successor_and_make_no_fork(self):
        for client in (self.web, self.spa):
            token = self.first(client)["refresh_token"]
            documents = [
                self.given(answer) for answer in self.at_once(20, lambda: self.refresh(token, client))
            ]
            self.assertEqual(len({document["refresh_token"] for document in documents}), 1)
            self.assertEqual(len({document["access_token"] for document in documents}), 20)
            self.given(self.refresh(documents[0]["refresh_token"], client))

    def test_a_retry_at_another_server_of_the_database_gets_the_same_successor(self):
        token = self.first()["refresh_token"]
        successor = self.given(self.refresh(token))["refresh_token"]
        age_rotation(self.site, token, -60)  # else the time for a retry would run while a server starts
        with self.site.server() as other:
            self.http = other.http  # of this test only
            self.assertEqual(self.given(self.refresh(token))["refresh_token"], successor)
            newest = self.given(self.refresh(successor))["refresh_token"]
        del self.http
        self.given(self.refresh(newest))

    def test_a_retry_may_narrow_but_not_widen(self):
        token = self.first(scope="read write")["refresh_token"]
        self.given(self.refresh(token))
        self.refused(self.refresh(token, scope="user:email"), "invalid_scope")
        self.assertEqual(self.given(self.refresh(token, scope="read"))["scope"], "read")


class RefreshReuse(GrantCase):
    def assert_family_is_revoked(self, *documents):
        for document in documents:
            self.assert_inactive(document["access_token"])
            self.assert_inactive(document["refresh_token"], self.web)
            self.refused(self.refresh(document["refresh_token"]))

    def test_reuse_more_than_10_seconds_later_revokes_the_family(self):
        first, bystander = self.first(), self.first()
        second = self.given(self.refresh(first["refresh_token"]))
        age_rotation(self.site, first["refresh_token"], 11)
        self.refused(self.refresh(first["refresh_token"]))
        self.assert_family_is_revoked(first, second)
        self.assert_active(bystander["access_token"])
        self.given(self.refresh(bystander["refresh_token"]))

    def test_once_the_successor_was_used_any_repeat_revokes_the_family(self):
        first = self.first()
        second = self.given(self.refresh(first["refresh_token"]))
        third = self.given(self.refresh(second["refresh_token"]))
        self.refused(self.refresh(first["refresh_token"]))
        self.assert_family_is_revoked(first, second, third)

    def test_reuse_is_recorded_once_with_the_token_and_the_client(self):
        first = self.first()
        self.given(self.refresh(first["refresh_token"]))
        age_rotation(self.site, first["refresh_token"], 11)
        for _ in range(3):
            self.refused(self.refresh(first["refresh_token"]))
        self.assertEqual(
            self.audit(id_of(first["refresh_token"])), [("token.reuse", f"client:{self.web.id}")]
        )

    def test_parallel_reuse_revokes_once_and_gives_nothing(self):
        first = self.first()
        second = self.given(self.refresh(first["refresh_token"]))
        age_rotation(self.site, first["refresh_token"], 11)
        for answer in self.at_once(20, lambda: self.refresh(first["refresh_token"])):
            self.refused(answer)
        self.assert_family_is_revoked(first, second)
        self.assertEqual(len(self.audit(id_of(first["refresh_token"]))), 1)

    def test_another_clients_try_is_refused_and_touches_nothing(self):
        first = self.first()
        self.refused(self.refresh(first["refresh_token"], self.spa))
        second = self.given(self.refresh(first["refresh_token"]))
        age_rotation(self.site, first["refresh_token"], 11)
        self.refused(self.refresh(first["refresh_token"], self.spa))
        self.assert_active(second["access_token"])
        self.given(self.refresh(second["refresh_token"]))

    def test_a_rotated_refresh_token_still_takes_its_family_when_it_is_revoked(self):
        first = self.first()
        second = self.given(self.refresh(first["refresh_token"]))
        self.assertEqual(self.revoke(first["refresh_token"], self.web).status, 200)
        self.assert_family_is_revoked(first, second)


class RefreshAfterAKill(GrantCase):
    def test_what_was_used_stays_used_and_what_lived_lives_when_the_server_is_killed(self):
        with Site() as site:
            self.site, server = site, site.server()
            site.scopes("read", "write")
            self.web = site.client("web", *BOTH, *SCOPES)
            self.user_id = site.user("alice")
            self.http = server.http
            first, bystander = self.first(), self.first()
            second = self.given(self.refresh(first["refresh_token"]))
            age_rotation(site, first["refresh_token"], -60)  # else the time for a retry would run meanwhile
            server.kill()
            with site.server() as server:
                self.http = server.http
                retry = self.given(self.refresh(first["refresh_token"]))
                self.assertEqual(retry["refresh_token"], second["refresh_token"])
                self.given(self.refresh(second["refresh_token"]))
                self.refused(self.refresh(first["refresh_token"]))
                self.refused(self.refresh(second["refresh_token"]))
                self.given(self.refresh(bystander["refresh_token"]))


class RefreshRefusals(GrantCase):
    def test_what_is_no_refresh_token_is_invalid_grant(self):
        first = self.first()
        for token in (
            first["access_token"],
            first["refresh_token"][:-1],
            first["refresh_token"] + "0",
            first["refresh_token"].swapcase(),
            token_string("refresh"),
            self.code(),
            "x",
            "é",
        ):
            with self.subTest(token):
                self.refused(self.refresh(token))
        self.given(self.refresh(first["refresh_token"]))

    def test_a_missing_refresh_token_is_an_invalid_request(self):
        self.refused(self.refresh(None), "invalid_request")

    def test_an_expired_refresh_token_is_invalid_grant(self):
        now = int(time.time())
        (token,) = plant_tokens(
            self.site,
            kind="refresh",
            client=self.web.id,
            user=self.user_id,
            family="old",
            created_at=now - 100,
            expires_at=now,
        )
        self.refused(self.refresh(token))

    def test_a_client_that_lost_the_grant_is_refused(self):
        client = self.site.client("fickle", *BOTH, *SCOPES)
        token = self.first(client)["refresh_token"]
        self.site.ctl("client", "update", client.id, "--grant", "authorization_code")
        self.refused(self.refresh(token, client), "unauthorized_client")
        self.site.ctl(
            "client", "update", client.id, "--grant", "authorization_code", "--grant", "refresh_token"
        )
        self.given(self.refresh(token, client))

    def test_a_disabled_user_is_refused_and_comes_back_when_enabled(self):
        token = self.first(user=self.site.user("bob"))["refresh_token"]
        self.site.ctl("user", "disable", "bob")
        self.refused(self.refresh(token))
        self.site.ctl("user", "enable", "bob")
        token = self.given(self.refresh(token))["refresh_token"]
        self.site.ctl("user", "disable", "bob")
        self.refused(self.refresh(token))

    def test_a_disabled_client_is_refused_and_comes_back_when_enabled(self):
        client = self.site.client("blinking", *BOTH, *SCOPES)
        token = self.first(client)["refresh_token"]
        self.site.ctl("client", "disable", client.id)
        self.assert_error(self.refresh(token, client), 401, "invalid_client")
        self.site.ctl("client", "enable", client.id)
        self.given(self.refresh(token, client))

    def test_a_client_may_set_how_long_its_refresh_tokens_live(self):
        client = self.site.client("brief", *BOTH, *SCOPES, "--refresh-token-ttl", "90s")
        document = self.introspect(self.first(client)["refresh_token"], client)
        self.assertEqual(document["exp"] - document["iat"], 90)


class RefreshSettings(GrantCase):
    flags = ("--refresh-token-idle", "2h", "--refresh-token-ttl", "3h")

    def test_the_settings_say_how_long_a_refresh_token_waits(self):
        document = self.introspect(self.first()["refresh_token"], self.web)
        self.assertEqual(document["exp"] - document["iat"], 2 * 3600)
