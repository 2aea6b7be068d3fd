"""The page on which users change their password and see where they are signed in."""

import base64
import hashlib

from harness.planted import opened

from browser_case import PASSWORD
from session_case import COOKIE, SessionCase

SECURITY = "/account/settings/security/"
NEW = "a much better sentence"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


class SecurityCase(SessionCase):
    def password_form(self, page):
        return [form for form in page.forms if "current_password" in form.fields][0]

    def change(self, person, current=PASSWORD, new=NEW, repeat=None, form=None, **more):
        """Fills in the form for a new password."""
        for word in (current, new):
            self.site.remember(word if len(word) > 12 else None)
        return person.submit(
            form or self.password_form(person.open(SECURITY)),
            current_password=current,
            new_password=new,
            repeat_password=repeat or new,
            **more,
        )

    def assert_changed(self, page):
        self.assertEqual((page.status, page.location), (303, SECURITY + "?done=security_password_done"), page)
        return page

    def works(self, password):
        return self.person().sign_in(self.user, password).status == 303

    def own_id(self):
        return self.site.ctl_json("user", "show", self.user)["id"]

    def audited(self, target):
        """(action, actor) of all that was done to it."""
        with opened(self.site.db) as connection:
            return connection.execute(
                "SELECT action, actor FROM audit_log WHERE object = ? ORDER BY id", (target,)
            ).fetchall()

    def prolong_block(self):
        """What guesses at the user's password wait for: too long to be over before the next request."""
        digest = hashlib.sha256(f"account\n{self.own_id()}".encode()).digest()
        subject = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        with opened(self.site.db) as connection:
            sql = "UPDATE failed_attempts SET blocked_until = blocked_until + 600 WHERE subject_hash = ?"
            self.assertEqual(connection.execute(sql, (subject,)).rowcount, 1)

    def form_of(self, page, button):
        return [form for form in page.forms if any(name == button for _, name, _ in form.buttons)]


class ChangePassword(SecurityCase):
    def test_the_new_password_works_and_the_old_one_does_not(self):
        person = self.signed_in(self.user)
        page = self.assert_changed(self.change(person))
        self.assertIn("Your password is changed", person.follow(page).text)
        self.assertTrue(self.works(NEW))
        self.assertFalse(self.works(PASSWORD))

    def test_this_browser_stays_signed_in_under_a_new_cookie(self):
        person = self.signed_in(self.user)
        stolen = person.copy()
        self.assert_changed(self.change(person))
        self.assertNotEqual(person.cookies[COOKIE], stolen.cookies[COOKIE])
        self.assertTrue(self.is_signed_in(person))
        self.assertFalse(self.is_signed_in(stolen))

    def test_other_sessions_and_refresh_tokens_end(self):
        person, other = self.signed_in(self.user), self.signed_in(self.user)
        code = self.site.remember(self.authorized(other).query()["code"])
        tokens = self.given(self.redeem(code))
        self.assert_changed(self.change(person))
        self.assertFalse(self.is_signed_in(other))
        self.refused(self.refresh(tokens["refresh_token"]))

    def test_what_ends_is_said_before_the_button(self):
        body = self.signed_in(self.user).open(SECURITY).answer.body.decode()
        self.assertLess(body.index("All other sessions will end"), body.index(">Change password<"))

    def test_a_wrong_current_password_is_400_with_the_form_and_changes_nothing(self):
        person, other = self.signed_in(self.user), self.signed_in(self.user)
        page = self.assert_page(self.change(person, "not the password"), 400)
        self.assertEqual(page.alert, "The current password is not right.")
        self.assertEqual(self.password_form(page).fields["current_password"], "")
        self.assertTrue(self.is_signed_in(other))
        self.assertTrue(self.works(PASSWORD))
        self.assert_changed(self.change(person, form=self.password_form(page)))

    def test_a_new_password_that_people_may_not_have_is_400_with_the_reason_at_its_field(self):
        person = self.signed_in(self.user)
        for password, repeat, words in (
            ("short", None, "8 to 128"),
            ("xy" * 65, None, "8 to 128"),
            ("violet\tharbour", None, "line breaks"),
            ("password123", None, "first that are guessed"),
            (NEW, NEW + "!", "differ"),
        ):
            with self.subTest(password[:12]):
                page = self.assert_page(self.change(person, PASSWORD, password, repeat), 400)
                self.assertIn(words, page.alert)
                body = page.answer.body.decode()
                self.assertNotIn(password, body)
                self.assertNotIn(PASSWORD, body)
        self.assertTrue(self.works(PASSWORD))

    def test_guesses_at_the_current_password_are_throttled_with_those_at_the_sign_in_page(self):
        person = self.signed_in(self.user)
        statuses = [self.change(person, f"guess number {i}").status for i in range(6)]
        self.assertEqual(statuses, [400] * 5 + [429])
        self.prolong_block()
        page = self.change(person)
        self.assertEqual(page.status, 429)
        self.assertGreaterEqual(int(page.answer.field("Retry-After")), 1)
        self.assertIn("Too many attempts", page.alert)
        self.assertEqual(self.person().sign_in(self.user, PASSWORD).status, 429)

    def test_the_form_needs_its_csrf_token(self):
        person, other = self.signed_in(self.user), self.signed_in(self.user)
        theirs = other.open(SECURITY).form("/logout").fields["csrf_token"]
        for token, status in ((None, 400), ("x", 403), (theirs, 403)):
            self.assert_error_page(self.change(person, csrf_token=token), status)
        self.assertTrue(self.works(PASSWORD))

    def test_the_audit_log_names_the_user(self):
        person = self.signed_in(self.user)
        self.assert_changed(self.change(person))
        actor = "user:" + self.own_id()
        self.assertIn(("user.change_password", actor), self.audited(actor))

    def test_a_user_without_a_password_is_told_how_to_get_one(self):
        person = self.signed_in(self.user)
        with opened(self.site.db) as connection:
            connection.execute("UPDATE users SET password_hash = NULL WHERE username = ?", (self.user,))
        page = self.assert_page(person.open(SECURITY))
        self.assertIn("ask an administrator of this site for a reset link", page.text)
        self.assertNotIn('type="password"', page.answer.body.decode())
        token = page.form("/logout").fields["csrf_token"]
        fields = {"csrf_token": token, "current_password": "", "new_password": NEW, "repeat_password": NEW}
        self.assert_page(person.post(SECURITY, fields), 400)
        self.assertFalse(self.works(NEW))

    def test_it_speaks_french(self):
        person = self.signed_in(self.user)
        person.headers["Accept-Language"] = "fr"
        page = self.change(person, "not the password")
        self.assertEqual((page.language, page.alert), ("fr", "Le mot de passe actuel est incorrect."))


class Sessions(SecurityCase):
    def test_each_session_has_its_device_its_address_and_its_times(self):
        person = self.person()
        person.headers["User-Agent"] = FIREFOX
        person.sign_in(self.user, PASSWORD)
        self.signed_in(self.user)
        page = self.assert_page(person.open(SECURITY))
        for words in ("Firefox on Linux", person.headers["X-Forwarded-For"], "just now", "Unknown device"):
            self.assertIn(words, page.text)
        self.assertEqual(page.answer.body.decode().count("<time datetime="), 4)

    def test_this_session_is_marked_and_has_no_button(self):
        page = self.signed_in(self.user).open(SECURITY)
        self.assertEqual(page.text.count("This one"), 1)
        self.assertEqual(self.form_of(page, "revoke"), [])
        self.assertEqual(self.form_of(page, "revoke_all"), [])

    def test_ended_sessions_and_those_of_others_are_not_shown(self):
        person, ended = self.signed_in(self.user), self.signed_in(self.user)
        ended.submit(ended.open("/logout").form("/logout"))
        self.signed_in(self.fresh_user())
        self.assertEqual(person.open(SECURITY).answer.body.decode().count("<tr>"), 2)

    def test_one_session_is_signed_out(self):
        person = self.signed_in(self.user)
        (own,) = self.sessions()
        other = self.signed_in(self.user)
        (other_id,) = [one["id"] for one in self.sessions() if one["id"] != own["id"]]
        third = self.signed_in(self.user)
        page = person.open(SECURITY)
        form = page.form(f"/sessions/{other_id}/")
        done = person.submit(form, "yes")
        self.assertEqual((done.status, done.location), (303, SECURITY + "?done=session_revoked"))
        self.assertIn("That session is signed out.", person.follow(done).text)
        still = [self.is_signed_in(one) for one in (person, other, third)]
        self.assertEqual(still, [True, False, True])
        actor = "user:" + self.own_id()
        self.assertIn(("session.revoke", actor), self.audited("session:" + other_id))

    def test_all_others_are_signed_out_and_this_one_stays(self):
        person, other, third = (self.signed_in(self.user) for _ in range(3))
        stranger = self.signed_in()
        (form,) = self.form_of(person.open(SECURITY), "revoke_all")
        done = person.submit(form, "yes")
        self.assertEqual((done.status, done.location), (303, SECURITY + "?done=sessions_revoked"))
        self.assertTrue(self.is_signed_in(person))
        self.assertFalse(self.is_signed_in(other))
        self.assertFalse(self.is_signed_in(third))
        self.assertEqual(stranger.open(SECURITY).status, 200)

    def test_anothers_session_is_not_found_exactly_as_an_unknown_one(self):
        victim, attacker = self.signed_in(self.user), self.signed_in()
        (session,) = self.sessions()
        token = attacker.open(SECURITY).form("/logout").fields["csrf_token"]
        seen = set()
        for word in (session["id"], "x" * 22):
            page = attacker.post(f"{SECURITY}sessions/{word}/", {"csrf_token": token, "revoke": "yes"})
            self.assert_error_page(page, 404)
            seen.add(page.text.rpartition("Request")[0])
        self.assertEqual(len(seen), 1)
        self.assertTrue(self.is_signed_in(victim))

    def test_signing_out_needs_post_the_button_and_the_csrf_token(self):
        person, other = self.signed_in(self.user), self.signed_in(self.user)
        (form,) = self.form_of(person.open(SECURITY), "revoke")
        (all_others,) = self.form_of(person.open(SECURITY), "revoke_all")
        self.assertEqual(person.open(form.action, revoke="yes").status, 303)
        self.assertEqual(person.open(SECURITY, revoke_all="yes").status, 200)
        self.assert_error_page(person.submit(form), 400)
        for token, status in ((None, 400), ("x", 403)):
            self.assert_error_page(person.submit(form, "yes", csrf_token=token), status)
            self.assert_error_page(person.submit(all_others, "yes", csrf_token=token), status)
        self.assertTrue(self.is_signed_in(other))

    def test_signing_out_this_very_session_leads_to_sign_in(self):
        person = self.signed_in(self.user)
        (session,) = self.sessions()
        token = person.open(SECURITY).form("/logout").fields["csrf_token"]
        form = {"csrf_token": token, "revoke": "yes"}
        page = person.post(f"{SECURITY}sessions/{session['id']}/", form)
        self.assertEqual(page.status, 303)
        self.assertFalse(self.is_signed_in(person))

    def test_many_sessions_are_shown_20_at_a_time(self):
        person = self.signed_in(self.user)
        with opened(self.site.db) as connection:
            for i in range(24):
                connection.execute(
                    "INSERT INTO sessions (id, session_hash, user_id, remember, created_at, last_seen_at,"
                    " expires_at) SELECT ?, ?, user_id, remember, created_at, last_seen_at, expires_at FROM sessions"
                    " WHERE user_id = ? LIMIT 1",
                    (f"planted-{self.user}-{i}", f"planted-{self.user}-{i}", self.own_id()),
                )
        first = person.open(SECURITY)
        self.assertIn("1–20 of 25", first.text)
        self.assertIn(SECURITY + "?page=2", first.links)
        second = person.open(SECURITY + "?page=2")
        self.assertIn("21–25 of 25", second.text)
        self.assertEqual(len(self.form_of(second, "revoke")), 5)
        for odd in ("0", "-1", "x", "99", ""):
            self.assert_page(person.open(SECURITY, page=odd))

    def test_what_a_browser_says_of_itself_stays_text(self):
        person = self.person()
        person.headers["User-Agent"] = "<b>Firefox/1</b> Windows"
        person.sign_in(self.user, PASSWORD)
        self.assertIn("Firefox on Windows", person.open(SECURITY).text)
        self.assertNotIn("<b>Firefox", person.open(SECURITY).answer.body.decode())
