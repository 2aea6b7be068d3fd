"""Signing in and out: cookies, sessions, CSRF tokens."""

import re

from harness.server import eventually
from harness.planted import begin_write, hash_of, opened

from browser_case import PASSWORD
from session_case import COOKIE, SessionCase


class SignIn(SessionCase):
    def test_the_cookie_is_for_the_browser_alone(self):
        person = self.person()
        first = person.open("/login")
        second = person.sign_in(self.user, PASSWORD)
        for page in (first, second):
            value, attributes = self.set_cookie(page)
            self.assertRegex(value, r"\A[0-9A-Za-z]{43}\Z")
            self.assertEqual(set(attributes), {"Path=/", "HttpOnly", "SameSite=Lax"})

    def test_the_cookie_is_stored_hashed_only(self):
        person = self.signed_in(self.user)
        secret = self.site.remember(person.cookies[COOKIE])
        with opened(self.site.db) as connection:
            hashes = [row[0] for row in connection.execute("SELECT session_hash FROM sessions").fetchall()]
        self.assertIn(hash_of(secret), hashes)

    def test_signing_in_makes_a_new_session_and_the_cookie_from_before_is_not_it(self):
        victim = self.person()
        victim.open("/login")
        before = victim.copy()  # what an attacker who planted the cookie holds
        victim.sign_in(self.user, PASSWORD)
        self.assertNotEqual(before.cookies, victim.cookies)
        self.assertTrue(self.is_signed_in(victim))
        self.assertFalse(self.is_signed_in(before))

    def test_signing_in_again_ends_the_session_before(self):
        person = self.signed_in(self.user)
        before = person.copy()
        token = person.open("/logout").form("/logout").fields["csrf_token"]
        page = person.post("/login", {"username": self.user, "password": PASSWORD, "csrf_token": token})
        self.assertEqual(page.status, 303, page)
        self.assertTrue(self.is_signed_in(person))
        self.assertFalse(self.is_signed_in(before))
        self.assertEqual(len(self.sessions()), 1)

    def test_a_visitor_leaves_no_row(self):
        before = self.rows()
        person = self.person()
        for path in ("/login", "/", "/oauth/csrf", "/oauth/errors", "/logout", "/nowhere"):
            person.open(path)
        person.sign_in(self.user, "wrong password")
        self.ask_for_code(person)
        self.assertEqual(self.rows(), before)

    def test_a_visitor_keeps_one_cookie(self):
        person = self.person()
        person.open("/login")
        cookie = dict(person.cookies)
        for path in ("/login", "/oauth/csrf", "/oauth/errors"):
            self.assertIsNone(person.open(path).answer.field("Set-Cookie"))
        self.assertEqual(person.cookies, cookie)

    def test_signing_in_works_by_username_or_e_mail_in_any_case(self):
        self.site.ctl("user", "update", self.user, "--email", f"{self.user}@Example.org")
        for name in (self.user, self.user.upper(), f"{self.user}@Example.org", f"{self.user}@EXAMPLE.ORG".lower()):
            with self.subTest(name):
                self.assertTrue(self.is_signed_in(self.signed_in(name)))

    def test_a_password_is_taken_as_it_is(self):
        for wrong in (PASSWORD.upper(), PASSWORD + " ", " " + PASSWORD, PASSWORD[:-1], "", "x"):
            with self.subTest(wrong):
                person = self.person()
                self.assertEqual(person.sign_in(self.fresh_user(), wrong).status, 400)
                self.assertFalse(self.is_signed_in(person))

    def test_wrong_unknown_disabled_and_no_password_look_alike(self):
        disabled = self.fresh_user()
        self.site.ctl("user", "disable", disabled)
        without = "without-" + self.user
        self.site.user(without)
        answers = []
        for name, password in (
            (self.user, "wrong password"),
            ("nobody", "wrong password"),
            ("nobody", PASSWORD),
            (disabled, PASSWORD),
            (without, PASSWORD),
            (without, ""),
            (without, "x"),
        ):
            page = self.person().sign_in(name, password)
            self.assert_page(page, 400)
            self.assertTrue(page.alert)
            body = re.sub(rb'name="csrf_token" value="[^"]+"', b"", page.answer.body)
            answers.append((page.status, body.replace(name.encode(), b"NAME")))
        self.assertEqual(len(set(answers)), 1, answers)

    def test_a_refused_form_comes_back_as_it_was_sent_but_for_the_password(self):
        person = self.person()
        page = person.sign_in(self.user, "wrong-password-1", "/oauth/csrf", remember="yes")
        self.assert_page(page, 400)
        fields = page.form("/login").fields
        self.assertEqual((fields["username"], fields["next"], fields["remember"]), (self.user, "/oauth/csrf", "yes"))
        self.assertEqual(fields.get("password", ""), "")
        self.assertNotIn(b"wrong-password-1", page.answer.body)
        self.assertEqual(person.submit(page.form("/login"), password=PASSWORD).location, "/oauth/csrf")

    def test_what_is_typed_is_shown_as_text(self):
        page = self.person().sign_in('"><script>alert(1)</script>', "wrong password")
        self.assertNotIn(b"<script", page.answer.body)
        self.assertEqual(page.form("/login").fields["username"], '"><script>alert(1)</script>')

    def test_a_form_twice_malformed_or_of_another_type_is_refused(self):
        person = self.person()
        form = person.open("/login").form("/login").fields
        for body in (
            f"username=a&username=b&password=x&csrf_token={form['csrf_token']}",
            "username=%zz&password=x",
            "username=a%00&password=x",
            "username=%FF&password=x",
        ):
            self.assert_error_page(person.post("/login", body))
        self.assert_error_page(person.post("/login", "{}", Content_Type="application/json"))

    def test_the_sign_in_is_in_the_audit_log(self):
        self.signed_in(self.user)
        (session,) = self.sessions()
        actions = [action for action, _ in self.audit("session:" + session["id"])]
        self.assertEqual(actions, ["session.create"])

    def test_the_second_of_two_tabs_is_told_who_was_quicker_and_where_to_go_on(self):
        tab = self.person()
        other = tab.open("/login", next="/oauth/csrf").form("/login")
        tab.sign_in(self.user, PASSWORD)
        for password in (PASSWORD, "wrong password"):
            page = self.assert_page(tab.submit(other, username=self.user, password=password), 403)
            self.assertEqual(page.headings, ["You are signed in already"])
            self.assertIn("/oauth/csrf", page.links)
        self.assertTrue(self.is_signed_in(tab))
        self.assertEqual(len(self.sessions()), 1)

    def test_a_wrong_password_is_called_wrong_when_it_makes_the_next_one_wait_too(self):
        person = self.person()
        for number in range(6):
            page = person.sign_in(self.user, f"wrong password {number}")
            self.assertIn("not right", page.alert)
        self.assertEqual((page.status, page.answer.field("Retry-After")), (429, "1"))
        self.assertIn("wait 1 second", page.alert)

    def test_who_is_signed_in_goes_on_at_once(self):
        person = self.signed_in(self.user)
        self.assertEqual(person.open("/login", next="/oauth/csrf").location, "/oauth/csrf")
        self.assertEqual(person.open("/login").location, "/")


class SignOut(SessionCase):
    def test_signing_out_ends_the_session_in_the_database(self):
        person = self.signed_in(self.user)
        stolen = person.copy()
        (session,) = self.sessions()
        page = person.submit(person.open("/logout").form("/logout"))
        self.assertEqual((page.status, page.location), (303, "/login"))
        self.assertFalse(self.is_signed_in(person))
        self.assertFalse(self.is_signed_in(stolen))
        self.assertEqual(self.sessions(), [])
        self.assertIn("session.end", [action for action, _ in self.audit("session:" + session["id"])])

    def test_signing_out_needs_post_and_the_csrf_token(self):
        person = self.signed_in(self.user)
        self.assert_page(person.open("/logout"))
        form = person.open("/logout").form("/logout")
        for token, status in ((None, 400), ("x", 403), (form.fields["csrf_token"][:-2], 403)):
            self.assert_error_page(person.submit(form, csrf_token=token), status)
        self.assertTrue(self.is_signed_in(person))

    def test_signing_out_twice_is_no_error(self):
        person = self.signed_in(self.user)
        form = person.open("/logout").form("/logout")
        for _ in range(2):
            self.assertEqual(person.submit(form).status, 303)
        self.assertEqual(person.open("/logout").location, "/login")

    def test_signing_out_leaves_other_browsers_signed_in(self):
        person, other = self.signed_in(self.user), self.signed_in(self.user)
        person.submit(person.open("/logout").form("/logout"))
        self.assertTrue(self.is_signed_in(other))


class Ends(SessionCase):
    def test_a_session_ends_when_it_is_not_used(self):
        person = self.signed_in(self.user)
        (session,) = self.sessions()
        self.assertEqual(session["expires_at"] - session["created_at"], 12 * 3600)
        self.change_sessions("expires_at = expires_at - 43201, last_seen_at = last_seen_at - 43201")
        self.assertFalse(self.is_signed_in(person))

    def test_use_keeps_a_session_alive(self):
        person = self.signed_in(self.user)
        (before,) = self.sessions()
        self.change_sessions("expires_at = expires_at - 40000, last_seen_at = last_seen_at - 40000")
        self.assertTrue(self.is_signed_in(person))
        self.assertTrue(eventually(lambda: self.sessions()[0]["expires_at"] >= before["expires_at"]))
        self.assertGreaterEqual(self.sessions()[0]["last_seen_at"], before["last_seen_at"])

    def test_a_page_that_only_reads_is_answered_while_nobody_can_write(self):
        """That the session was used is noted when that is possible."""
        person = self.signed_in(self.user)
        self.change_sessions("last_seen_at = last_seen_at - 100")
        with opened(self.site.db) as connection:
            begin_write(connection)
            try:
                page = person.open("/logout")
            finally:
                connection.execute("ROLLBACK")
        self.assertEqual(page.status, 200)

    def test_use_does_not_keep_a_session_beyond_its_absolute_end(self):
        person = self.signed_in(self.user)
        month = 30 * 86400
        self.change_sessions(f"created_at = created_at - {month} + 100, last_seen_at = last_seen_at - 1000")
        self.assertTrue(self.is_signed_in(person))

        def ends_at_the_end():
            (session,) = self.sessions()
            return session["expires_at"] == session["created_at"] + month

        self.assertTrue(eventually(ends_at_the_end))

    def test_remember_me_lasts_for_30_days_in_all(self):
        person = self.person()
        value, attributes = self.set_cookie(person.sign_in(self.user, PASSWORD, remember="yes"))
        self.assertIn(f"Max-Age={30 * 86400}", attributes)
        (session,) = self.sessions()
        self.assertTrue(session["remember"])
        self.assertEqual(session["expires_at"] - session["created_at"], 30 * 86400)
        self.change_sessions("last_seen_at = last_seen_at - 86400")
        self.assertTrue(self.is_signed_in(person))
        self.assertEqual(self.sessions()[0]["expires_at"], session["expires_at"])

    def test_without_remember_me_the_browser_forgets_when_it_closes(self):
        _, attributes = self.set_cookie(self.person().sign_in(self.user, PASSWORD))
        self.assertFalse([one for one in attributes if one.startswith(("Max-Age", "Expires"))])

    def test_disabling_the_user_ends_sessions_and_enabling_does_not_bring_them_back(self):
        person = self.signed_in(self.user)
        self.site.ctl("user", "disable", self.user)
        self.assertFalse(self.is_signed_in(person))
        self.site.ctl("user", "enable", self.user)
        self.assertFalse(self.is_signed_in(person))
        self.assertTrue(self.is_signed_in(self.signed_in(self.user)))

    def test_deleting_the_user_ends_sessions(self):
        person = self.signed_in(self.user)
        self.site.ctl("user", "delete", self.user, "--yes")
        self.assertFalse(self.is_signed_in(person))

    def test_a_new_password_ends_sessions(self):
        person = self.signed_in(self.user)
        self.site.ctl("user", "set-password", self.user, "--password-from", "-", stdin="another good one 1")
        self.assertFalse(self.is_signed_in(person))

    def test_oauth2ctl_lists_and_revokes_sessions(self):
        person, other = self.signed_in(self.user), self.signed_in(self.user)
        sessions = self.sessions()
        self.assertEqual(len(sessions), 2)
        self.assertEqual({session["user"] for session in sessions}, {self.user})
        by_cookie = hash_of(person.cookies[COOKIE])
        with opened(self.site.db) as connection:
            (identity,) = connection.execute(
                "SELECT id FROM sessions WHERE session_hash = ?", (by_cookie,)
            ).fetchone()
        self.site.ctl("session", "revoke", identity)
        self.assertFalse(self.is_signed_in(person))
        self.assertTrue(self.is_signed_in(other))
        self.site.ctl("session", "revoke", "--user", self.user, "--yes")
        self.assertFalse(self.is_signed_in(other))
        self.assertEqual(self.sessions(), [])

    def test_an_ended_session_gets_a_fresh_cookie(self):
        person = self.signed_in(self.user)
        dead = person.cookies[COOKIE]
        self.site.ctl("session", "revoke", "--user", self.user, "--yes")
        value, _ = self.set_cookie(person.open("/login"))
        self.assertNotEqual(value, dead)
        self.assertEqual(person.sign_in(self.user, PASSWORD).status, 303)
