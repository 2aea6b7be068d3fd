"""The sign-in page, in a real browser: for people, keyboards, password managers, and without scripts."""

from harness.server import eventually
from page_case import HOME, PageCase, PASSWORD


class SignIn(PageCase):
    def signed_in(self, name="alice"):
        window = self.window()
        window.open("/login")
        window.sign_in(name, PASSWORD)
        self.assertEqual(window.url, self.site.issuer + HOME)
        return window

    def test_the_right_password_signs_in_and_the_start_page_says_who_one_is(self):
        window = self.signed_in("alice")
        self.assertIn("alice", window.text)

    def test_the_fields_and_the_button_have_the_names_that_people_and_tests_know(self):
        window = self.window()
        window.open("/login")
        window.fill("Username or email", "alice")
        window.fill("Password", PASSWORD)
        window.press_button("Sign in")
        self.assertEqual(window.url, self.site.issuer + HOME)

    def test_an_email_address_is_as_good_as_the_username(self):
        window = self.window()
        window.open("/login")
        window.sign_in("alice@example.org", PASSWORD)
        self.assertIn("alice", window.text)

    def test_a_wrong_password_says_so_and_leaves_the_form_as_it_was(self):
        window = self.window()
        window.open("/login")
        window.do("check", "input[name=remember]")
        window.sign_in("alice", "not the password")
        self.assertEqual(window.alert, "The username or the password is not right.")
        self.assertEqual(window.do("inputValue", "#username"), "alice")
        self.assertEqual(window.do("inputValue", "#password"), "")
        self.assertTrue(window.do("isChecked", "input[name=remember]"))
        # Ready to be typed anew, and told to a screen reader together with the field.
        self.assertEqual(window.focused(), "password")
        self.assertEqual(window.do("getAttribute", "#password", "aria-invalid"), "true")
        described = window.do("getAttribute", "#password", "aria-describedby")
        self.assertEqual(window.do("textContent", f"#{described}"), window.alert)
        window.fill("Password", PASSWORD)
        window.key("Enter")
        window.wait_for("alice")
        self.assertEqual(window.url, self.site.issuer + HOME)

    def test_an_unknown_username_gets_the_same_words_as_a_wrong_password(self):
        window = self.window()
        seen = []
        for name in ("alice", "nobody"):
            window.open("/login")
            window.sign_in(name, "not the password")
            seen.append(window.text.replace(name, "…"))
        self.assertEqual(seen[0], seen[1])

    def test_password_managers_know_the_fields(self):
        window = self.window()
        window.open("/login")
        self.assertEqual(window.do("getAttribute", "#username", "autocomplete"), "username")
        self.assertEqual(window.do("getAttribute", "#password", "autocomplete"), "current-password")
        self.assertEqual(window.do("getAttribute", "#password", "type"), "password")
        names = "[...document.querySelectorAll('form input:not([type=hidden])')].map((field) => field.name)"
        self.assertEqual(window.look(names), ["username", "password", "remember"])

    def test_phones_do_not_correct_the_username(self):
        window = self.window()
        window.open("/login")
        self.assertEqual(window.do("getAttribute", "#username", "autocapitalize"), "none")
        self.assertEqual(window.do("getAttribute", "#username", "spellcheck"), "false")

    def test_signing_out_ends_the_session(self):
        window = self.signed_in()
        window.press_button("Sign out")
        self.assertEqual(window.url, self.site.issuer + "/login")
        window.open("/")
        self.assertEqual(window.url, self.site.issuer + "/login")

    def test_the_back_button_shows_nothing_of_a_session_that_ended(self):
        window = self.signed_in()
        window.press_button("Sign out")
        window.back()
        self.assertNotIn("alice", window.text)

    def test_scripts_cannot_read_the_session_cookie(self):
        self.assertEqual(self.signed_in().look("document.cookie"), "")

    def test_of_two_tabs_with_a_sign_in_page_each_the_slower_is_told_and_goes_on_signed_in(self):
        first = self.window()
        first.open("/login")
        second = first.another()
        second.open("/login")
        first.sign_in("alice", PASSWORD)
        second.sign_in("alice", PASSWORD)
        self.assertEqual(second.heading, "You are signed in already")
        second.follow("Continue")
        self.assertEqual(second.url, self.site.issuer + HOME)

    def test_a_browser_in_french_is_answered_in_french(self):
        window = self.window(locale="fr-FR")
        window.open("/login")
        self.assertEqual(window.look("document.documentElement.lang"), "fr")
        window.sign_in("alice", "not the password")
        self.assertNotIn("password", window.text.lower())

    def test_the_listener_of_these_tests_hears_what_a_policy_stops(self):
        window = self.window()
        window.open("/login")
        window.look(
            "(() => { const form = document.querySelector('form'); form.action = 'http://localhost:9/';"
            " form.noValidate = true; form.submit(); })()"
        )
        self.assertEqual(len(eventually(window.policy_refusals)), 1)
        window.do("forget events")


class WithoutScripts(PageCase):
    def test_everything_from_the_sign_in_to_the_application_works_without_scripts(self):
        window = self.window(javaScriptEnabled=False)
        window.open(self.request())
        window.sign_in("alice", "not the password")
        self.assertIn("not right", window.alert)
        window.sign_in("alice", PASSWORD)
        window.press_button("Allow")
        self.assertIn("code", self.assert_arrived(window))


class KeyboardOnly(PageCase):
    def tab_to(self, window, name):
        for _ in range(12):
            if window.focused() == name:
                return
            window.key("Tab")
        self.fail(f"Tab does not lead to {name!r}: it is at {window.focused()!r}")

    def signed_in_by_keys(self, window):
        window.open(self.request(client=self.client(self.id())))
        self.assertEqual(window.focused(), "username")
        window.type("alice")
        window.key("Tab")
        self.assertEqual(window.focused(), "password")
        window.type(PASSWORD)

    def test_enter_signs_in_and_space_allows(self):
        window = self.window()
        self.signed_in_by_keys(window)
        window.key("Enter")
        window.wait_for("asks for access")
        self.tab_to(window, "confirm")
        self.assertEqual(window.look("document.activeElement.value"), "yes")
        self.assertNotEqual(window.look("getComputedStyle(document.activeElement).outlineStyle"), "none")
        window.key("Space")
        self.assertIn("code", self.assert_arrived(window))

    def test_tab_leads_over_the_checkbox_to_the_button_and_on_to_deny(self):
        window = self.window()
        self.signed_in_by_keys(window)
        self.tab_to(window, "remember")
        window.key("Space")
        self.assertTrue(window.do("isChecked", "input[name=remember]"))
        self.tab_to(window, "Sign in")
        window.key("Enter")
        window.wait_for("asks for access")
        self.tab_to(window, "confirm")
        window.key("Tab")
        self.assertEqual(window.look("document.activeElement.value"), "no")
        window.key("Enter")
        self.assertEqual(self.assert_arrived(window)["error"], "access_denied")

    def test_nothing_is_allowed_by_a_careless_enter(self):
        """No button of the consent page has the focus when it opens."""
        window = self.window()
        self.signed_in_by_keys(window)
        window.key("Enter")
        window.wait_for("asks for access")
        window.key("Enter")
        window.open("/")
        sent = [event["url"] for event in window.events("request") if event["method"] == "POST"]
        self.assertEqual(sent, [self.site.issuer + "/login"])
