"""examples/proxies/haproxy.cfg and haproxy-jwt.cfg in Debian's HAProxy."""

from harness.proxy import Proxy, needs

from proxy_case import BARE, BrowserApplication, ProtectedApi, ProxyCase
from signed_case import SignedTokens, parts_of


@needs("haproxy")
class Haproxy(ProtectedApi, BrowserApplication, ProxyCase):
    @classmethod
    def start_proxy(cls, oauth2d=None, **more):
        return Proxy(
            "proxies/haproxy.cfg",
            ("haproxy", "-db", "-f", "{conf}"),
            {
                "127.0.0.1:8080": "127.0.0.1:{port}",
                "127.0.0.1:9000": oauth2d or cls.server_address(),
                "127.0.0.1:8000": cls.api_address(),
                **more,
            },
            also=("proxies/oauth2_check.lua",),
        )

    def test_any_token_will_do_where_no_scope_is_named(self):
        self.assert_passed(self.ask("/api/x", self.token()))
        self.assert_refused(self.ask("/api/x"), 401, BARE)

    def test_a_script_that_fails_lets_nothing_pass(self):
        other = self.start_proxy(**{"setenv": "# setenv"})
        self.addCleanup(other.close)
        self.assert_nothing_passes(other, ("/api/reports/", "/api/news/", "/api/x", "/app/"), 503)
        self.assertEqual(other.http.get("/api/public/").status, 200)

    def test_two_tokens_at_once_do_not_pass(self):
        self.assertRegex(self.refusal_of_two_tokens(), rb"\AHTTP/1.1 (400|401) |\A\Z")


class SignedCase(SignedTokens, ProxyCase):
    """HAProxy reads the keys from files, at start: the one that signs, and the one before."""

    @classmethod
    def start_proxy(cls, before=None):
        now = cls.public_key()
        return Proxy(
            "proxies/haproxy-jwt.cfg",
            ("haproxy", "-db", "-f", "{conf}"),
            {"127.0.0.1:8080": "127.0.0.1:{port}", "127.0.0.1:8000": cls.api_address(), "ES256": cls.algorithm},
            files={"signing.pem": now, "before.pem": before or now},
        )

    @classmethod
    def public_key(cls):
        return cls.site.ctl("key", "export", "--public", "--pem").stdout

    def test_a_key_of_after_counts_from_a_start_with_its_file_on_and_the_one_before_still(self):
        old_key, old = self.public_key(), self.token(scope="read")
        self.site.ctl("key", "rotate")
        new = self.token(scope="read")
        self.assertNotEqual(parts_of(old)[0]["kid"], parts_of(new)[0]["kid"])
        first = self.proxy
        self.assert_passed(self.ask("/api/reports/", old))
        self.assert_invalid(new)
        try:
            self.proxy = self.start_proxy(before=old_key)
            self.addCleanup(self.proxy.close)
            for token in (old, new):
                self.assert_passed(self.ask("/api/reports/", token))
            self.site.ctl("key", "rotate")
            type(self).proxy = self.start_proxy()
            type(self).addClassCleanup(type(self).proxy.close)
            del self.proxy
            for token in (old, new):
                self.assert_invalid(token)
            self.assert_passed(self.ask("/api/reports/", self.token(scope="read")))
        finally:
            first.close()

    def test_what_is_signed_by_the_key_and_is_no_access_token_is_refused(self):
        token = self.token(scope="read")
        for kind in ("token-introspection+jwt", "JWT", None):
            self.assert_invalid(self.resigned(token, header={"typ": kind}))

    def test_each_refusal_has_its_challenge(self):
        bare = 'Bearer realm="api"'
        self.assert_refused(self.ask("/api/x"), 401, bare)
        self.assert_refused(self.ask("/api/x", "x"), 401, bare + ', error="invalid_token"')
        lacking = self.ask("/api/reports/", self.token(scope="write"))
        self.assert_refused(lacking, 403, bare + ', error="insufficient_scope", scope="read"')
        self.assertEqual(lacking.field("Cache-Control"), "no-store")


@needs("haproxy")
class HaproxyES256(SignedCase):
    algorithm = "ES256"


@needs("haproxy")
class HaproxyRS256(SignedCase):
    algorithm = "RS256"


del SignedCase  # nothing to run by itself
