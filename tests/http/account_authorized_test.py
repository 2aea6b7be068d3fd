"""What a user allowed an application: looked at, and taken back."""


from grant_case import BOTH, SCOPES
from session_case import SessionCase

APPLICATIONS = "/account/settings/applications/"
SPACED = {"scope": "read write"}


class AuthorizedCase(SessionCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.site.ctl("scope", "create", "notes:read", "--group", "Notes", "--description", "Read your notes")
        cls.site.ctl("scope", "create", "notes:list", "--group", "Notes")
        cls.site.ctl("scope", "create", "staff", "--internal", "--description", "Act as staff")
        cls.notes = cls.site.client(
            "Notes", *BOTH, *SCOPES, "--scope", "notes:read", "--scope", "notes:list",
            "--website", "https://notes.example/", "--owner", "alice", "--description", "Keeps your notes.",
        )  # fmt: skip
        cls.staff = cls.site.client("Staff", *BOTH, *SCOPES, "--internal", "--scope", "staff")
        cls.ours = cls.site.client("Ours", *BOTH, *SCOPES, "--skip-consent")

    def setUp(self):
        super().setUp()
        self.browser = self.signed_in(self.user)

    def tokens_of(self, browser, client=None, **what):
        """The client's first tokens, after the user allowed it."""
        page = self.authorized(browser, client, **{**SPACED, **what})
        return self.given(self.redeem(self.site.remember(page.query()["code"]), client))

    def grant_id(self, client=None, user=None):
        grants = self.site.ctl_json("grant", "list", "--user", user or self.user)
        return next(each["id"] for each in grants if each["client_id"] == (client or self.web).id)

    def path(self, word, grant_id=None):
        return f"{APPLICATIONS}tokens/{grant_id or self.grant_id()}/{word}/"

    def revoke_form(self, grant_id=None, browser=None):
        path = self.path("revoke", grant_id)
        return self.assert_page((browser or self.browser).open(path)).form(path)

    def revoked(self, grant_id=None):
        page = self.browser.submit(self.revoke_form(grant_id), "yes")
        self.assertEqual((page.status, page.location), (303, APPLICATIONS + "?done=authorized_revoked"), page)
        return page

    def is_asked(self, browser=None, client=None, **what):
        page = self.ask_for_code(browser or self.browser, client, **{**SPACED, **what})
        return page.location is None and "asks for access" in page.text


class View(AuthorizedCase):
    def test_it_says_who_the_application_is_and_what_it_may_do(self):
        self.tokens_of(self.browser, self.notes, scope="read notes:read notes:list")
        page = self.assert_page(self.browser.open(self.path("view", self.grant_id(self.notes))))
        self.assertEqual(page.headings, ["Notes"])
        for words in ("Keeps your notes.", "Registered by alice", "Read your notes notes:read",
                      "Last used just now", "Live tokens 2"):  # fmt: skip
            self.assertIn(words, page.text)
        self.assertIn("https://notes.example/", page.links)
        self.assertIn(self.path("revoke", self.grant_id(self.notes)), page.links)
        body = page.answer.body.decode()
        self.assertIn("<h3>Notes</h3>", body)
        self.assertIn("<span>notes:list</span>", body)  # it has no description: its name
        self.assertEqual(body.count("<em"), 0)

    def test_an_application_without_live_tokens_is_not_in_use(self):
        self.authorized(self.browser)
        page = self.browser.open(self.path("view"))
        self.assertIn("Last used Not in use Live tokens 0", page.text)

    def test_internal_scopes_are_not_shown(self):
        self.tokens_of(self.browser, self.staff, scope="read staff")
        page = self.assert_page(self.browser.open(self.path("view", self.grant_id(self.staff))))
        self.assertNotIn("Act as staff", page.text)
        self.assertIn("<span>read</span>", page.answer.body.decode())

    def test_one_that_need_not_ask_is_said_to_belong_to_this_site(self):
        self.tokens_of(self.browser, self.ours)
        grant_id = self.grant_id(self.ours)
        self.assertIn("It belongs to this site", self.browser.open(self.path("view", grant_id)).text)
        page = self.browser.open(self.path("revoke", grant_id))
        self.assertIn("gets access again without asking", page.text)

    def test_what_a_developer_wrote_stays_text(self):
        name = "<script>alert(1)</script>"
        client = self.site.client(name, *BOTH, *SCOPES, "--description", "<b>bold</b>", "--owner", self.user)
        self.authorized(self.browser, client)
        for word in ("view", "revoke"):
            body = self.browser.open(self.path(word, self.grant_id(client))).answer.body.decode()
            self.assertNotIn("<script", body)
            self.assertNotIn("<b>bold", body)
            self.assertIn("&lt;script&gt;", body)

    def test_it_speaks_french(self):
        self.authorized(self.browser)
        self.browser.headers["Accept-Language"] = "fr"
        page = self.browser.open(self.path("view"))
        self.assertEqual(page.language, "fr")
        self.assertIn("Autorisations", page.text)
        page = self.browser.open(self.path("revoke"))
        self.assertEqual(page.headings, ["Retirer l’accès de web ?"])


class Revoke(AuthorizedCase):
    def test_the_confirmation_says_what_happens(self):
        self.authorized(self.browser)
        page = self.browser.open(self.path("revoke"))
        self.assertEqual(page.headings, ["Revoke access of web?"])
        for words in ("is signed out", "tokens for your account end at once", "has to ask for"):
            self.assertIn(words, page.text)
        self.assertIn(APPLICATIONS, page.links)

    def test_all_tokens_end_at_once_and_a_refresh_gets_nothing(self):
        first, second = self.tokens_of(self.browser), self.tokens_of(self.browser)
        rotated = self.given(self.refresh(second["refresh_token"]))
        self.revoked()
        for tokens in (first, second, rotated):
            self.assert_inactive(tokens["access_token"])
            self.assert_inactive(tokens["refresh_token"], self.web)
            self.refused(self.refresh(tokens["refresh_token"]))

    def test_a_code_that_waits_gets_nothing(self):
        code = self.site.remember(self.authorized(self.browser).query()["code"])
        self.revoked()
        self.refused(self.redeem(code))

    def test_the_notice_is_on_the_list_and_the_application_no_longer(self):
        self.authorized(self.browser)
        page = self.browser.follow(self.revoked())
        self.assertIn("Access is revoked.", page.text)
        self.assertIn("You have allowed no application.", page.text)

    def test_consent_is_asked_for_again(self):
        self.tokens_of(self.browser)
        self.assertFalse(self.is_asked())
        self.revoked()
        self.assertTrue(self.is_asked())
        self.assertTrue(self.is_asked(scope="read"))

    def test_another_users_tokens_of_the_client_live_on(self):
        other = self.signed_in(self.fresh_user())
        theirs = self.tokens_of(other)
        self.tokens_of(self.browser)
        self.revoked()
        self.assert_active(theirs["access_token"])
        self.assertFalse(self.is_asked(other))
        self.given(self.refresh(theirs["refresh_token"]))

    def test_another_clients_tokens_and_personal_ones_live_on(self):
        elsewhere = self.tokens_of(self.browser, self.notes)
        personal = self.site.personal_token(self.user, "laptop", "--scope", "read")
        self.tokens_of(self.browser)
        self.revoked()
        self.assert_active(elsewhere["access_token"])
        self.assert_active(personal)
        self.assertFalse(self.is_asked(client=self.notes))
        self.assertTrue(self.is_signed_in(self.browser))

    def test_anothers_consent_and_an_unknown_one_are_the_same_404(self):
        victim = self.fresh_user()
        tokens = self.tokens_of(self.signed_in(victim))
        self.authorized(self.browser)
        csrf_token = self.revoke_form().fields["csrf_token"]
        seen = set()
        for grant_id in (self.grant_id(user=victim), "x" * 22, self.grant_id(user=victim)[:10]):
            form = {"csrf_token": csrf_token, "revoke": "yes"}
            for page in (
                self.browser.open(self.path("view", grant_id)),
                self.browser.open(self.path("revoke", grant_id)),
                self.browser.post(self.path("revoke", grant_id), form),
            ):
                self.assert_error_page(page, 404)
                seen.add(page.text.rpartition("Request")[0])
        self.assertEqual(len(seen), 1, seen)
        self.assert_active(tokens["access_token"])

    def test_a_second_time_there_is_nothing_to_revoke(self):
        self.authorized(self.browser)
        form = self.revoke_form()
        self.browser.submit(form, "yes")
        self.assert_error_page(self.browser.submit(form, "yes"), 404)

    def test_it_needs_post_the_button_and_the_csrf_token(self):
        tokens = self.tokens_of(self.browser)
        path, form = self.path("revoke"), self.revoke_form()
        for method in ("GET", "HEAD"):
            self.http.request(method, path + "?revoke=yes", headers=self.browser._headers({}))
        self.browser.open(path, **form.fields, revoke="yes")
        self.assert_error_page(self.browser.submit(form), 400)
        other = self.signed_in(self.fresh_user()).open(APPLICATIONS).form("/logout").fields["csrf_token"]
        for token, status in ((None, 400), ("x", 403), (other, 403)):
            self.assert_error_page(self.browser.submit(form, "yes", csrf_token=token), status)
        self.assert_active(tokens["access_token"])
        self.assertFalse(self.is_asked())

    def test_who_is_not_signed_in_changes_nothing(self):
        tokens = self.tokens_of(self.browser)
        path = self.path("revoke")
        page = self.person().post(path, {**self.revoke_form().fields, "revoke": "yes"})
        self.assertEqual(page.status, 303)
        self.assertTrue(page.location.startswith("/login?next="), page)
        self.assert_active(tokens["access_token"])

    def test_the_audit_log_names_the_user(self):
        self.authorized(self.browser)
        grant_id, user_id = self.grant_id(), self.site.ctl_json("user", "show", self.user)["id"]
        self.revoked(grant_id)
        self.assertIn(("grant.revoke", f"user:{user_id}"), self.audit(f"grant:{grant_id}"))


class WithPanelsOff(AuthorizedCase):
    flags = (*SessionCase.flags, "--account-applications", "off", "--account-personal-tokens", "off")

    def test_what_was_allowed_can_be_looked_at_and_revoked_whatever_the_settings(self):
        self.authorized(self.browser)
        self.assert_page(self.browser.open(self.path("view")))
        self.revoked()
        self.assertTrue(self.is_asked())
