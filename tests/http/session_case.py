"""What the tests of browser sessions share."""

import itertools

from harness.planted import opened

from browser_case import BrowserCase

COOKIE = "oauth2d_session"


class SessionCase(BrowserCase):
    flags = ("--trusted-proxies", "127.0.0.1")
    cookie = COOKIE
    people = itertools.count(1)

    def setUp(self):
        self.user = self.fresh_user()

    def person(self, language=None):
        """Each at an address of its own, so that no test's failures slow another's sign-in."""
        person = super().person(language)
        number = next(self.people)
        person.headers["X-Forwarded-For"] = f"198.18.{number // 250}.{number % 250 + 1}"
        return person

    def sessions(self, *flags):
        return self.site.ctl_json("session", "list", "--user", self.user, *flags)

    def rows(self):
        with opened(self.site.db) as connection:
            return connection.execute("SELECT count(*) FROM sessions").fetchone()[0]

    def change_sessions(self, sql):
        with opened(self.site.db) as connection:
            connection.execute(
                f"UPDATE sessions SET {sql} WHERE user_id = (SELECT id FROM users WHERE username = ?)",
                (self.user,),
            )

    def is_signed_in(self, person):
        page = person.copy().open("/logout")
        if page.location:
            self.assertTrue(page.location.endswith("/login"), page)
            return False
        self.assertIn(self.user, page.text)
        return True

    def set_cookie(self, page):
        """The cookie that the answer sets: value and attributes."""
        field = page.answer.field("Set-Cookie")
        self.assertIsNotNone(field, page.answer)
        pair, *attributes = [part.strip() for part in field.split(";")]
        name, _, value = pair.partition("=")
        self.assertEqual(name, self.cookie)
        return value, attributes
