"""The one-time page on which a user sets a password."""

import urllib.parse

from harness.person import Person

from browser_case import PASSWORD, BrowserCase

NEW = "a much better sentence"


class ResetPage(BrowserCase):
    def user(self):
        return self.fresh_user()

    def link(self, user):
        """The path of a fresh link."""
        url = self.site.ctl("user", "reset-link", user, "-q").stdout.strip()
        parts = urllib.parse.urlsplit(url)
        self.site.remember(urllib.parse.parse_qs(parts.query)["token"][0])
        return f"{parts.path}?{parts.query}"

    def fill_in(self, person, page, password=NEW, repeat=None):
        self.site.remember(password if len(password) > 12 else None)
        return person.submit(page.form("/reset"), new_password=password, repeat_password=repeat or password)

    def test_a_link_sets_the_password_once_and_the_user_signs_in_with_it(self):
        user, person = self.user(), self.person()
        link = self.link(user)
        page = self.assert_page(person.open(link))
        self.assertIn(user, page.answer.body.decode())
        done = self.assert_page(self.fill_in(person, page))
        self.assertEqual(done.headings, ["Your password is set"])
        self.assertEqual(self.person().sign_in(user, NEW).status, 303)
        self.assertEqual(self.person().sign_in(user, PASSWORD).status, 400)
        self.assert_error_page(person.open(link))
        self.assert_error_page(self.fill_in(person, page, "another good sentence"))
        self.assertEqual(self.person().sign_in(user, NEW).status, 303)

    def test_a_user_without_a_password_gets_one_by_a_link(self):
        name = "invited"
        self.site.user(name)
        self.assertEqual(self.person().sign_in(name, NEW).status, 400)
        person = self.person()
        self.assert_page(self.fill_in(person, person.open(self.link(name))))
        self.assertEqual(self.person().sign_in(name, NEW).status, 303)

    def test_opening_the_link_changes_nothing(self):
        user = self.user()
        link = self.link(user)
        for _ in range(3):
            self.assert_page(self.person().open(link))
        self.assertEqual(self.person().sign_in(user, PASSWORD).status, 303)

    def test_l12_a_password_that_people_may_not_have_is_refused_and_the_link_stays_good(self):
        user, person = self.user(), self.person()
        page = person.open(self.link(user))
        for password, repeat, words in (
            ("short", None, "8 to 128"),
            ("xy" * 65, None, "8 to 128"),
            ("password123", None, "first that are guessed"),
            ("violet\nharbour", None, "line breaks"),
            (NEW, NEW + "!", "differ"),
        ):
            with self.subTest(password=password[:12], repeat=repeat):
                refused = self.assert_page(self.fill_in(person, page, password, repeat), 400)
                self.assertIn(words, refused.alert)
                self.assertNotIn(password, refused.answer.body.decode())
        self.assert_page(self.fill_in(person, page))

    def test_l8_the_form_needs_its_csrf_token(self):
        user, person = self.user(), self.person()
        page = person.open(self.link(user))
        for token, status in ((None, 400), ("x", 403)):
            answer = person.submit(
                page.form("/reset"), csrf_token=token, new_password=NEW, repeat_password=NEW
            )
            self.assert_page(answer, status)
        self.assertEqual(self.person().sign_in(user, PASSWORD).status, 303)

    def test_f8_sessions_and_refresh_tokens_end_with_the_old_password(self):
        user = self.user()
        signed_in = self.signed_in(user)
        code = self.site.remember(self.authorized(signed_in).query()["code"])
        tokens = self.given(self.redeem(code))
        waiting = self.site.remember(self.authorized(signed_in).query()["code"])
        person = self.person()
        self.assert_page(self.fill_in(person, person.open(self.link(user))))
        self.assertTrue(signed_in.open("/logout").location.endswith("/login"))
        self.refused(self.refresh(tokens["refresh_token"]))
        self.refused(self.redeem(waiting))

    def test_an_unknown_a_withdrawn_and_a_disabled_users_link_look_alike(self):
        user, gone = self.user(), self.user()
        withdrawn = self.link(user)
        self.link(user)
        disabled = self.link(gone)
        self.site.ctl("user", "disable", gone)
        seen = set()
        for link in (withdrawn, disabled, "/reset?token=" + "x" * 43, "/reset?token=", "/reset"):
            page = self.assert_error_page(self.person().open(link))
            seen.add((page.headings[0], page.text.rpartition("Request")[0]))
        self.assertEqual(len(seen), 1, seen)

    def test_n3_the_token_stands_in_no_log_and_the_page_names_it_to_nobody(self):
        user = self.user()
        page = self.assert_page(self.person().open(self.link(user)))
        self.assertEqual(page.answer.field("Referrer-Policy"), "no-referrer")
        self.assertEqual(page.answer.field("Cache-Control"), "no-store")

    def test_of_20_parallel_uses_of_a_link_one_wins(self):
        user, person = self.user(), self.person()
        form = person.open(self.link(user)).form("/reset")
        passwords = [f"{NEW} number {i}" for i in range(20)]

        def use(i):
            return person.copy().submit(form, new_password=passwords[i], repeat_password=passwords[i]).status

        numbers = iter(range(20))
        answers = self.at_once(20, lambda: use(next(numbers)))
        self.assertEqual(answers.count(200), 1, answers)
