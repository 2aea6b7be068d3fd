"""What is remembered of a consent, what happens meanwhile, and what comes of it."""

from harness.case import DESCRIPTION

from consent_case import ConsentCase
from grant_case import BOTH, CALLBACK, SCOPES

PRIVATE = "com.example.app:/cb"
LOOPBACK = "http://127.0.0.1:5100/cb"


class Meanwhile(ConsentCase):
    """Between the consent page and its answer."""

    def own_client(self, *flags):
        return self.site.client(self.id().rpartition(".")[2], *BOTH, *SCOPES, *flags)

    def answers(self, page):
        """Both answers to the page: judged alike."""
        return [self.browser.submit(page.form("/oauth/authorize"), button) for button in ("yes", "no")]

    def test_a_disabled_user_gives_nothing(self):
        page = self.consent()
        self.site.ctl("user", "disable", self.user)
        for answer in self.answers(page):
            self.assert_nothing_given(answer, 403)

    def test_a_user_who_was_disabled_and_enabled_again_must_sign_in_first(self):
        page = self.consent()
        self.site.ctl("user", "disable", self.user)
        self.site.ctl("user", "enable", self.user)
        for answer in self.answers(page):
            self.assert_nothing_given(answer, 403)

    def test_a_disabled_client_gets_nothing(self):
        client = self.own_client()
        page = self.consent(client=client)
        self.site.ctl("client", "disable", client.id)
        for answer in self.answers(page):
            self.assert_nothing_given(answer, 400)

    def test_a_client_of_a_disabled_owner_gets_nothing(self):
        owner = self.fresh_user()
        client = self.own_client("--owner", owner)
        page = self.consent(client=client)
        self.site.ctl("user", "disable", owner)
        for answer in self.answers(page):
            self.assert_nothing_given(answer, 400)

    def test_a_deleted_client_gets_nothing(self):
        client = self.own_client()
        page = self.consent(client=client)
        self.site.ctl("client", "delete", client.id, "--yes")
        for answer in self.answers(page):
            self.assert_nothing_given(answer, 400)

    def test_a_redirect_uri_that_is_no_longer_registered_gets_nothing(self):
        client = self.own_client()
        page = self.consent(client=client)
        self.site.ctl("client", "update", client.id, "--redirect-uri", "https://new.example/cb")
        for answer in self.answers(page):
            self.assert_nothing_given(answer, 400)

    def test_a_scope_that_was_deleted_is_refused(self):
        self.site.scopes("fleeting")
        client = self.own_client("--scope", "fleeting")
        page = self.consent(client=client, scope="read fleeting")
        self.site.ctl("client", "update", client.id, "--scope", "read")
        self.site.ctl("scope", "delete", "fleeting", "--yes")
        for answer in self.answers(page):
            self.assert_sent_back(answer, "invalid_scope")
        self.assertEqual((self.codes(), self.grants()), (0, []))

    def test_a_scope_that_the_client_lost_is_refused(self):
        client = self.own_client()
        page = self.consent(client=client, scope="read write")
        self.site.ctl("client", "update", client.id, "--scope", "read")
        for answer in self.answers(page):
            self.assert_sent_back(answer, "invalid_scope")

    def test_a_grant_that_the_client_lost_is_refused(self):
        client = self.own_client()
        page = self.consent(client=client)
        self.site.ctl("client", "update", client.id, "--grant", "client_credentials")
        for answer in self.answers(page):
            self.assert_sent_back(answer, "unauthorized_client")

    def test_a_revoked_session_gives_nothing(self):
        page = self.consent()
        self.site.ctl("session", "revoke", "--user", self.user, "--yes")
        for answer in self.answers(page):
            self.assert_nothing_given(answer, 403)

    def test_a_session_that_expired_gives_nothing_and_says_how_to_go_on(self):
        page = self.consent()
        self.change_rows("UPDATE sessions SET expires_at = expires_at - 86400")
        for answer in self.answers(page):
            self.assert_nothing_given(answer, 403)
            self.assertTrue([link for link in answer.links if link and "request_id" in link], answer.links)

    def test_more_scope_than_the_page_showed_is_never_given(self):
        """A client that asks for no scope gets its default: the one that the user saw."""
        client = self.own_client("--default-scope", "read")
        page = self.consent(client=client, scope=None)
        self.assertNotIn("write", page.text)
        self.site.ctl("client", "update", client.id, "--default-scope", "read", "--default-scope", "write")
        answer = self.allow(self.browser, page)
        if answer.status == 303 and "code" in answer.query():
            document = self.given(self.redeem(self.got_code(answer), client))
            self.assertEqual(document["scope"], "read")

    def test_the_code_never_goes_where_the_page_did_not_say(self):
        """Without a redirect_uri in the request it is the registered one: the one that the user saw."""
        client = self.own_client()
        page = self.consent(client=client, redirect_uri=None)
        self.assertIn("web.example", page.text)
        self.site.ctl("client", "update", client.id, "--redirect-uri", "https://elsewhere.example/cb")
        answer = self.allow(self.browser, page)
        self.assertFalse((answer.location or "").startswith("https://elsewhere.example/"), "sent elsewhere")

    def test_a_code_of_a_user_who_is_disabled_before_it_is_redeemed_is_refused(self):
        code = self.got_code(self.allow(self.browser, self.consent()))
        self.site.ctl("user", "disable", self.user)
        self.refused(self.redeem(code))


class Remembered(ConsentCase):
    @classmethod
    def populate(cls):
        super().populate()
        public = ("--public", *BOTH, *SCOPES)
        cls.native = cls.site.client("native", *public, "--redirect-uri", LOOPBACK, "--redirect-uri", PRIVATE)

    def allowed(self, client=None, **changes):
        callback = changes.get("redirect_uri", CALLBACK)
        return self.got_code(self.allow(self.browser, self.consent(client=client, **changes)), callback)

    def assert_not_asked(self, client=None, **changes):
        callback = changes.get("redirect_uri", CALLBACK)
        return self.got_code(self.ask_for_code(self.browser, client, **changes), callback)

    def test_the_same_scope_or_less_is_not_asked_for_again(self):
        self.allowed(scope="read write")
        for scope in ("read write", "write read", "read", "write"):
            self.assert_not_asked(scope=scope)

    def test_it_is_remembered_across_sessions_of_the_user(self):
        self.allowed()
        self.browser = self.signed_in(self.user)
        self.assert_not_asked()

    def test_new_scope_asks_again_and_marks_what_is_new(self):
        self.allowed(scope="read")
        page = self.consent(scope="read write")
        body = page.answer.body.decode()
        marked = [item for item in body.split("<li>")[1:] if 'class="new"' in item.split("</li>")[0]]
        self.assertEqual(len(marked), 1, body)
        self.assertIn("write", marked[0])
        self.got_code(self.allow(self.browser, page))
        self.assert_not_asked(scope="read write")

    def test_where_everything_is_new_nothing_is_marked(self):
        self.assertNotIn(b'class="new"', self.consent(scope="read write").answer.body)

    def test_consent_to_no_scope_at_all_is_asked_once(self):
        bare = self.site.client("bare of " + self.user, *BOTH)
        self.allowed(bare, scope=None)
        self.assert_not_asked(bare, scope=None)

    def test_it_is_remembered_for_one_client_only(self):
        self.allowed()
        self.consent(client=self.spa)

    def test_it_is_remembered_for_one_user_only(self):
        self.allowed()
        self.consent(self.signed_in(self.fresh_user()))

    def test_a_public_client_with_an_https_redirect_uri_is_remembered(self):
        self.allowed(self.spa)
        self.assert_not_asked(self.spa)

    def test_a_public_client_on_loopback_is_remembered(self):
        self.allowed(self.native, redirect_uri=LOOPBACK)
        self.assert_not_asked(self.native, redirect_uri=LOOPBACK)

    def test_a_public_client_with_a_private_use_scheme_asks_every_time(self):
        self.allowed(self.native, redirect_uri=LOOPBACK)
        for _ in range(3):
            self.allowed(self.native, redirect_uri=PRIVATE)

    def test_b16_what_was_allowed_at_a_private_use_scheme_is_not_remembered_for_other_redirect_uris(self):
        self.allowed(self.native, redirect_uri=PRIVATE)
        self.consent(client=self.native, redirect_uri=LOOPBACK)

    def test_n11_each_time_that_a_private_use_scheme_is_allowed_is_in_the_audit_log(self):
        native = self.site.client("audited", "--public", *BOTH, *SCOPES, "--redirect-uri", PRIVATE)
        for scope in ("read", "read write"):
            self.allowed(native, redirect_uri=PRIVATE, scope=scope)
        allow = ("grant.allow", f"user:{self.person_id}")
        self.assertEqual(self.audit("client:" + native.id).count(allow), 2)

    def test_a_client_that_may_skip_consent_is_not_asked_for(self):
        self.assert_not_asked(self.first_party)
        self.assert_not_asked(self.first_party, scope="read write user:email")

    def test_skipping_is_no_consent_once_it_is_taken_away(self):
        client = self.site.client("was first party", *BOTH, *SCOPES, "--skip-consent")
        self.assert_not_asked(client)
        self.site.ctl("client", "update", client.id, "--no-skip-consent")
        self.consent(client=client)

    def test_a_revoked_grant_asks_again(self):
        code = self.allowed()
        document = self.given(self.redeem(code))
        self.site.ctl("grant", "revoke", "--user", self.user, "--yes")
        self.assert_inactive(document["access_token"])
        self.refused(self.refresh(document["refresh_token"]))
        self.consent()

    def test_a_grant_that_is_revoked_takes_codes_that_wait_along(self):
        code = self.allowed()
        self.site.ctl("grant", "revoke", "--user", self.user, "--yes")
        self.refused(self.redeem(code))

    def test_the_grant_is_listed_with_its_scope_and_its_audit_row(self):
        self.allowed(scope="read")
        self.allowed(scope="write")
        (grant,) = self.grants()
        self.assertEqual((sorted(grant["scope"].split()), grant["user"]), (["read", "write"], self.user))
        actions = [action for action, actor in self.audit(f"client:{self.web.id}") if self.person_id in actor]
        self.assertEqual(actions, ["grant.allow", "grant.allow"])


class Given(ConsentCase):
    def implicit_answer(self, **changes):
        page = self.ask_for_code(self.browser, self.implicit, response_type="token", **changes)
        page = page if page.location else self.allow(self.browser, page)
        self.assertTrue(page.location.startswith(CALLBACK + "#"), page)
        self.site.remember(page.query().get("access_token"))
        return page.query()

    def test_a_code_gives_tokens_of_the_user_and_the_scope(self):
        page = self.allow(self.browser, self.consent(scope="read user:email"))
        document = self.given(self.redeem(self.got_code(page)))
        seen = self.introspect(document["access_token"])
        self.assertEqual((seen["username"], seen["client_id"]), (self.user, self.web.id))
        self.assertEqual(sorted(seen["scope"].split()), ["read", "user:email"])
        self.assertEqual(document["user"]["id"], self.person_id)
        self.assertIn("refresh_token", document)

    def test_a_code_cannot_be_redeemed_by_another_client_and_is_not_burnt_by_it(self):
        code = self.got_code(self.allow(self.browser, self.consent()))
        self.refused(self.redeem(code, self.spa))
        self.given(self.redeem(code))

    def test_a_code_cannot_be_redeemed_with_another_redirect_uri(self):
        code = self.got_code(self.allow(self.browser, self.consent()))
        for other in (CALLBACK + "/", "https://evil.org/", None):
            self.refused(self.redeem(code, redirect_uri=other))
        self.given(self.redeem(code))

    def test_a_code_counts_once_and_again_takes_back_what_it_gave(self):
        code = self.got_code(self.allow(self.browser, self.consent()))
        token = self.given(self.redeem(code))["access_token"]
        self.refused(self.redeem(code))
        self.assert_inactive(token)

    def test_a_token_comes_in_the_fragment_with_all_members(self):
        answer = self.implicit_answer()
        self.assertEqual(
            set(answer), {"access_token", "token_type", "expires_in", "scope", "state", "iss"}
        )
        self.assertEqual((answer["token_type"], answer["scope"]), ("Bearer", "read"))
        self.assertEqual((answer["expires_in"], answer["iss"]), ("3600", self.issuer))

    def test_a_token_from_the_fragment_works_and_is_the_users(self):
        token = self.implicit_answer()["access_token"]
        document = self.bearer(token, "/oauth/info").json()
        self.assertEqual(document["user"], {"id": self.person_id, "username": self.user})
        self.assertEqual(document["client"]["client_id"], self.implicit.id)
        self.assertEqual(document["scopes"], ["read"])

    def test_a_token_from_the_fragment_dies_with_its_grant(self):
        token = self.implicit_answer()["access_token"]
        self.site.ctl("grant", "revoke", "--user", self.user, "--yes")
        self.assert_inactive(token)

    def test_a_remembered_consent_gives_the_next_token_at_once(self):
        first = self.implicit_answer()
        page = self.ask_for_code(self.browser, self.implicit, response_type="token")
        self.assertNotEqual(self.site.remember(page.query()["access_token"]), first["access_token"])

    def test_neither_code_nor_token_nor_state_stands_in_the_log(self):
        page = self.allow(self.browser, self.consent(state="state-" + "q" * 40))
        code = self.got_code(page)
        self.server.log_line(page.answer.field("X-Request-Id"))
        for secret in ("q" * 40, code):
            self.assertNotIn(secret, self.server.stderr())

    def test_error_descriptions_are_of_the_characters_of_the_rfc(self):
        page = self.deny(self.browser, self.consent())
        self.assertRegex(page.query()["error_description"], DESCRIPTION)
