"""The test case of an endpoint: one site, one server and a few clients for all tests of a class."""

import re
import unittest

from .site import Site

# RFC 6749 section 5.2
DESCRIPTION = re.compile(r"[\x20-\x21\x23-\x5B\x5D-\x7E]*\Z")


class ServedCase(unittest.TestCase):
    issuer = "http://127.0.0.1:9000"
    flags = ()
    site_class = Site

    @classmethod
    def setUpClass(cls):
        cls.site = cls.site_class(cls.issuer)
        cls.addClassCleanup(cls.site.close)
        cls.populate()
        cls.server = cls.site.server(*cls.flags)
        cls.addClassCleanup(cls._stop_and_search_for_secrets)
        cls.http = cls.server.http

    @classmethod
    def populate(cls):
        """What the class's tests need in the database; every class gets these."""
        cls.site.scopes("read", "write")
        cls.app = cls.site.client("app", "--scope", "read", "--scope", "write")
        cls.api = cls.site.client("api")

    @classmethod
    def _stop_and_search_for_secrets(cls):
        """Every class is also a test that neither log nor database holds what it must not."""
        code = cls.server.stop()
        assert code == 0, f"oauth2d ended with exit code {code}: {cls.server.stderr()}"
        found = find_secrets(cls.site, cls.server.stderr())
        assert not found, f"secrets in plain sight: {found}"

    # What most tests do.

    def token(self, client=None, scope=None, **more):
        """The access token of a client_credentials request that must succeed."""
        answer = self.ask_token(client, scope, **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["access_token"]

    def ask_token(self, client=None, scope=None, **more):
        form = {"grant_type": "client_credentials", **more}
        if scope is not None:
            form["scope"] = scope
        return self.remembered(self.http.post("/oauth/token", form, (client or self.app).basic))

    def remembered(self, answer):
        if answer.status == 200 and answer.body:
            for name in ("access_token", "refresh_token"):
                self.site.remember(answer.json().get(name))
        return answer

    def introspect(self, token, client=None, **more):
        answer = self.http.post("/oauth/introspect", {"token": token, **more}, (client or self.api).basic)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def revoke(self, token, client=None, **more):
        return self.http.post("/oauth/revoke", {"token": token, **more}, (client or self.app).basic)

    def bearer(self, token, path="/oauth/ping"):
        return self.http.get(path, Authorization=f"Bearer {token}")

    # What most tests assert.

    def assert_active(self, token, client=None):
        self.assertIs(self.introspect(token, client)["active"], True)

    def assert_inactive(self, token, client=None):
        answer = self.http.post("/oauth/introspect", {"token": token}, (client or self.api).basic)
        self.assertEqual((answer.status, answer.body), (200, b'{"active":false}'))

    def assert_not_stored(self, answer):
        self.assertEqual(answer.field("Cache-Control"), "no-store", answer)
        self.assertEqual(answer.field("Pragma"), "no-cache", answer)

    def assert_error(self, answer, status, error):
        self.assertEqual((answer.status, answer.json().get("error")), (status, error), answer)
        self.assertTrue(answer.field("Content-Type").startswith("application/json"), answer)
        self.assertRegex(answer.json().get("error_description", ""), DESCRIPTION)
        self.assert_not_stored(answer)
        if status == 401:
            self.assertEqual(answer.field("WWW-Authenticate"), 'Basic realm="oauth2d"')


def find_secrets(site, *texts):
    """(place, secret) for each one that can be read in `texts` or in the database."""
    places = {f"text {index}": text.encode() for index, text in enumerate(texts)}
    places.update(site.contents())
    return [
        (place, secret)
        for secret in site.secrets
        for place, data in places.items()
        if secret.encode() in data
    ]
