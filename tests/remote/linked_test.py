"""The page of linked accounts: connect, disconnect, and never the last way to sign in."""

from remote_case import GitHub, LINKED, Orcid, PASSWORD, RemoteCase

ORCID_ID = "0000-0002-1825-0097"


class Linked(RemoteCase):
    @classmethod
    def populate(cls):
        cls.github = cls.service(GitHub)
        cls.orcid = cls.service(Orcid)
        cls.add_github(cls.github, "--description", "Where the code is")
        cls.add_orcid(cls.orcid)
        cls.add_github(cls.github, "--link-only", name="tokens")

    number = 0

    def newcomer(self):
        """Signed up from GitHub, without a password."""
        type(self).number += 1
        self.github.person(self.number, self.fresh("octo"))
        browser = self.browser()
        return browser, self.assert_signed_in(browser, self.visit(browser, "github"))

    def disconnect(self, browser, name):
        page = browser.open(LINKED)
        return browser.submit(page.form(f"/oauth/disconnect/{name}"))

    def test_a_second_is_linked_the_first_is_unlinked_and_the_second_signs_in(self):
        browser, who = self.newcomer()
        self.orcid.person(ORCID_ID, "Nina")
        self.visit(browser, "orcid", link=True)
        self.assertEqual(set(self.accounts(who)), {"github", "orcid"})
        self.assertEqual(self.disconnect(browser, "github").status, 303)
        self.assertEqual(set(self.accounts(who)), {"orcid"})
        other = self.browser()
        self.assert_signed_in(other, self.visit(other, "orcid"), who)
        stranger = self.browser()
        self.assertNotEqual(self.assert_signed_in(stranger, self.visit(stranger, "github")), who)

    def test_the_last_way_to_sign_in_stays(self):
        browser, who = self.newcomer()
        self.disconnect_by_hand(browser, "github", 400)
        self.assertEqual(set(self.accounts(who)), {"github"})
        self.visit(browser, "tokens", link=True)  # nobody signs in with it
        self.disconnect_by_hand(browser, "github", 400)
        self.disconnect_by_hand(browser, "tokens", 303)
        self.site.ctl("user", "set-password", who, "--password-from", "-", stdin=PASSWORD)
        browser = self.browser()
        self.assert_signed_in(browser, self.visit(browser, "github"), who)
        self.disconnect_by_hand(browser, "github", 303)
        self.assertEqual(self.accounts(who), {})

    def disconnect_by_hand(self, browser, name, status):
        form = next(form for form in browser.open(LINKED).forms if "csrf_token" in form.fields)
        page = browser.at_home.post(f"/oauth/disconnect/{name}", {"csrf_token": form.fields["csrf_token"]})
        self.assertEqual(page.status, status, page)
        if status == 400:
            self.assertTrue(page.alert, page)
        return page

    def test_a_link_at_a_disabled_or_hidden_provider_is_no_way_to_sign_in(self):
        for state in (("provider", "disable", "orcid"), ("provider", "update", "orcid", "--hidden")):
            with self.subTest(state):
                browser, who = self.newcomer()
                self.orcid.person("0000-0001-5109-3700" if state[1] == "disable" else "0000-0002-1694-233X")
                self.visit(browser, "orcid", link=True)
                self.site.ctl(*state)
                try:
                    self.disconnect_by_hand(browser, "github", 400)
                finally:
                    self.site.ctl("provider", "enable", "orcid")
                    self.site.ctl("provider", "update", "orcid", "--no-hidden")
                self.assertEqual(set(self.accounts(who)), {"github", "orcid"})

    def test_to_disconnect_needs_the_token_of_the_session(self):
        browser, who = self.newcomer()
        self.orcid.person("0000-0002-9079-593X", "Nina")
        self.visit(browser, "orcid", link=True)
        for fields, status in (({}, 400), ({"csrf_token": "x"}, 403)):
            self.assertEqual(browser.at_home.post("/oauth/disconnect/orcid", fields).status, status)
        self.assertEqual(browser.open("/oauth/disconnect/orcid").status, 405)
        self.assertEqual(set(self.accounts(who)), {"github", "orcid"})

    def test_nobody_disconnects_what_another_has(self):
        _, who = self.newcomer()
        stranger = self.signed_in(self.local_user())
        self.disconnect_by_hand(stranger, "github", 404)
        self.assertEqual(set(self.accounts(who)), {"github"})

    def test_a_visitor_is_led_to_the_sign_in_page(self):
        page = self.browser().open(LINKED)
        self.assertEqual(page.status, 303, page)
        self.assertTrue(page.location.startswith("/login?next="), page)

    def test_the_page_says_what_is_linked_and_what_can_be(self):
        browser, _ = self.newcomer()
        page = browser.open(LINKED)
        self.assertIn(self.github.user["login"], page.text)
        self.assertIn("Where the code is", page.text)
        page.form("/oauth/login/orcid")
        self.assertEqual([form for form in page.forms if form.action.endswith("/oauth/login/github")], [])

    def test_the_tokens_go_with_the_link(self):
        browser, who = self.newcomer()
        self.orcid.person("0000-0002-5982-8983", "Nina")
        self.visit(browser, "orcid", link=True)
        account = self.accounts(who)["orcid"]
        self.assertTrue(account["has_token"])
        self.disconnect(browser, "orcid")
        self.assertEqual(self.site.ctl("account", "token", account["id"], check=False).returncode, 3)
        rows = self.audit("remote_account.unlink")
        self.assertIn(account["id"], str(rows))

    def test_sessions_elsewhere_are_untouched(self):
        browser, who = self.newcomer()
        other = self.browser()
        self.assert_signed_in(other, self.visit(other, "github"), who)
        self.orcid.person("0000-0003-1419-2405", "Nina")
        self.visit(browser, "orcid", link=True)
        self.disconnect(browser, "github")
        self.assertEqual(self.who(other), who)
