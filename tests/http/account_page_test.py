"""What all pages of the account share: who may see them, their addresses, and how one gets about."""

import urllib.parse

from harness.person import Person
from harness.server import eventually

from browser_case import PASSWORD
from session_case import SessionCase

APPLICATIONS = "/account/settings/applications/"
SECURITY = "/account/settings/security/"
SESSION = SECURITY + "sessions/"


class Guard(SessionCase):
    def assert_sent_to_sign_in(self, page, next_path):
        self.assertEqual(page.status, 303, page)
        self.assertEqual(page.location, "/login?" + urllib.parse.urlencode({"next": next_path}))

    def test_who_is_not_signed_in_is_asked_to_and_comes_back(self):
        for path in (APPLICATIONS, SECURITY, SECURITY + "?page=2"):
            with self.subTest(path):
                person = self.person()
                page = person.open(path)
                self.assert_sent_to_sign_in(page, path)
                form = person.open(page.location).form("/login")
                done = person.submit(form, username=self.user, password=PASSWORD)
                self.assertEqual(done.location, path)
                self.assert_page(person.open(done.location))

    def test_a_form_sent_after_the_session_ended_leads_to_sign_in_and_back_to_its_page(self):
        person = self.signed_in(self.user)
        form = person.open(SECURITY).form(SECURITY)
        self.site.ctl("session", "revoke", "--user", self.user, "--yes")
        self.assert_sent_to_sign_in(person.submit(form, current_password=PASSWORD), SECURITY)
        path = SESSION + "x/"
        self.assert_sent_to_sign_in(self.person().post(path, {"revoke": "yes"}), path)
        self.assertEqual(self.signed_in(self.user).open(path).location, SECURITY)

    def test_a_sign_in_without_next_leads_to_the_applications(self):
        person = self.person()
        page = person.follow(person.sign_in(self.user, PASSWORD))
        self.assertEqual((page.status, page.target), (200, APPLICATIONS))
        self.assertIn(self.user, page.text)
        self.assertEqual(person.open("/").location, APPLICATIONS)

    def test_a_disabled_user_sees_none_of_it(self):
        person = self.signed_in(self.user)
        self.site.ctl("user", "disable", self.user)
        self.assert_sent_to_sign_in(person.open(SECURITY), SECURITY)


class Addresses(SessionCase):
    def test_a_path_without_its_last_slash_leads_to_the_one_with_it_and_keeps_the_query(self):
        person = self.signed_in(self.user)
        for path, query in ((APPLICATIONS, ""), (SECURITY, "?page=2"), (SESSION + "x/", "?a=b&c=%20d")):
            for method in ("GET", "HEAD"):
                answer = self.http.request(method, path[:-1] + query)
                self.assertEqual((answer.status, answer.field("Location")), (308, path + query))
        self.assertEqual(person.post(SECURITY[:-1], {}).status, 404)

    def test_only_an_id_of_100_letters_digits_and_marks_is_one(self):
        person = self.signed_in(self.user)
        for word, status in (
            ("x", 303),
            ("x" * 100, 303),
            ("a-Z_9", 303),
            ("x" * 101, 404),
            ("a.b", 303),
            ("a~b", 404),
            ("a/b", 404),
            ("a%2Fb", 400),  # the gate takes the plain spelling only
            ("%00", 400),
            ("", 404),
        ):
            with self.subTest(word):
                self.assertEqual(person.open(f"{SESSION}{word}/").status, status)

    def test_a_wrong_method_is_405_and_the_right_ones_are_named(self):
        for path, allow in (
            (APPLICATIONS, "GET, HEAD, OPTIONS"),
            (SECURITY, "GET, HEAD, POST, OPTIONS"),
            (SESSION + "x/", "GET, HEAD, POST, OPTIONS"),
        ):
            answer = self.http.request("DELETE", path)
            self.assertEqual((answer.status, answer.field("Allow")), (405, allow))
            answer = self.http.request("OPTIONS", path)
            self.assertEqual((answer.status, answer.field("Allow")), (204, allow))

    def test_the_log_has_the_path_as_it_was_asked_for(self):
        self.http.get(SESSION + "abc123/")
        self.assertTrue(eventually(lambda: f'"path":"{SESSION}abc123/"' in self.server.stderr()))


class Layout(SessionCase):
    def test_each_page_says_who_is_signed_in_and_signs_out(self):
        for path in (APPLICATIONS, SECURITY):
            person = self.signed_in(self.user)
            page = self.assert_page(person.open(path))
            self.assertIn(self.user, page.text)
            self.assertEqual(person.submit(page.form("/logout")).status, 303)
            self.assertFalse(self.is_signed_in(person))

    def test_each_page_marks_its_place_in_the_navigation(self):
        person = self.signed_in(self.user)
        for path in (APPLICATIONS, SECURITY):
            body = person.open(path).answer.body.decode()
            self.assertEqual(body.count("aria-current"), 1)
            self.assertIn(f'href="{path}" aria-current="page"', body)

    def test_an_empty_account_is_told_so_in_each_panel(self):
        page = self.signed_in(self.user).open(APPLICATIONS)
        for words in ("Developer applications", "Personal access tokens", "Authorized applications"):
            self.assertIn(words, page.text)
        self.assertEqual(page.answer.body.decode().count('class="empty"'), 3)


class BelowAPath(SessionCase):
    issuer = "http://127.0.0.1:9000/auth"

    def test_guard_links_and_forms_stay_below_the_issuers_path(self):
        person = Person(self.http)
        page = person.open("/auth" + SECURITY)
        self.assertEqual(page.location, "/auth/login?" + urllib.parse.urlencode({"next": SECURITY}))
        login = person.open(page.location).form("/login")
        done = person.submit(login, username=self.user, password=PASSWORD)
        self.assertEqual(done.location, "/auth" + SECURITY)
        page = self.assert_page(person.open(done.location))
        for link in (*page.links, *(form.action for form in page.forms)):
            self.assertTrue(link.startswith(("/auth/", "#")), link)
        answer = self.http.get("/auth" + SECURITY[:-1] + "?page=2")
        self.assertEqual((answer.status, answer.field("Location")), (308, "/auth" + SECURITY + "?page=2"))
