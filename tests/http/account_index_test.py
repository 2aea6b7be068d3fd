"""The page of what is a user's own: applications registered, personal tokens, applications allowed."""

import re
import time

from harness.planted import execute_many, opened

from grant_case import BOTH, SCOPES
from session_case import SessionCase

APPLICATIONS = "/account/settings/applications/"
PANELS = ("clients", "tokens", "authorized")
DAY = 86400
NAMES = re.compile(r'<th scope="row"><a href="([^"]*)">([^<]*)</a>')


class IndexCase(SessionCase):
    def setUp(self):
        super().setUp()
        self.user_id = self.site.ctl_json("user", "show", self.user)["id"]
        self.browser = self.signed_in(self.user)

    def open(self, **query):
        return self.assert_page(self.browser.open(APPLICATIONS, **query))

    def panel(self, name, page=None):
        """Its HTML; None where it is not shown."""
        body = (page or self.open()).answer.body.decode()
        parts = body.split(f'<section class="panel" aria-labelledby="{name}">')
        return parts[1].split("</section>")[0] if len(parts) > 1 else None

    def rows(self, name, page=None):
        """The names in a panel, in their order."""
        return [shown for _, shown in NAMES.findall(self.panel(name, page))]

    def own_client(self, name, *flags):
        return self.site.client(name, "--owner", self.user, *BOTH, *SCOPES, *flags)

    def own_token(self, name, *flags):
        self.site.personal_token(self.user, name, *flags)
        tokens = self.site.ctl_json("token", "list", "--user", self.user)
        return next(token["id"] for token in tokens if token["name"] == name)

    def change_token(self, token_id, sql, *values):
        with opened(self.site.db) as connection:
            connection.execute(f"UPDATE tokens SET {sql} WHERE id = ?", (*values, token_id))

    def plant_tokens(self, count):
        now, ids = int(time.time()), [f"{self.user}-t{i}" for i in range(count)]
        execute_many(
            self.site,
            "INSERT INTO tokens (id, token_hash, kind, user_id, name, scope, internal, created_at)"
            " VALUES (?, ?, 'personal', ?, ?, 'read', 0, ?)",
            [(word, word, self.user_id, f"token-{i}", now) for i, word in enumerate(ids)],
        )

    def plant_consents(self, count):
        """As many applications, which the user has all allowed."""
        now = int(time.time())
        clients = [(f"{self.user}-c{i}", f"{self.user} {i}", now, now, self.web.id) for i in range(count)]
        with opened(self.site.db) as connection:
            columns = connection.execute("SELECT * FROM clients WHERE id = ?", (self.web.id,)).description
            others = ", ".join(
                name for name, *_ in columns if name not in ("id", "name", "created_at", "updated_at")
            )
        execute_many(
            self.site,
            f"INSERT INTO clients (id, name, created_at, updated_at, {others})"
            f" SELECT ?, ?, ?, ?, {others} FROM clients WHERE id = ?",
            clients,
        )
        execute_many(
            self.site,
            "INSERT INTO consents (id, user_id, client_id, scope, created_at, updated_at)"
            " VALUES (?, ?, ?, 'read', ?, ?)",
            [(f"{client_id}-k", self.user_id, client_id, now, now) for client_id, *_ in clients],
        )


class Empty(IndexCase):
    def test_each_empty_panel_says_what_it_is_for_and_how_to_begin(self):
        page = self.open()
        for name, words in (
            ("clients", "Register one when you build a program"),
            ("tokens", "Make one for a script"),
            ("authorized", "When one asks to act on your behalf"),
        ):
            self.assertIn(words, self.panel(name, page))
            self.assertNotIn("<table", self.panel(name, page))
        for link in ("clients/new/", "tokens/new/"):
            self.assertIn(APPLICATIONS + link, page.links)
        self.assertIn("New application", page.text)
        self.assertIn("New token", page.text)

    def test_it_speaks_french(self):
        self.browser.headers["Accept-Language"] = "fr"
        page = self.open()
        self.assertEqual(page.language, "fr")
        self.assertIn("Enregistrez-en une quand", page.text)
        self.assertIn("Nouveau jeton", page.text)

    def test_what_other_pages_did_is_said_once_and_nothing_else(self):
        for done, words in (
            ("client_deleted", "The application is deleted."),
            ("personal_token_deleted", "The token is deleted."),
            ("authorized_revoked", "Access is revoked. The application is signed out."),
        ):
            self.assertIn(words, self.open(done=done).text)
        self.assertNotIn('role="status"', self.open(done="login_wrong").answer.body.decode())


class Rows(IndexCase):
    def test_own_clients_are_listed_by_name_with_what_they_are(self):
        other = self.own_client("Zebra", "--public")
        client = self.own_client("Antelope")
        panel = self.panel("clients")
        self.assertEqual(self.rows("clients"), ["Antelope", "Zebra"])
        self.assertIn(f'href="{APPLICATIONS}clients/{client.id}/"', panel)
        self.assertIn(f"<code>{client.id}</code>", panel)
        self.assertEqual((panel.count(">Confidential<"), panel.count(">Public<")), (1, 1))
        self.assertNotIn(">Disabled<", panel)
        self.assertEqual(panel.count("<time datetime="), 2)
        self.site.ctl("client", "disable", other.id)
        self.assertIn(">Disabled<", self.panel("clients"))

    def test_own_tokens_are_listed_the_newest_first_with_scopes_and_times(self):
        first = self.own_token("first", "--scope", "read", "--scope", "write")
        second = self.own_token("second")
        self.change_token(first, "created_at = created_at - 100")
        self.change_token(second, "last_used_at = ?", int(time.time()) - 3 * 3600 - 60)
        panel = self.panel("tokens")
        self.assertEqual(self.rows("tokens"), ["second", "first"])
        self.assertIn(f'href="{APPLICATIONS}tokens/{first}/"', panel)
        self.assertIn("<code>read</code> <code>write</code>", panel)
        self.assertIn("3 hours ago", panel)
        self.assertEqual(panel.count(">Never<"), 3)  # both expire, and one was used, never
        self.assertIn(">None<", panel)

    def test_a_token_that_has_expired_or_will_within_a_week_says_so(self):
        now = int(time.time())
        for name, left, badge in (
            ("over", -1, "Expired"),
            ("soon", 6 * DAY, "Soon"),
            ("later", 9 * DAY, None),
            ("forever", None, None),
        ):
            with self.subTest(name):
                token = self.own_token(name)
                self.change_token(token, "expires_at = ?", left and now + left)
                row = self.panel("tokens").split(f">{name}<", 1)[1].split("</tr>")[0]
                self.assertEqual(re.findall(r'class="badge [a-z]+">([^<]*)<', row), [badge] if badge else [])
                self.assertEqual(row.count("Never"), 1 if left else 2)

    def test_an_application_that_was_allowed_is_listed_with_links_to_look_at_and_revoke_it(self):
        self.authorized(self.browser, scope="read write")
        (grant,) = self.site.ctl_json("grant", "list", "--user", self.user)
        panel = self.panel("authorized")
        self.assertEqual(self.rows("authorized"), ["web"])
        self.assertIn("<code>read</code> <code>write</code>", panel)
        self.assertIn("Not in use", panel)
        for word in ("view", "revoke"):
            self.assertIn(f'href="{APPLICATIONS}tokens/{grant["id"]}/{word}/"', panel)
        code = self.site.remember(self.authorized(self.browser).query()["code"])
        self.given(self.redeem(code))
        self.assertIn("just now", self.panel("authorized"))

    def test_many_scopes_are_named_in_part_and_counted(self):
        names = [f"many:{letter}" for letter in "abcdef"]
        self.site.scopes(*names)
        self.own_token("all", *(word for name in names for word in ("--scope", name)))
        panel = self.panel("tokens")
        self.assertEqual(panel.count("<code>"), 4)
        self.assertIn("and 2 more", panel)

    def test_names_stay_text(self):
        name = "<script>alert(1)</script>"
        self.own_client(name)
        self.own_token(name)
        self.authorized(self.browser, client=self.own_client(name + "2"))
        body = self.open().answer.body.decode()
        self.assertNotIn("<script", body)
        self.assertEqual(body.count(">&lt;script&gt;alert(1)&lt;/script&gt;</a>"), 2)
        self.assertEqual(body.count(">&lt;script&gt;alert(1)&lt;/script&gt;2</a>"), 2)


class NotShown(IndexCase):
    def test_what_is_anothers_is_never_listed(self):
        self.own_client("of another")
        self.own_token("of another")
        self.authorized(self.browser)
        self.site.client("of nobody", *BOTH, *SCOPES)
        stranger = self.fresh_user()
        self.browser = self.signed_in(stranger)
        page = self.open()
        self.assertEqual([self.rows(name, page) for name in PANELS], [[], [], []])
        self.assertNotIn("of another", page.text)

    def test_internal_clients_and_tokens_are_not_listed_and_internal_scopes_not_named(self):
        self.site.ctl("scope", "create", "staff", "--internal", "--if-not-exists")
        self.own_client("internal", "--internal", "--scope", "staff")
        self.own_token("internal", "--internal", "--scope", "staff")
        mixed = self.own_token("mixed", "--scope", "read")
        self.change_token(mixed, "scope = 'read staff'")
        client = self.site.client("with staff " + self.user, *BOTH, *SCOPES, "--internal", "--scope", "staff")
        self.authorized(self.browser, client, scope="read staff")
        page = self.open()
        self.assertEqual(self.rows("clients", page), [])
        self.assertEqual(self.rows("tokens", page), ["mixed"])
        self.assertEqual(self.rows("authorized", page), ["with staff " + self.user])
        self.assertNotIn("<code>staff</code>", page.answer.body.decode())
        self.assertEqual(page.answer.body.decode().count("<code>read</code>"), 2)

    def test_revoked_tokens_are_not_listed_and_expired_and_replaced_ones_that_still_work_are(self):
        ids = {name: self.own_token(name) for name in ("revoked", "rotated", "expired")}
        self.site.ctl("token", "revoke", ids["revoked"])
        rotated = self.site.ctl_json("token", "rotate", ids["rotated"], "--overlap", "1h")
        self.site.remember(rotated["token"])
        self.change_token(ids["expired"], "expires_at = 1")
        page = self.open()
        self.assertEqual(sorted(self.rows("tokens", page)), ["expired", "rotated", "rotated"])
        self.assertEqual(page.answer.body.decode().count(">Replaced</span>"), 1)
        self.change_token(ids["rotated"], "expires_at = 1")
        self.assertEqual(sorted(self.rows("tokens")), ["expired", "rotated"])


class Paging(IndexCase):
    def test_200_tokens_are_shown_20_a_page_and_each_on_exactly_one(self):
        self.plant_tokens(200)
        seen = []
        for number in range(1, 11):
            page = self.open(tokens=number)
            self.assertEqual(len(self.rows("tokens", page)), 20)
            self.assertIn(f"{20 * number - 19}–{20 * number} of 200", page.text)
            seen += self.rows("tokens", page)
        self.assertEqual(sorted(seen), sorted(f"token-{i}" for i in range(200)))

    def test_a_page_that_is_not_there_is_the_nearest_one(self):
        self.plant_tokens(41)
        for odd, number in (
            ("0", 1), ("-1", 1), ("x", 1), ("", 1), ("1e9", 1), ("2.", 1), ("<b>", 1),
            ("99999999999999999999999999", 1), ("4", 3), ("99", 3), ("18446744073709551615", 3),
        ):  # fmt: skip
            with self.subTest(odd):
                page = self.open(tokens=odd)
                shown = f"{20 * number - 19}–{min(20 * number, 41)} of 41"
                self.assertIn(shown, page.text)
                self.assertEqual(len(self.rows("tokens", page)), 1 if number == 3 else 20)

    def test_each_panel_has_its_own_page_and_links_keep_the_others(self):
        self.plant_tokens(61)
        self.plant_consents(61)
        page = self.open(tokens=2, authorized=3)
        self.assertIn("21–40 of 61", self.panel("tokens", page))
        self.assertIn("41–60 of 61", self.panel("authorized", page))
        for link in ("?authorized=3&tokens=1#tokens", "?authorized=3&tokens=3#tokens",
                     "?tokens=2&authorized=2#authorized", "?tokens=2&authorized=4#authorized"):  # fmt: skip
            self.assertIn(APPLICATIONS + link, page.links)

    def test_every_application_that_was_allowed_is_on_exactly_one_page(self):
        self.plant_consents(45)
        pages = [self.open(authorized=number) for number in (1, 2, 3)]
        seen = [name for page in pages for name in self.rows("authorized", page)]
        self.assertEqual(sorted(seen), sorted(f"{self.user} {i}" for i in range(45)))

    def test_20_rows_are_one_page_without_links(self):
        self.plant_tokens(20)
        page = self.open()
        self.assertEqual(len(self.rows("tokens", page)), 20)
        self.assertNotIn("paging", page.answer.body.decode())


class ByAdmins(IndexCase):
    flags = (*SessionCase.flags, "--account-applications", "admin", "--account-personal-tokens", "admin")

    def test_users_see_theirs_and_read_that_an_administrator_makes_them(self):
        self.own_client("mine")
        self.own_token("mine")
        page = self.open()
        self.assertEqual((self.rows("clients", page), self.rows("tokens", page)), (["mine"], ["mine"]))
        self.assertIn("registered and changed by an administrator", self.panel("clients", page))
        self.assertIn("made and changed by an administrator", self.panel("tokens", page))
        self.assertEqual([link for link in page.links if "new/" in link], [])


class Off(IndexCase):
    flags = (*SessionCase.flags, "--account-applications", "off", "--account-personal-tokens", "off")

    def test_panels_that_are_off_are_not_shown_and_what_was_allowed_still_is(self):
        self.own_client("mine")
        self.own_token("mine")
        self.authorized(self.browser)
        page = self.open(clients=2, tokens=2)
        self.assertEqual((self.panel("clients", page), self.panel("tokens", page)), (None, None))
        self.assertEqual(self.rows("authorized", page), ["web"])
        self.assertNotIn("mine", page.text)
