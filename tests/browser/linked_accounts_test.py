"""Signing in with providers, linked accounts: how it looks and where its forms may lead. Nobody answers at the
providers here."""

import base64
import hashlib
import json
import secrets
import string
import time

from harness.planted import opened

from page_case import HOME, PageCase, PASSWORD

LINKED = "/account/settings/linkedaccounts/"
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5" fill="#69c"/></svg>'
)


class LinkedAccounts(PageCase):
    @classmethod
    def populate(cls):
        super().populate()
        icon = cls.site.folder / "icon.svg"
        icon.write_text(ICON)
        where = ("--authorize-url", "http://127.0.0.1:1/authorize", "--token-url", "http://127.0.0.1:1/token")
        cls.provider("github", "github", *where, "--icon", str(icon))
        cls.provider("orcid", "orcid", *where, "--description", "The iD that you publish with.")
        cls.provider("storage", "github", *where, "--title", "Cloud storage", "--link-only")
        cls.provider("uni", "github", *where, "--title", "University of the Northern Islands", "--signup", "ask")
        cls.site.ctl("user", "create", "josiah", "--password-from", "-", stdin=PASSWORD)
        cls.provider("old", "github", *where, "--title", "Former campus")
        for provider, subject in (("github", "583231"), ("storage", "77"), ("old", "4711")):
            cls.link("josiah", provider, subject)
        cls.site.ctl("provider", "disable", "old")

    @classmethod
    def provider(cls, name, preset, *flags):
        secret = cls.site.remember("provider-secret-of-" + name)
        base = ("--preset", preset, "--client-id", "our-id", "--secret-from", "-")
        cls.site.ctl("provider", "create", name, *base, *flags, stdin=secret)

    @classmethod
    def link(cls, user, provider, subject):
        with opened(cls.site.db) as connection:
            connection.execute(
                "INSERT INTO remote_accounts (id, provider, subject, user_id, username, created_at, last_used_at)"
                " VALUES (?, ?, ?, (SELECT id FROM users WHERE username = ?), 'octocat', ?, ?)",
                (secrets.token_hex(11), provider, subject, user, int(time.time()), int(time.time())),
            )

    def ask_to_sign_up(self, window):
        """As a callback does for somebody who is nobody here."""
        cookie = "".join(secrets.choice(string.ascii_letters) for _ in range(43))
        window.take_cookies({"oauth2d_session": cookie})
        name = self.hash("anonymous\n" + cookie)
        secret = self.site.remember(secrets.token_urlsafe(32))
        profile = {"username": "josiah", "name": "Josiah Carberry", "email_verified": False}
        now = int(time.time())
        with opened(self.site.db) as connection:
            connection.execute(
                "INSERT INTO signups (signup_hash, session_name, provider, subject, profile, next, remember,"
                " created_at, expires_at) VALUES (?, ?, 'uni', '42', ?, '/device', 0, ?, ?)",
                (self.hash(secret), name, json.dumps(profile), now, now + 600),
            )
        window.open("/oauth/signup/uni?signup=" + secret)

    def hash(self, text):
        return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")

    def pages(self, window):
        window.open("/login?next=/device")
        yield "sign-in-with-providers"
        self.ask_to_sign_up(window)
        yield "sign-up"
        window.do("fill", "#username", "alice")
        window.do("fill", "#email", "alice@example.org")
        window.do("go", "button.primary")
        self.assertIn("/oauth/signup/uni", window.url)
        yield "sign-up-refused"
        window.open("/oauth/authorized/github?state=x")
        yield "provider-failure"
        window.open("/login")
        window.sign_in("josiah", PASSWORD)
        self.assertEqual(window.url, self.site.issuer + HOME)
        window.open(LINKED)
        yield "linked-accounts"
        window.open("/oauth/login/uni")
        yield "linked-account-new"

    def test_every_page_fits_and_keeps_nobody_out_in_light_and_dark(self):
        window = self.window()
        for name in self.pages(window):
            with self.subTest(name):
                self.look_at(window, name)

    def test_every_page_speaks_french_and_fits_on_a_phone(self):
        window = self.window(locale="fr-FR", viewport={"width": 360, "height": 740})
        for name in self.pages(window):
            with self.subTest(name):
                self.look_at(window, name, "fr-FR")
