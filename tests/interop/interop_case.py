"""What all client libraries find here: clients of every kind, a user with a password, and her browser."""

import contextlib
import unittest
import urllib.parse

from harness.case import find_secrets
from harness.person import Person
from harness.postgres import free_port
from harness.site import Site

CALLBACK = "https://client.example/callback"  # nobody listens: the test reads the Location instead
USERNAME = "alice"
PASSWORD = "correct horse battery staple"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

SCOPES = ("--scope", "read", "--scope", "write")
CODE = ("--grant", "authorization_code", "--grant", "refresh_token", "--redirect-uri", CALLBACK, *SCOPES)
IMPLICIT = ("--grant", "implicit", "--redirect-uri", CALLBACK, *SCOPES)
DEVICE = ("--grant", "device_code", "--grant", "refresh_token", *SCOPES)
BY_POST = ("--auth-method", "client_secret_post")
CLIENTS = {
    "basic": SCOPES,
    "post": (*SCOPES, *BY_POST),
    "web": CODE,
    "web_post": (*CODE, *BY_POST),
    "stranger": CODE,  # whom the user never allows anything
    "app": ("--public", *CODE),
    "page": ("--public", *IMPLICIT),
    "strange_page": ("--public", *IMPLICIT),
    "legacy": ("--grant", "password", "--grant", "refresh_token", *SCOPES),
    "tv": ("--public", *DEVICE),
    "box": DEVICE,
}
ODD_SECRET = "50%-off + colons:and=ümläute & more than 32 characters"


class InteropCase(unittest.TestCase):
    flags = ()

    @classmethod
    def setUpClass(cls):
        port = free_port()
        cls.site = Site(f"http://127.0.0.1:{port}")
        cls.addClassCleanup(cls.site.close)
        cls.site.scopes("read", "write")
        cls.site.ctl("user", "create", USERNAME, "--password-from", "-", stdin=cls.site.remember(PASSWORD))
        cls.clients = {}
        cls.server = cls.site.server(*cls.flags, listen=(f"127.0.0.1:{port}",))
        cls.addClassCleanup(cls._stop_and_search_for_secrets)
        cls.authorize_url = f"{cls.site.issuer}/oauth/authorize"
        cls.token_url = f"{cls.site.issuer}/oauth/token"
        cls.device_url = f"{cls.site.issuer}/oauth/device_authorization"
        cls.introspect_url = f"{cls.site.issuer}/oauth/introspect"
        cls.revoke_url = f"{cls.site.issuer}/oauth/revoke"
        cls.ping_url = f"{cls.site.issuer}/oauth/ping"
        cls.info_url = f"{cls.site.issuer}/oauth/info"
        cls.browser = Person(cls.server.http)
        cls._signed_in = False

    def __getattr__(self, name):
        """A client of the table, made when a test of the class first asks for it."""
        if name not in CLIENTS:
            raise AttributeError(name)
        if name not in self.clients:
            self.clients[name] = self.site.client(name, *CLIENTS[name])
        return self.clients[name]

    @classmethod
    def _stop_and_search_for_secrets(cls):
        code = cls.server.stop()
        assert code == 0, f"oauth2d ended with exit code {code}: {cls.server.stderr()}"
        found = find_secrets(cls.site, cls.server.stderr())
        assert not found, f"secrets in plain sight: {found}"

    # What the user does in her browser; she signs in once for all tests of a class.

    def allow(self, url):
        """Where the client is sent when the user comes from it with this URL and allows what it asks."""
        return self.decide(url, "yes")

    def deny(self, url):
        return self.decide(url, "no")

    def decide(self, url, confirm):
        page = self.arrive(url)
        if not page.location:  # not allowed once already
            page = self.browser.submit(page.form("/oauth/authorize"), confirm)
        self.assertEqual(page.status, 303, page)
        self.assertTrue(page.location.startswith(CALLBACK), page)
        return page.location

    def allow_device(self, url):
        return self.decide_device(url, "yes")

    def deny_device(self, url):
        return self.decide_device(url, "no")

    def decide_device(self, url, confirm):
        page = self.arrive(url)
        page = self.browser.submit(page.form("/device"), confirm)  # the page shows the code of the address
        page = self.browser.follow(page)
        self.assertEqual((page.status, page.alert), (200, ""), page)

    def arrive(self, url):
        """The page that a URL of the server leads to, with the user signed in."""
        where = urllib.parse.urlsplit(url)
        self.assertEqual(f"{where.scheme}://{where.netloc}", self.site.issuer)
        if not self._signed_in:
            page = self.browser.sign_in(USERNAME, PASSWORD)
            self.assertEqual(page.status, 303, page)
            type(self)._signed_in = True
        return self.browser.follow(self.browser.open(f"{where.path}?{where.query}"))

    # What the tests assert.

    @contextlib.contextmanager
    def refused(self, kind, error):
        """The library raises its own exception `kind`, with this `error` of the server in it."""
        with self.assertRaises(kind) as caught:
            yield
        self.assertEqual(caught.exception.error, error, caught.exception)

    def assert_speaks_for_user(self, info, client, *scopes):
        """`info`: what /oauth/info told the bearer of a token."""
        self.assertEqual(info["user"]["username"], USERNAME, info)
        self.assertEqual(info["client"]["client_id"], client.id, info)
        self.assertEqual(info["scopes"], list(scopes), info)


def changed(url, **parameters):
    """The URL with other values for parameters that it has."""
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query))
    assert set(parameters) <= set(query), (parameters, query)
    return parts._replace(query=urllib.parse.urlencode({**query, **parameters})).geturl()
