"""The consent page, in a real browser: the answer reaches the application, once, whatever the person does."""

import unittest

from harness.server import eventually
from page_case import PASSWORD, PageCase


class Arriving(PageCase):
    """Chromium holds the page's form-action against every redirect that follows its form."""

    def test_allow_leads_to_the_application_with_a_code(self):
        window = self.asked(self.fresh_person())
        window.press_button("Allow")
        self.assertRegex(self.assert_arrived(window)["code"], r"\Ao2c_")

    def test_deny_leads_to_the_application_without_one(self):
        window = self.asked(self.fresh_person())
        window.press_button("Deny")
        query = self.assert_arrived(window)
        self.assertEqual(query.get("error"), "access_denied")
        self.assertNotIn("code", query)

    def test_another_host_than_ours_is_reached_as_well(self):
        window = self.asked(self.fresh_person(), host="localhost")
        window.press_button("Allow")
        self.assertIn("code", self.assert_arrived(window, host="localhost"))

    def test_an_application_at_an_ipv6_address_is_reached_as_well(self):
        if not self.app.has_ipv6:
            raise unittest.SkipTest("this machine has no ::1")
        window = self.asked(self.fresh_person(), host="[::1]")
        window.press_button("Allow")
        self.assertIn("code", self.assert_arrived(window, host="[::1]"))

    def test_an_application_with_a_scheme_of_its_own_is_called(self):
        phone = self.site.client(
            "Phone", "--public", "--grant", "authorization_code",
            "--redirect-uri", "org.example.phone:/cb", "--scope", "records:read",
        )  # fmt: skip
        window = self.signed_in(self.fresh_person())
        window.open(self.request(phone, redirect_uri="org.example.phone:/cb"))
        window.do("click", 'role=button[name="Allow"]')
        window.open("/")  # nothing here takes such an address; the policy must not be what stops it
        self.assertEqual(self.codes(phone), 1)

    def test_a_sign_in_goes_straight_on_to_an_application_that_was_allowed_before(self):
        for host in ("127.0.0.1", "localhost"):
            with self.subTest(host):
                name = self.fresh_person(host.replace(".", "-"))
                window = self.asked(name)
                window.press_button("Allow")
                self.assert_arrived(window)
                other = self.window()
                other.open(self.request(host=host))
                other.sign_in(name, PASSWORD)
                self.assertIn("code", self.assert_arrived(other, host=host))

    def test_after_a_wrong_password_it_goes_straight_on_too(self):
        name = self.fresh_person()
        window = self.asked(name)
        window.press_button("Allow")
        self.assert_arrived(window)
        other = self.window()
        other.open(self.request(host="localhost"))
        other.sign_in(name, "not the password")
        other.sign_in(name, PASSWORD)
        self.assertIn("code", self.assert_arrived(other, host="localhost"))

    def test_the_sign_in_page_names_the_application_that_waits(self):
        window = self.window()
        window.open(self.request())
        self.assertIn("Records", window.text)


class WhatIsShown(PageCase):
    def test_the_page_says_who_asks_for_what_and_who_is_asked(self):
        name = self.fresh_person()
        window = self.asked(name, scope="records:read records:write")
        self.assertIn("Records", window.heading)
        for words in (name, "Read your records", "Change your records", "127.0.0.1", "bob"):
            self.assertIn(words, window.text)

    def test_a_name_with_markup_is_shown_as_it_is(self):
        name = "<b>Bold</b> & \"co\" <script>alert(1)</script>"
        client = self.client(name)
        window = self.asked(self.fresh_person(), client)
        self.assertIn(name, window.heading)

    def test_what_was_allowed_before_is_told_from_what_is_new(self):
        window = self.asked(self.fresh_person())
        window.press_button("Allow")
        self.assert_arrived(window)
        window.open(self.request(scope="records:read records:write"))
        marked = window.look("[...document.querySelectorAll('em')].map((em) => em.closest('li').innerText)")
        self.assertEqual(len(marked), 1, marked)
        self.assertIn("Change your records", marked[0])


class Once(PageCase):
    def test_a_double_click_on_allow_gives_one_code_and_ends_where_one_can_go_on(self):
        window = self.asked(self.fresh_person())
        before = self.codes()
        window.do("dblclick", 'role=button[name="Allow"]')
        window.do("waitForSelector", "h1 >> text=/Back in the application|answered this already/")
        window.open("/")
        self.assertEqual(self.codes() - before, 1)

    def test_a_second_answer_is_told_that_it_comes_too_late(self):
        for first, second in (("yes", "Allow"), ("yes", "Deny"), ("no", "Allow")):
            with self.subTest(f"{first}, then {second}"):
                window = self.asked(self.fresh_person())
                before, arrived = self.codes(), len(self.app.arrived)
                self.assertEqual(window.send_form_unseen("/oauth/authorize", confirm=first), 303)
                window.press_button(second)
                self.assertIn("answered this already", window.heading)
                self.assertEqual(self.codes() - before, int(first == "yes"))
                self.assertEqual(len(self.app.arrived), arrived)

    def test_two_tabs_with_two_requests_each_get_their_own_answer(self):
        window = self.asked(self.fresh_person())
        second = window.another()
        second.open(self.request(state="second", scope="records:write"))
        window.press_button("Allow")
        self.assert_arrived(window)
        second.press_button("Allow")
        second.wait_for("Back in the application")
        self.assertIn("state=second", second.url)

    def test_back_after_either_answer_shows_that_it_was_given_and_gives_nothing_more(self):
        for button, codes in (("Allow", 1), ("Deny", 0)):
            with self.subTest(button):
                window = self.asked(self.fresh_person())
                before = self.codes()
                window.press_button(button)
                window.wait_for("Back in the application")
                arrived = len(self.app.arrived)
                window.back()
                if "answered this already" not in window.heading:  # the page as it was
                    window.press_button("Allow")
                self.assertIn("answered this already", window.heading)
                self.assertEqual((self.codes() - before, len(self.app.arrived)), (codes, arrived))

    def test_two_tabs_with_the_same_request_give_one_code(self):
        window = self.asked(self.fresh_person())
        second = window.another()
        second.open(self.request())
        before = self.codes()
        window.press_button("Allow")
        self.assert_arrived(window)
        second.press_button("Allow")
        self.assertIn("answered this already", second.heading)
        self.assertEqual(self.codes() - before, 1)

    def test_a_reload_of_the_application_asks_nothing_of_us(self):
        window = self.asked(self.fresh_person())
        window.press_button("Allow")
        self.assert_arrived(window)
        before = self.codes()
        window.do("reload")
        self.assertEqual(self.codes(), before)


class AnotherSession(PageCase):
    def test_a_session_that_ends_before_the_answer_is_told_and_the_request_goes_on(self):
        name = self.fresh_person()
        window = self.asked(name)
        before = self.codes()
        self.site.ctl("session", "revoke", "--user", name, "-y")
        window.press_button("Allow")
        self.assertEqual(self.codes(), before)
        self.assertIn("Nothing was allowed", window.text)
        window.follow("Continue")
        window.sign_in(name, PASSWORD)
        window.press_button("Allow")
        self.assertIn("code", self.assert_arrived(window))

    def test_use_another_account_asks_the_other_person(self):
        name = self.fresh_person()
        other = self.fresh_person("other")
        window = self.asked(name)
        window.press_button("Use another account")
        window.sign_in(other, PASSWORD)
        self.assertIn("asks for access", window.heading)
        self.assertIn(other, window.text)
        window.press_button("Allow")
        self.assertIn("code", self.assert_arrived(window))
        grants = self.site.ctl_json("grant", "list", "--user", other)
        self.assertEqual(len(grants), 1)
        self.assertEqual(self.site.ctl_json("grant", "list", "--user", name), [])

    def test_who_signs_in_as_another_in_a_second_tab_allows_nothing_in_the_first(self):
        window = self.asked(self.fresh_person())
        second = window.another()
        second.open("/")
        second.press_button("Sign out")
        second.sign_in(self.fresh_person("other"), PASSWORD)
        before = self.codes()
        window.press_button("Allow")
        self.assertEqual(self.codes(), before)
        window.follow("Continue")
        self.assertIn("asks for access", window.heading)

    def test_a_person_who_is_disabled_meanwhile_allows_nothing(self):
        name = self.fresh_person()
        window = self.asked(name)
        before = self.codes()
        self.site.ctl("user", "disable", name, "-y")
        window.press_button("Allow")
        self.assertEqual(self.codes(), before)
        self.assertNotIn("Back in the application", window.text)


class Errors(PageCase):
    def test_an_unknown_application_is_told_to_the_person_alone(self):
        window = self.signed_in()
        arrived = len(self.app.arrived)
        self.assertEqual(window.open(self.request(client_id="nobody")), 400)
        self.assertEqual(len(self.app.arrived), arrived)
        self.assertIn("unknown", window.text)

    def test_an_address_that_is_not_registered_is_not_gone_to(self):
        window = self.signed_in()
        arrived = len(self.app.arrived)
        self.assertEqual(window.open(self.request(redirect_uri=self.app.callback() + "/x")), 400)
        self.assertEqual(len(self.app.arrived), arrived)

    def test_the_page_can_be_framed_by_nobody(self):
        window = self.signed_in()
        window.open(self.app.callback())
        window.look(
            f"(() => {{ const frame = document.createElement('iframe'); frame.src = '{self.site.issuer}/';"
            " document.body.append(frame);"
            " return new Promise((done) => { frame.onload = () => done(1); }); })()"
        )
        refused = eventually(
            lambda: [text for text in window.policy_refusals() if "frame-ancestors" in text]
        )
        self.assertEqual(len(refused), 1, window.events("console"))
        window.do("forget events")
