"""What the tests of the pages for personal tokens share."""

import html
import re
import time

from harness.planted import id_of, opened

from session_case import SessionCase

APPLICATIONS = "/account/settings/applications/"
NEW = APPLICATIONS + "tokens/new/"
DAY = 86400
SECRET = re.compile(r"o2p_[0-9A-Za-z]{20,}")


def path_of(token):
    """The page of a token, by the token itself."""
    return f"{APPLICATIONS}tokens/{id_of(token)}/"


def end_of(day):
    """The last second in UTC of a day, as YYYY-MM-DD."""
    return int(time.mktime(time.strptime(day + " UTC", "%Y-%m-%d %Z"))) - time.timezone + DAY - 1


def day_in(days):
    """Which it stays for a while: in the last seconds before midnight the next day is waited for."""
    left = DAY - time.time() % DAY
    if left < 30:
        time.sleep(left + 0.1)
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + days * DAY))


class OwnTokenCase(SessionCase):
    @classmethod
    def populate(cls):
        super().populate()
        records = ("--group", "Records")
        cls.site.ctl("scope", "create", "records:read", "--description", "Read your records", *records)
        cls.site.ctl("scope", "create", "records:write", "--description", "Change your records", *records)
        cls.site.ctl("scope", "create", "secret:all", "--description", "Rule the world", "--internal")

    def setUp(self):
        super().setUp()
        self.me = self.signed_in(self.user)

    def ask(self, person=None, **fields):
        """Fills in the form for a new token and sends it."""
        person = person or self.me
        page = person.submit(person.open(NEW).form(NEW), **{"name": "t", **fields})
        for token in SECRET.findall(page.answer.body.decode()):
            self.site.remember(token)
        return page

    def shown(self, page, field="token"):
        """What the page shows just once."""
        self.assert_page(page, 200)
        pattern = rf'id="{field}" (?:value="([^"]*)"|rows="2"[^>]*>\n([^<]*)<)'
        ((short, long),) = re.findall(pattern, page.answer.body.decode())
        value = short or long
        return self.site.remember(html.unescape(value))

    def made(self, **fields):
        """A new token, by the page."""
        return self.shown(self.ask(**fields))

    def plant(self, *flags, user=None, name="planted"):
        """A new token, by oauth2ctl."""
        return self.site.personal_token(user or self.user, name, *flags)

    def open(self, token, person=None):
        return self.assert_page((person or self.me).open(path_of(token)))

    def form_with(self, page, button):
        (found,) = [form for form in page.forms if any(name == button for _, name, _ in form.buttons)]
        return found

    def press(self, token, button, **fields):
        """Opens the token's page, fills in the form of the button, and presses it."""
        page = self.open(token) if button != "delete" else self.me.open(path_of(token) + "delete/")
        return self.me.submit(self.form_with(page, button), "yes", **fields)

    def csrf(self, person=None):
        return (person or self.me).open("/account/settings/security/").form("/logout").fields["csrf_token"]

    def by_hand(self, path, person=None, **fields):
        """A POST that no form of ours leads to."""
        return (person or self.me).post(path, {"csrf_token": self.csrf(person), **fields})

    def rows(self):
        """All tokens, with all that may be changed of them."""
        with opened(self.site.db) as connection:
            return connection.execute(
                "SELECT id, name, scope, expires_at, revoked_at, rotated_at, lifetime FROM tokens ORDER BY id"
            ).fetchall()

    def change_row(self, token, sql):
        with opened(self.site.db) as connection:
            connection.execute(f"UPDATE tokens SET {sql} WHERE id = ?", (id_of(token),))

    def info(self, token):
        answer = self.bearer(token, "/oauth/info")
        return answer.json() if answer.status == 200 else answer.status

    def assert_unchanged(self, act):
        before = self.rows()
        answer = act()
        self.assertEqual(self.rows(), before)
        return answer

    def assert_refused(self, page, words, field=None):
        """400 with the reason at its field; nothing is shown that should not be."""
        self.assert_page(page, 400)
        self.assertIn(words, page.alert)
        if field:
            self.assertIn(f'id="{field}_error"', page.answer.body.decode())
        self.assertIsNone(SECRET.search(page.answer.body.decode()))
        return page
