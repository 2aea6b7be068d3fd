"""Signing in with providers and linked accounts: all that needs no provider to answer."""

import base64
import secrets
import time
import urllib.parse

from harness.planted import opened
from harness.site import KeyedSite

from session_case import SessionCase

LINKED = "/account/settings/linkedaccounts/"
PIXEL = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


class FederationCase(SessionCase):
    site_class = KeyedSite
    provider_flags = ()

    @classmethod
    def populate(cls):
        super().populate()
        # Where nobody listens: what needs the provider's answer finds nobody there.
        cls.make_provider("there", "oauth2", "--title", "There", *cls.provider_flags)

    @classmethod
    def make_provider(cls, name, preset="oauth2", *flags):
        urls = ("--authorize-url", "http://127.0.0.1:1/authorize", "--token-url", "http://127.0.0.1:1/token")
        urls += ("--userinfo-url", "http://127.0.0.1:1/user") if preset == "oauth2" else ()
        cls.site.ctl(
            "provider",
            "create",
            name,
            "--preset",
            preset,
            "--client-id",
            "our-id",
            "--secret-from",
            "-",
            *urls,
            *flags,
            stdin=cls.site.remember("provider-secret-of-" + name),
        )

    def provider(self, *flags):
        """A provider of the test's own."""
        name = "p" + secrets.token_hex(4)
        self.make_provider(name, "oauth2", *flags)
        self.addCleanup(self.site.ctl, "provider", "delete", name, "--yes")
        return name

    def link(self, user, provider="there", subject=None):
        subject = subject or secrets.token_hex(8)
        with opened(self.site.db) as connection:
            connection.execute(
                "INSERT INTO remote_accounts (id, provider, subject, user_id, username, created_at)"
                " VALUES (?, ?, ?, (SELECT id FROM users WHERE username = ?), ?, ?)",
                (secrets.token_hex(11), provider, subject, user, "name-" + subject, int(time.time())),
            )
        return subject

    def forget_password(self, user):
        with opened(self.site.db) as connection:
            connection.execute("UPDATE users SET password_hash = NULL WHERE username = ?", (user,))

    def accounts(self, user=None):
        return [
            account["provider"] for account in self.site.ctl_json("account", "list", "--user", user or self.user)
        ]

    def policy(self, page):
        fields = (page.answer.field("Content-Security-Policy") or "").split("; ")
        return next(field for field in fields if field.startswith("form-action"))

    def begun(self, person, name="there", **parameters):
        """The address at the provider that a sign-in by it leads to."""
        page = person.open("/oauth/login/" + name, **parameters)
        self.assertEqual(page.status, 303, page)
        self.assertTrue(page.location.startswith("http://127.0.0.1:1/authorize?"), page)
        return page.query()

    def csrf(self, person):
        return person.open("/oauth/csrf").answer.json()["csrf_token"]


class SignIn(FederationCase):
    def test_a_provider_that_is_unknown_hidden_or_disabled_is_not_there(self):
        person, signed_in = self.person(), self.signed_in(self.user)
        hidden, disabled = self.provider("--hidden"), self.provider()
        self.site.ctl("provider", "disable", disabled)
        for name in ("nobody", hidden, disabled):
            for visitor in (person, signed_in):
                with self.subTest(name=name):
                    for path in ("/oauth/login/", "/oauth/signup/"):
                        self.assert_error_page(visitor.open(path + name), 404)
                        self.assert_error_page(visitor.post(path + name, {}), 404)
        for name in ("nobody", disabled):
            self.assert_error_page(person.open("/oauth/authorized/" + name), 404)
            token = {"csrf_token": self.csrf(signed_in)}
            self.assert_error_page(signed_in.post("/oauth/disconnect/" + name, token), 404)

    def test_each_path_has_its_methods(self):
        for path, method, allow in (
            ("/oauth/login/there", "PUT", "GET, HEAD, POST, OPTIONS"),
            ("/oauth/authorized/there", "POST", "GET, HEAD, OPTIONS"),
            ("/oauth/signup/there", "DELETE", "GET, HEAD, POST, OPTIONS"),
            ("/oauth/disconnect/there", "GET", "POST, OPTIONS"),
            (LINKED, "POST", "GET, HEAD, OPTIONS"),
        ):
            with self.subTest(path=path):
                answer = self.http.request(method, path)
                self.assertEqual(answer.status, 405)
                self.assertEqual(answer.field("Allow"), allow)

    def test_the_sign_in_page_has_a_button_for_each_provider_that_signs_in(self):
        named, hidden, only = self.provider("--title", "Named"), self.provider("--hidden"), self.provider("--link-only")
        page = self.person().open("/login", next="/device?user_code=X")
        self.assertIn("Continue with There", page.text)
        self.assertIn("Continue with Named", page.text)
        links = [urllib.parse.urlsplit(link) for link in page.links if link]
        paths = [link.path for link in links]
        self.assertEqual(sorted(paths), sorted(["/oauth/login/there", "/oauth/login/" + named]))
        self.assertNotIn(hidden, paths)
        self.assertNotIn(only, paths)
        self.assertEqual(links[0].query, "next=%2Fdevice%3Fuser_code%3DX")

    def test_an_icon_is_shown_as_a_picture_of_its_kind(self):
        file = self.site.folder / "icon.svg"
        file.write_bytes(PIXEL)
        self.provider("--icon", str(file))
        body = self.person().open("/login").answer.body.decode()
        self.assertIn(f'src="data:image/svg+xml;base64,{base64.b64encode(PIXEL).decode()}"', body)

    def test_a_sign_in_leads_to_the_provider_and_back_to_this_browser_alone(self):
        person = self.person()
        page = person.open("/oauth/login/there")
        self.assertEqual(page.status, 303)
        value, attributes = self.set_cookie(page)
        self.assertIn("HttpOnly", attributes)
        self.assertIn("SameSite=Lax", attributes)
        self.assertEqual(page.answer.field("Cache-Control"), "no-store")
        query = page.query()
        self.assertEqual(query["redirect_uri"], self.issuer + "/oauth/authorized/there")
        self.assertNotIn(value, page.location)
        again = person.open("/oauth/login/there")
        self.assertIsNone(again.answer.field("Set-Cookie"))
        self.assertNotEqual(again.query()["state"], query["state"])
        self.assertEqual(self.rows_of("used_states"), 0)

    def rows_of(self, table):
        with opened(self.site.db) as connection:
            return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    def test_a_look_by_head_starts_nothing(self):
        answer = self.http.request("HEAD", "/oauth/login/there")
        self.assertEqual(answer.status, 200)
        self.assertIsNone(answer.field("Location"))

    def test_a_post_needs_the_csrf_token_of_the_browser(self):
        person = self.signed_in(self.user)
        self.assert_error_page(person.post("/oauth/login/there", {}), 400)
        foreign = self.csrf(self.signed_in(self.fresh_user()))
        self.assert_error_page(person.post("/oauth/login/there", {"csrf_token": foreign}), 403)
        self.assert_error_page(self.person().post("/oauth/login/there", {"csrf_token": foreign}), 403)
        page = person.post("/oauth/login/there", {"csrf_token": self.csrf(person)})
        self.assertEqual(page.status, 303)
        self.assertIn("/authorize?", page.location)

    def test_who_is_signed_in_is_asked_before_anything_is_linked(self):
        person = self.signed_in(self.user)
        page = self.assert_page(person.open("/oauth/login/there", next="/device"))
        self.assertEqual(page.headings, ["Connect There to your account?"])
        self.assertIn(self.user, page.text)
        form = page.form("/oauth/login/there")
        self.assertEqual((form.method, form.fields["next"]), ("post", "/device"))
        self.assertEqual(self.policy(page), "form-action 'self' http: https:")
        self.assertIn("/authorize?", person.submit(form).location)

    def test_a_next_elsewhere_is_not_kept(self):
        page = self.signed_in(self.user).open("/oauth/login/there", next="//evil.example/")
        self.assertEqual(page.form("/oauth/login/there").fields["next"], "/")

    def test_a_provider_for_linking_only_wants_somebody_signed_in(self):
        only = self.provider("--link-only")
        page = self.person().open("/oauth/login/" + only)
        self.assertEqual(page.status, 303)
        self.assertEqual(page.location, "/login?next=%2Foauth%2Flogin%2F" + only)
        self.assertIn("this site can act", self.signed_in(self.user).open("/oauth/login/" + only).text)

    def test_the_callback_refuses_what_this_browser_did_not_start(self):
        mallory, person = self.person(), self.person()
        person.open("/login")
        state = self.begun(mallory)["state"]
        victim = self.signed_in(self.user)
        for visitor in (person, victim, self.person()):
            page = visitor.open("/oauth/authorized/there", code="c", state=state)
            self.assert_error_page(page)
            self.assertIn("was not started in this browser", page.text)
        self.assertTrue(self.is_signed_in(victim))
        self.assertEqual(self.accounts(), [])
        # Nothing of it is used up: mallory's own comes as far as the provider, where nobody listens.
        page = mallory.open("/oauth/authorized/there", code="c", state=state)
        self.assert_error_page(page, 502)
        self.assertIn("did not answer", page.text)
        page = mallory.open("/oauth/authorized/there", code="c", state=state)
        self.assert_error_page(page)
        self.assertIn("has been used already", page.text)

    def test_a_sign_in_that_began_before_somebody_signed_in_does_not_go_on(self):
        person = self.person()
        state = self.begun(person)["state"]
        page = person.sign_in(self.user, "correct horse battery staple")
        self.assertEqual(page.status, 303, page)
        page = person.open("/oauth/authorized/there", code="c", state=state)
        self.assert_error_page(page)
        self.assertEqual(page.links[-1], LINKED)

    def test_each_failure_says_what_happened_and_what_to_do(self):
        other = self.provider()
        for parameters, status, text in (
            ({}, 400, "only works at the end of a sign-in that was started here"),
            ({"state": "x"}, 400, "was not started in this browser"),
            ({"error": "access_denied"}, 400, "told us nothing about you"),
            ({"error": "temporarily_unavailable"}, 502, "did not answer"),
            ({"error": "<script>"}, 502, "gave an answer that cannot be right"),
            ({}, 502, "gave an answer that cannot be right"),
            ({"code": "x"}, 502, "did not answer"),
        ):
            person = self.person()
            with self.subTest(parameters=parameters, status=status):
                query = dict(parameters)
                if "state" not in query and (query or status == 502):
                    query["state"] = self.begun(person)["state"]
                page = self.assert_error_page(person.open("/oauth/authorized/there", **query), status)
                self.assertIn(text, page.text)
                self.assertIn("/login", page.links)
                self.assertNotIn("script>", page.text)
        person = self.person()
        state = self.begun(person, next="/device?user_code=X")["state"]
        page = person.open("/oauth/authorized/there", error="access_denied", state=state)
        self.assertIn("/login?next=%2Fdevice%3Fuser_code%3DX", page.links)  # the way on is not lost
        person = self.person()
        mixed = self.begun(person)["state"]
        page = self.assert_error_page(person.open("/oauth/authorized/" + other, code="x", state=mixed))
        self.assertIn("not from the service that was asked", page.text)
        person = self.person()
        query = urllib.parse.urlencode([("code", "a"), ("code", "b"), ("state", self.begun(person)["state"])])
        self.assert_error_page(person.open("/oauth/authorized/there?" + query), 502)

    def test_in_french_too(self):
        page = self.person("fr").open("/oauth/authorized/there")
        self.assertIn("Cette adresse ne sert qu’à la fin d’une connexion commencée ici.", page.text)

    def test_a_sign_up_is_only_for_the_browser_that_was_asked(self):
        person = self.person()
        for page in (
            person.open("/oauth/signup/there"),
            person.open("/oauth/signup/there", signup="x" * 43),
            person.post("/oauth/signup/there", {"signup": "x", "username": "eve", "csrf_token": self.csrf(person)}),
        ):
            self.assert_error_page(page)
            self.assertIn("was not started in this browser", page.text)


class Starts(FederationCase):
    flags = (*SessionCase.flags, "--rate-limit-authorize", "3")

    def test_starting_again_and_again_is_slowed(self):
        person = self.person()
        statuses = [person.open("/oauth/login/there").status for _ in range(5)]
        self.assertEqual(statuses, [303, 303, 303, 429, 429])
        self.assertIsNotNone(person.open("/oauth/login/there").answer.field("Retry-After"))


class LinkedAccounts(FederationCase):
    def test_strangers_sign_in_first(self):
        page = self.person().open(LINKED)
        self.assertEqual(page.location, "/login?next=" + urllib.parse.quote(LINKED, ""))
        page = self.person().post("/oauth/disconnect/there", {})
        self.assertEqual(page.location, "/login?next=" + urllib.parse.quote(LINKED, ""))

    def test_the_page_is_in_the_navigation_and_lists_what_can_be_connected(self):
        person = self.signed_in(self.user)
        self.assertIn(LINKED, person.open("/account/settings/applications/").links)
        page = self.assert_page(person.open(LINKED))
        self.assertIn("There", page.text)
        self.assertIn("Not connected", page.text)
        self.assertIn("/authorize?", person.submit(page.form("/oauth/login/there")).location)
        self.assertEqual(self.policy(page), "form-action 'self' http: https:")

    def test_where_nothing_is_there_to_connect_no_link_leads_to_the_page(self):
        self.site.ctl("provider", "update", "there", "--hidden")
        self.addCleanup(self.site.ctl, "provider", "update", "there", "--no-hidden")
        person = self.signed_in(self.user)
        home = "/account/settings/applications/"
        self.assertNotIn(LINKED, person.open(home).links)
        self.assertIn(LINKED, self.assert_page(person.open(LINKED)).links)
        self.link(self.user)
        self.assertIn(LINKED, person.open(home).links)

    def test_disconnecting_takes_the_csrf_token_and_leaves_the_session(self):
        subject = self.link(self.user)
        person = self.signed_in(self.user)
        page = self.assert_page(person.open(LINKED))
        self.assertIn("name-" + subject, page.text)
        self.assertEqual(self.policy(page), "form-action 'self'")
        self.assert_error_page(person.post("/oauth/disconnect/there", {}), 400)
        foreign = self.csrf(self.signed_in(self.fresh_user()))
        self.assert_error_page(person.post("/oauth/disconnect/there", {"csrf_token": foreign}), 403)
        self.assertEqual(self.accounts(), ["there"])
        done = person.submit(page.form("/oauth/disconnect/there"), "yes")
        self.assertEqual(done.status, 303, done)
        self.assertIn("The account is disconnected", person.follow(done).text)
        self.assertEqual(self.accounts(), [])
        self.assertTrue(self.is_signed_in(person))
        again = person.submit(page.form("/oauth/disconnect/there"), "yes")
        self.assert_error_page(again, 404)

    def test_the_last_way_to_sign_in_stays(self):
        person = self.signed_in(self.user)
        self.link(self.user)
        self.forget_password(self.user)
        page = person.open(LINKED)
        self.assertIn("Your only way to sign in", page.text)
        refused = self.assert_page(person.submit(page.form("/oauth/disconnect/there"), "yes"), 400)
        self.assertIn("This is your only way to sign in", refused.alert)
        self.assertEqual(refused.headings, ["Linked accounts"])
        self.assertEqual(self.accounts(), ["there"])
        # One that does not sign in is no other way; one that does is.
        only = self.provider("--link-only")
        self.link(self.user, only)
        self.assertEqual(person.submit(page.form("/oauth/disconnect/there"), "yes").status, 400)
        other = self.provider()
        self.link(self.user, other)
        self.assertEqual(person.submit(page.form("/oauth/disconnect/there"), "yes").status, 303)
        self.assertEqual(self.accounts(), sorted([only, other]))

    def test_what_is_hidden_or_disabled_is_shown_where_it_is_linked_and_can_be_disconnected(self):
        person = self.signed_in(self.user)
        hidden, disabled = self.provider("--hidden", "--title", "H"), self.provider("--title", "D")
        self.link(self.user, hidden)
        self.link(self.user, disabled)
        self.site.ctl("provider", "disable", disabled)
        page = person.open(LINKED)
        self.assertIn(" D Not available ", page.text)
        for name in (hidden, disabled):
            done = person.submit(page.form("/oauth/disconnect/" + name), "yes")
            self.assertEqual(done.status, 303, done)
            self.assertIn("The account is disconnected", person.follow(done).text)
        self.assertEqual(self.accounts(), [])
        self.assertNotIn(" D ", person.open(LINKED).text)

    def test_an_account_at_a_disabled_provider_is_no_other_way_to_sign_in_and_stays_where_it_is_the_only_one(self):
        person = self.signed_in(self.user)
        disabled = self.provider()
        self.link(self.user)
        self.link(self.user, disabled)
        self.site.ctl("provider", "disable", disabled)
        self.forget_password(self.user)
        page = person.open(LINKED)
        self.assertEqual(person.submit(page.form("/oauth/disconnect/there"), "yes").status, 400)
        self.assertEqual(person.submit(page.form("/oauth/disconnect/" + disabled), "yes").status, 303)
        self.assertEqual(self.accounts(), ["there"])
        self.site.ctl("provider", "disable", "there")
        self.addCleanup(self.site.ctl, "provider", "enable", "there")
        refused = self.assert_page(person.submit(page.form("/oauth/disconnect/there"), "yes"), 400)
        self.assertIn("This is your only way to sign in", refused.alert)
        self.assertEqual(self.accounts(), ["there"])

    def test_nobody_disconnects_for_another(self):
        other = self.fresh_user()
        self.link(other)
        person = self.signed_in(self.user)
        page = person.post("/oauth/disconnect/there", {"csrf_token": self.csrf(person)})
        self.assert_error_page(page, 404)
        self.assertEqual(self.accounts(other), ["there"])

    def test_a_notice_of_a_sign_up_is_only_for_who_has_just_signed_up(self):
        person = self.signed_in(self.user)
        self.made_with_session(seconds_before=5)
        for path in (LINKED, "/account/settings/applications/", "/device"):
            page = person.open(path, done="signed_up")
            self.assertNotIn("Your username is", page.text)
        self.made_with_session(seconds_before=0)
        for path in (LINKED, "/account/settings/applications/", "/device"):
            page = person.open(path, done="signed_up")
            self.assertIn("Your username is " + self.user, page.text)
            self.assertNotIn("Your username is", person.open(path).text)
        for mode in ({}, {"Sec-Fetch-Mode": "navigate"}):
            person.headers.update(mode)
            page = person.follow(self.ask_for_code(person, done="signed_up"))
            self.assertIn("Your username is " + self.user, page.text)

    def made_with_session(self, seconds_before):
        with opened(self.site.db) as connection:
            connection.execute(
                "UPDATE users SET created_at ="
                " (SELECT created_at FROM sessions WHERE user_id = users.id) - ? WHERE username = ?",
                (seconds_before, self.user),
            )


class WithoutPasswords(FederationCase):
    flags = (*SessionCase.flags, "--local-sign-in", "false")

    def signed_in(self, username="alice", **fields):
        """By another instance, which still takes passwords."""
        person = self.person()
        with self.site.server(*SessionCase.flags) as other:
            there = person.copy(other.http)
            self.assertEqual(there.sign_in(username, "correct horse battery staple").status, 303)
        person.cookies = there.cookies
        return person

    def test_with_one_provider_signing_in_leads_there_at_once(self):
        person = self.person()
        page = person.open("/login", next="/device")
        self.assertEqual((page.status, page.location), (303, "/oauth/login/there?next=%2Fdevice"))
        page = person.open(page.location)
        self.assertTrue(page.location.startswith("http://127.0.0.1:1/authorize?"), page)

    def test_with_several_there_is_a_choice_and_with_none_a_word(self):
        self.provider("--title", "Other")
        page = self.assert_page(self.person().open("/login"))
        self.assertIn("Continue with There", page.text)
        self.assertIn("Continue with Other", page.text)
        self.assertEqual(page.forms, [])

    def test_with_none_the_page_says_so(self):
        self.site.ctl("provider", "update", "there", "--hidden")
        self.addCleanup(self.site.ctl, "provider", "update", "there", "--no-hidden")
        page = self.assert_page(self.person().open("/login"))
        self.assertIn("Nobody can sign in here", page.alert)

    def test_a_password_is_not_taken(self):
        person = self.person()
        token = self.csrf(person)
        page = person.post(
            "/login", {"username": self.user, "password": "correct horse battery staple", "csrf_token": token}
        )
        self.assert_error_page(page, 403)
        self.assertFalse(self.is_signed_in(person))
        self.assertEqual(self.sessions(), [])

    def is_signed_in(self, person):
        return person.copy().open(LINKED).status == 200

    def test_after_signing_out_nobody_is_signed_in_again_at_once(self):
        person = self.signed_in(self.user)
        form = person.open("/logout").form("/logout")
        page = self.assert_page(person.submit(form))
        self.assertEqual(page.headings, ["You are signed out"])
        self.assertIn("/login", page.links)
        self.assertFalse(self.is_signed_in(person))
        self.assertEqual(self.assert_page(person.submit(form)).headings, ["You are signed out"])
        self.assertEqual(self.assert_page(person.open("/logout")).headings, ["You are signed out"])

    def test_a_form_may_end_at_the_provider_when_the_session_has_ended(self):
        person = self.signed_in(self.user)
        page = person.open("/account/settings/security/")
        self.assertEqual(self.policy(page), "form-action 'self' http: https:")

    def test_a_password_is_no_way_in_then(self):
        person = self.signed_in(self.user)
        self.link(self.user)
        page = person.open(LINKED)
        self.assertEqual(person.submit(page.form("/oauth/disconnect/there"), "yes").status, 400)
