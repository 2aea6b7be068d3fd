"""What the tests of the consent page share."""

from harness.planted import opened

from browser_case import BrowserCase
from grant_case import BOTH, CALLBACK, SCOPES


class ConsentCase(BrowserCase):
    """Each test has a user of its own, so that none remembers the consent of another."""

    @classmethod
    def populate(cls):
        super().populate()
        cls.first_party = cls.site.client("first party", *BOTH, *SCOPES, "--skip-consent")

    def setUp(self):
        self.user = self.fresh_user()
        self.person_id = self.site.ctl_json("user", "show", self.user)["id"]
        self.browser = self.signed_in(self.user)

    def consent(self, person=None, client=None, **changes):
        """The consent page, which must come."""
        page = self.ask_for_code(person or self.browser, client, **changes)
        self.assert_page(page)
        self.assertEqual(page.form("/oauth/authorize").method, "post")
        return page

    def deny(self, person, page):
        return person.submit(page.form("/oauth/authorize"), "no")

    def got_code(self, page, callback=CALLBACK):
        self.assertEqual(page.status, 303, page)
        self.assertTrue(page.location.startswith(callback + "?"), page)
        return self.site.remember(page.query()["code"])

    def assert_nothing_given(self, page, *statuses):
        """An answer to the person, and neither a code nor a remembered consent."""
        self.assert_page(page, page.status)
        self.assertIn(page.status, statuses or (400, 403))
        self.assertEqual(self.codes(), 0)
        self.assertEqual(self.grants(), [])

    def codes(self):
        with opened(self.site.db) as connection:
            rows = connection.execute(
                "SELECT count(*) FROM authorization_codes WHERE user_id = ?", (self.person_id,)
            )
            return rows.fetchone()[0]

    def grants(self):
        return self.site.ctl_json("grant", "list", "--user", self.user)

    def change_rows(self, sql, parameters=()):
        with opened(self.site.db) as connection:
            connection.execute(sql, parameters)
