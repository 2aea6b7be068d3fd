"""What the tests of remote sign-in share: a site at its issuer's address, providers, a browser for all."""

import re
import secrets
import unittest
import urllib.parse

from harness.case import find_secrets
from harness.http_client import HttpClient
from harness.person import Person
from harness.postgres import free_port
from harness.site import KeyedSite
from openid_provider import ALGORITHMS, OpenidProvider
from services import GitHub, Orcid

PASSWORD = "correct horse battery staple"
HOME = "/account/settings/applications/"
LINKED = "/account/settings/linkedaccounts/"


class Browser:
    """One person's, at all servers of a test: cookies for each, redirects followed from one to the other."""

    def __init__(self, home, language=None):
        self.home = home
        self.language = language
        self.people = {}
        self.origin = home  # of the page that was seen last

    def copy(self):
        """Another window: the same cookies, for now."""
        other = Browser(self.home, self.language)
        other.people = {origin: person.copy() for origin, person in self.people.items()}
        return other

    @property
    def at_home(self):
        return self._person(self.home)

    def _person(self, origin):
        if origin not in self.people:
            self.people[origin] = Person(HttpClient(origin), self.language)
        return self.people[origin]

    def open(self, url, **parameters):
        """GET; no redirect is followed. A path is of our server."""
        parts = urllib.parse.urlsplit(urllib.parse.urljoin(self.home, url))
        self.origin = f"{parts.scheme}://{parts.netloc}"
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        return self._person(self.origin).open(target, **parameters)

    def submit(self, form, button=None, **fields):
        """A form of the page that was seen last."""
        return self._person(self.origin).submit(form, button, **fields)

    def follow(self, page, until=lambda url: False):
        """Through all redirects; the page in the end, or the redirect to an URL that `until` is true of."""
        for _ in range(20):
            if not page.location:
                return page
            url = urllib.parse.urljoin(self.origin + page.target, page.location)
            if until(url):
                return page
            page = self.open(url)
        raise AssertionError(f"redirects without an end, the last to {page.location}")


def is_answer(url):
    """Of a provider, to us."""
    return "/oauth/authorized/" in urllib.parse.urlsplit(url).path


class RemoteCase(unittest.TestCase):
    """`env` and `flags` are the server's."""

    starts_a_minute = 0  # no limit: a class starts many
    flags = ()
    env = None

    @classmethod
    def setUpClass(cls):
        port = free_port()
        cls.issuer = f"http://127.0.0.1:{port}"
        cls.site = KeyedSite(cls.issuer)
        cls.addClassCleanup(cls.site.close)
        cls.site.remember(PASSWORD)
        cls.populate()
        flags = ("--rate-limit-authorize", str(cls.starts_a_minute), *cls.flags)
        cls.server = cls.site.server(*flags, listen=(f"127.0.0.1:{port}",), env=cls.env)
        cls.addClassCleanup(cls._stop_and_search_for_secrets)

    @classmethod
    def populate(cls):
        pass

    @classmethod
    def _stop_and_search_for_secrets(cls):
        """No code, token or secret of a provider may stand in the log or in the database."""
        code = cls.server.stop()
        assert code == 0, f"oauth2d ended with exit code {code}: {cls.server.stderr()}"
        found = find_secrets(cls.site, cls.server.stderr())
        assert not found, f"secrets in plain sight: {found}"

    # Providers.

    @classmethod
    def provider(cls, name, preset, secret, *flags):
        words = ("provider", "create", name, "--preset", preset, "--secret-from", "-")
        cls.site.ctl(*words, *flags, stdin=secret)

    @classmethod
    def callback(cls, name):
        return f"{cls.issuer}/oauth/authorized/{name}"

    @classmethod
    def openid(cls, **options):
        """oidc-provider, with a provider here for each algorithm of ID tokens: eddsa, es256, rs256."""
        callbacks = {name: cls.callback(name.lower()) for name in ALGORITHMS}
        provider = OpenidProvider(callbacks, cls.site.remember, **options)
        cls.addClassCleanup(provider.close)
        return provider

    @classmethod
    def add_openid(cls, provider, algorithm, *flags):
        cls.provider(
            algorithm.lower(), "oidc", provider.secret,
            "--issuer", provider.issuer, "--client-id", algorithm, *flags,
        )  # fmt: skip

    @classmethod
    def service(cls, kind):
        service = kind(cls.site.remember)
        cls.addClassCleanup(service.close)
        return service

    @classmethod
    def add_github(cls, github, *flags, name="github"):
        cls.provider(
            name, "github", github.secret, "--client-id", github.client_id,
            "--authorize-url", github.origin + "/login/oauth/authorize",
            "--token-url", github.origin + "/login/oauth/access_token",
            "--userinfo-url", github.origin + "/user", *flags,
        )  # fmt: skip

    @classmethod
    def add_orcid(cls, orcid, *flags, name="orcid"):
        cls.provider(
            name, "orcid", orcid.secret, "--client-id", orcid.client_id,
            "--authorize-url", orcid.origin + "/oauth/authorize",
            "--token-url", orcid.origin + "/oauth/token", *flags,
        )  # fmt: skip

    # People.

    def browser(self, language=None):
        return Browser(self.issuer, language)

    def fresh(self, word="user"):
        return f"{word}-{secrets.token_hex(4)}"

    def local_user(self, *flags, password=True, name=None):
        """Of the test's own."""
        name = name or self.fresh()
        how = ("--password-from", "-") if password else ("--no-password",)
        self.site.ctl("user", "create", name, *how, *flags, stdin=PASSWORD if password else "")
        return name

    def signed_in(self, username):
        browser = self.browser()
        self.assertEqual(browser.at_home.sign_in(username, PASSWORD).status, 303)
        return browser

    # The way to a provider and back.

    def leave(self, browser, name, **parameters):
        """The provider's page, reached as the button does."""
        return browser.follow(browser.open(f"/oauth/login/{name}", **parameters))

    def leave_to_link(self, browser, name):
        """The provider's page, reached from the page of linked accounts."""
        page = browser.open(LINKED)
        return browser.follow(browser.submit(page.form(f"/oauth/login/{name}")))

    def decide(self, browser, page, confirm="yes", **fields):
        """The redirect back to us, not yet followed."""
        back = browser.follow(browser.submit(page.forms[0], confirm, **fields), is_answer)
        self.assertTrue(back.location and is_answer(back.location), back)
        return back

    def answer(self, browser, name, confirm="yes", link=False, **fields):
        """Where the provider sends the browser back to; `fields`: what its page is filled in with."""
        page = self.leave_to_link(browser, name) if link else self.leave(browser, name)
        return self.decide(browser, page, confirm, **fields).location

    def visit(self, browser, name, confirm="yes", link=False, **fields):
        """The whole way; our answer to what the browser brings back."""
        return browser.open(self.answer(browser, name, confirm, link, **fields))

    # What the tests assert.

    def who(self, browser):
        """The username of whoever is signed in; None for nobody."""
        page = browser.follow(browser.open(LINKED))
        if page.target.startswith("/login"):
            return None
        self.assertEqual(page.status, 200, page)
        found = re.search(r"Signed in as (\S+)", page.text)
        self.assertIsNotNone(found, page)
        return found[1]

    def assert_signed_in(self, browser, page, username=None):
        """By this page; the username."""
        self.assertEqual(page.status, 303, page)
        who = self.who(browser)
        self.assertIsNotNone(who, page)
        if username:
            self.assertEqual(who, username)
        return who

    def assert_failure(self, page, *words, status=400):
        """A page of ours that says what to do next, and no stack trace."""
        self.assertEqual(page.status, status, page)
        self.assertTrue(page.answer.field("Content-Type").startswith("text/html"), page.answer)
        self.assertEqual(len(page.headings), 1, page)
        self.assertTrue(page.links or page.forms, f"nothing to do next: {page}")
        for word in words:
            self.assertIn(word.lower(), page.text.lower())
        return page

    def assert_nobody(self, browser):
        self.assertIsNone(self.who(browser))

    def users(self):
        return {user["username"]: user for user in self.site.ctl_json("user", "list")}

    def accounts(self, username=None):
        """provider → account, of one user; of all: a list."""
        of = ("--user", username) if username else ()
        found = self.site.ctl_json("account", "list", *of)
        return {account["provider"]: account for account in found} if username else found

    def audit(self, action):
        return [row for row in self.site.ctl_json("audit", "list") if row["action"] == action]


__all__ = ["GitHub", "HOME", "LINKED", "Orcid", "PASSWORD", "RemoteCase", "is_answer"]
