"""A person's own pages in a real browser: what is theirs, what they allowed, and taking it back."""

import time

from chromium import Window
from consumer_test import Consumer
from harness.person import Person
from harness.planted import execute_many
from page_case import HOME, PASSWORD, PageCase

SECURITY = "/account/settings/security/"
NEW = "a much better sentence"
LONG = "Long" * 9 + "-and"


class OwnPages(PageCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.long = cls.client(LONG)

    def setUp(self):
        self.name = self.fresh_person()
        self.user_id = self.site.ctl_json("user", "show", self.name)["id"]

    def allow(self, client=None, **more):
        """As the person would, in another browser."""
        person = Person(self.server.http)
        person.sign_in(self.name, PASSWORD)
        page = person.open(self.request(client, **more))
        self.site.remember(person.submit(page.form("/oauth/authorize"), "yes").query()["code"])

    def fill(self):
        """Something in each panel, and of some more than a page."""
        self.client("Field Notes", "--owner", self.name)
        self.client(LONG, "--owner", self.name, "--public")
        self.site.ctl("client", "disable", self.client("Pocket", "--owner", self.name).id)
        scopes = ("--scope", "records:read", "--scope", "records:write")
        for name, *flags in (("laptop", "--expires-in", "3d"), ("cron",), (LONG,)):
            self.site.personal_token(self.name, name, *scopes, *flags)
        now, ids = int(time.time()), [f"{self.name}-{i}" for i in range(30)]
        execute_many(
            self.site,
            "INSERT INTO tokens (id, token_hash, kind, user_id, name, scope, internal, created_at,"
            " expires_at) VALUES (?, ?, 'personal', ?, ?, 'records:read', 0, ?, ?)",
            [(word, word, self.user_id, f"backup {i}", now - 99, now - 9) for i, word in enumerate(ids)],
        )
        self.allow()
        self.allow(self.long, scope="records:read records:write")

    def links(self, window, word):
        return window.look(f"[...document.querySelectorAll('a[href*=\"{word}\"]')].map((a) => a.pathname)")


class Look(OwnPages):
    """The pictures are in build/screenshots."""

    def pages(self, window):
        window.open(HOME)
        yield "applications-empty"
        self.fill()
        window.open(HOME)
        yield "applications-full"
        view = self.links(window, "/view/")[0]
        window.open(view)
        yield "authorized"
        window.open(view.replace("/view/", "/revoke/"))
        yield "authorized-revoke"
        window.open(SECURITY)
        yield "security-own"

    def test_every_page_fits_and_keeps_nobody_out_in_light_and_dark(self):
        window = self.signed_in(self.name)
        for name in self.pages(window):
            with self.subTest(name):
                self.look_at(window, name)

    def test_every_page_speaks_french_and_fits_in_it(self):
        window = self.signed_in(self.name, locale="fr-FR", viewport={"width": 360, "height": 740})
        for name in self.pages(window):
            with self.subTest(name):
                self.look_at(window, name, "fr-FR")

    def test_every_page_fits_with_large_letters_on_a_small_phone(self):
        window = self.signed_in(self.name, viewport={"width": 320, "height": 740})
        for name in self.pages(window):
            with self.subTest(name):
                window.look("document.documentElement.style.fontSize = '150%'")
                self.assert_fits(window)

    def test_links_and_buttons_are_large_enough_for_a_thumb(self):
        window = self.signed_in(self.name, viewport={"width": 360, "height": 740})
        small = (
            "[...document.querySelectorAll('button, .button, .rows a')]"
            ".filter((part) => part.getBoundingClientRect().height < 44).map((part) => part.outerHTML)"
        )
        for name in self.pages(window):
            with self.subTest(name):
                self.assertEqual(window.look(small), [])


class Stories(OwnPages):
    def test_an_application_is_allowed_found_revoked_and_has_to_ask_again(self):
        shop = self.site.client(
            "My shop", "--grant", "authorization_code", "--grant", "refresh_token",
            "--redirect-uri", "http://127.0.0.1/authorized", "--scope", "records:read",
        )  # fmt: skip
        consumer = Consumer(self.site.issuer, shop)
        self.addCleanup(consumer.stop)
        application = Window(consumer.url)
        self.addCleanup(application.close)
        application.open("/")
        application.press_button("Sign in with oauth2d")
        application.sign_in(self.name, PASSWORD)
        application.press_button("Allow")
        application.wait_for("You are signed in.")
        own = Window(self.site.issuer, application.do("another"))
        own.open(HOME)
        own.follow("My shop")
        self.assertEqual(own.heading, "My shop")
        self.assertIn("Read your records", own.text)
        own.follow("Revoke…")
        self.assertEqual(own.heading, "Revoke access of My shop?")
        own.press_button("Revoke access")
        notice = own.do("textContent", "role=status")
        self.assertEqual(notice, "Access is revoked. The application is signed out.")
        self.assertEqual(own.do("count", "text=My shop"), 0)
        application.press_button("Call the API")
        application.wait_for("no longer lets this application act for you")
        application.follow("Back")
        application.press_button("Sign in with oauth2d")
        self.assertIn("asks for access", application.heading)

    def test_a_new_password_signs_another_browser_out(self):
        own, other = self.signed_in(self.name), self.signed_in(self.name)
        other.open(HOME)
        own.open(SECURITY)
        self.site.remember(NEW)
        for label, text in (("Current password", PASSWORD), ("New password again", NEW)):
            own.fill(label, text)
        own.do("fill", "#new_password", NEW)
        own.press_button("Change password")
        self.assertIn("Your password is changed", own.do("textContent", "role=status"))
        other.open(HOME)
        self.assertTrue(other.url.startswith(self.site.issuer + "/login?"), other.url)
        other.sign_in(self.name, NEW)
        self.assertEqual(other.url, self.site.issuer + HOME)

    def test_many_tokens_are_leafed_through_while_the_other_panels_stay(self):
        self.fill()
        window = self.signed_in(self.name)
        window.open(HOME)
        self.assertIn("1–20 of 33", window.text)
        window.follow("Next")
        self.assertTrue(window.url.endswith("?tokens=2#tokens"), window.url)
        self.assertIn("21–33 of 33", window.text)
        self.assertIn("Field Notes", window.text)
        window.follow("Previous")
        self.assertIn("1–20 of 33", window.text)

    def test_all_of_it_works_without_scripts(self):
        self.allow()
        window = self.signed_in(self.name, javaScriptEnabled=False)
        window.open(HOME)
        window.follow("Records")
        window.follow("Revoke…")
        window.follow("Cancel")
        window.follow("Revoke… Records")
        window.press_button("Revoke access")
        self.assertIn("You have allowed no application.", window.text)

    def test_nothing_is_revoked_by_a_careless_enter(self):
        self.allow()
        window = self.signed_in(self.name)
        window.open(HOME)
        window.follow("Revoke… Records")
        window.key("Enter")
        window.open(HOME)
        self.assertEqual(window.do("count", 'role=link[name="Records"]'), 1)


class KeyboardOnly(OwnPages):
    def tab_to(self, window, text):
        for _ in range(40):
            if " ".join(window.focused().split()) == text:
                style = window.look("getComputedStyle(document.activeElement).outlineStyle")
                return self.assertNotEqual(style, "none")
            window.key("Tab")
        self.fail(f"Tab does not lead to {text!r}: it is at {window.focused()!r}")

    def press(self, window, text, shown, key="Enter"):
        self.tab_to(window, text)
        window.key(key)
        window.wait_for(shown)

    def allow_by_keys(self, window):
        self.assertEqual(window.focused(), "username")
        window.type(self.name)
        window.key("Tab")
        window.type(PASSWORD)
        window.key("Enter")
        window.wait_for("asks for access")
        self.press(window, "confirm", "Back in the application", "Space")

    def change_password_by_keys(self, window):
        self.tab_to(window, "current_password")
        for word in (PASSWORD, NEW, NEW):
            window.type(self.site.remember(word))
            window.key("Tab")
        self.press(window, "Change password", "Your password is changed")

    def test_from_the_first_sign_in_to_a_new_password_the_keyboard_is_enough(self):
        window = self.window()
        window.open(self.request())
        self.allow_by_keys(window)
        window.open(HOME)
        self.press(window, "Skip to the content", "Authorized applications")
        self.press(window, "Records", "Permissions")
        self.press(window, "Revoke…", "Revoke access of Records?")
        self.press(window, "revoke", "Access is revoked.", "Space")
        self.press(window, "Security", "Change your password")
        self.change_password_by_keys(window)
        window.open(self.request())
        self.assertIn("asks for access", window.heading)
