"""In a real browser, from the button to the linked account and back out again."""

import pathlib
import sys

BROWSER = pathlib.Path(__file__).resolve().parents[1] / "browser"
sys.path.append(str(BROWSER))  # for what its tests share

from chromium import Window
from remote_case import GitHub, HOME, LINKED, RemoteCase


class ChromiumCase(RemoteCase):
    def window(self, **options):
        window = Window(self.issuer, **options)
        self.addCleanup(window.close)
        self.addCleanup(self.assert_clean, window)
        return window

    def assert_clean(self, window):
        self.assertEqual(window.policy_refusals(), [])
        self.assertEqual(window.events("error"), [])

    def name_on(self, window):
        """Of whoever is signed in."""
        return window.look("document.querySelector('header b').textContent")


class InChromium(ChromiumCase):
    @classmethod
    def populate(cls):
        cls.campus = cls.openid()
        cls.add_openid(cls.campus, "EdDSA", "--title", "Campus")
        cls.github = cls.service(GitHub)
        cls.add_github(cls.github)
        cls.add_github(cls.github, "--signup", "ask", "--title", "Asking", name="asking")

    def setUp(self):
        self.sub = self.campus.account(
            self.fresh("sub"), preferred_username=self.fresh("nina"), email=f"{self.fresh()}@example.org",
            email_verified=True, name="Nina New",
        )  # fmt: skip
        type(self).number += 1
        self.github.person(self.number, self.fresh("octo"), f"{self.fresh()}@example.org")

    number = 0

    def at_the_campus(self, window):
        self.assertEqual(window.heading, "Sign in elsewhere")
        window.fill("Who", self.sub)
        window.press_button("Continue")

    def signed_up(self, **options):
        window = self.window(**options)
        window.open(LINKED)
        window.do("go", 'a[href*="/oauth/login/eddsa"]')  # in any language
        self.at_the_campus(window)
        return window

    def test_from_the_button_to_a_second_account_and_out_of_the_first(self):
        window = self.signed_up()
        self.assertTrue(window.url.startswith(self.issuer + LINKED), window.url)
        who = self.name_on(window)
        self.assertIn(who, window.do("textContent", "role=status"))  # the notice
        users = len(self.users())
        self.connect(window, "github")
        self.assertEqual(window.heading, "Authorize for GitHub")
        window.press_button("Authorize")
        self.assertTrue(window.url.startswith(self.issuer + LINKED), window.url)
        self.assertIn(self.github.user["login"], window.text)
        self.assertEqual(set(self.accounts(who)), {"eddsa", "github"})
        self.disconnect(window, "eddsa")
        self.assertEqual(set(self.accounts(who)), {"github"})
        self.disconnect(window, "github")  # the last way to sign in
        self.assertIn("only way to sign in", window.alert)
        self.assertEqual(set(self.accounts(who)), {"github"})
        window.press_button("Sign out")
        window.open("/login")
        window.follow("Continue with GitHub")
        window.press_button("Authorize")
        self.assertEqual(self.name_on(window), who)
        self.assertEqual(len(self.users()), users)

    def connect(self, window, name):
        window.do("go", f'form[action$="/oauth/login/{name}"] button')

    def disconnect(self, window, name):
        window.do("go", f'form[action$="/oauth/disconnect/{name}"] button')

    def test_who_is_signed_up_once_is_known_the_next_time(self):
        first, users = self.signed_up(), len(self.users())
        second = self.signed_up()
        names = [self.name_on(window) for window in (first, second)]
        self.assertEqual((names[0], len(self.users())), (names[1], users))

    def test_deny_leads_back_to_a_page_from_which_one_can_go_on(self):
        window = self.window()
        window.open("/login")
        window.follow("Continue with Campus")
        window.press_button("Deny")
        self.assertTrue(window.url.startswith(self.issuer), window.url)
        self.assertIn("Campus", window.text)
        self.look_at(window, "federation-denied")
        window.do("go", "main a")
        window.follow("Continue with Campus")
        self.at_the_campus(window)
        self.assertIn(HOME, window.url)

    def test_the_form_for_what_is_missing(self):
        window = self.window()
        window.open("/login")
        window.follow("Continue with Asking")
        window.press_button("Authorize")
        self.look_at(window, "federation-signup")
        name = self.fresh("chosen")
        window.do("fill", "input[name=username]", name)
        window.do("go", "main button.primary")
        self.assertEqual(self.name_on(window), name)

    def test_without_scripts(self):
        window = self.signed_up(javaScriptEnabled=False)
        self.assertTrue(window.url.startswith(self.issuer + LINKED), window.url)

    def test_the_pages_keep_nobody_out_and_fit_on_a_phone(self):
        window = self.signed_up()
        self.look_at(window, "linked-accounts")
        window.open("/oauth/login/github")
        self.look_at(window, "federation-link")
        visitor = self.window()
        visitor.open("/login")
        self.look_at(visitor, "login-with-providers")
        french = self.signed_up(locale="fr-FR")
        self.assertEqual(french.look("document.documentElement.lang"), "fr")
        french.screenshot("linked-accounts-fr")

    def look_at(self, window, name):
        self.assertEqual(window.do("count", "h1"), 1)
        for scheme in ("dark", "light"):
            window.do("emulateMedia", {"colorScheme": scheme})
            window.screenshot(f"{name}-{scheme}")
            self.assertEqual(window.audit(), [], scheme)
        size = window.do("viewportSize")
        window.do("setViewportSize", {"width": 360, "height": 740})
        window.screenshot(f"{name}-360")
        widths = window.look("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        self.assertLessEqual(widths[0], widths[1])
        window.do("setViewportSize", size)


class WithoutLocalSignIn(ChromiumCase):
    flags = ("--local-sign-in", "false")

    @classmethod
    def populate(cls):
        cls.github = cls.service(GitHub)
        cls.add_github(cls.github)

    def test_the_only_provider_is_where_one_lands_and_its_sign_out_stays_signed_out(self):
        login = self.fresh("octo")
        self.github.person(1, login)
        window = self.window()
        window.open(LINKED)
        self.assertEqual(window.heading, "Authorize for GitHub")
        window.press_button("Authorize")
        self.assertTrue(window.url.startswith(self.issuer + LINKED), window.url)
        self.assertEqual(self.name_on(window), login)
        window.press_button("Sign out")
        self.assertTrue(window.url.startswith(self.issuer), window.url)
        window.follow("Sign in")
        self.assertEqual(window.heading, "Authorize for GitHub")
