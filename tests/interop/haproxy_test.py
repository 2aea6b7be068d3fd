"""examples/proxies/haproxy.cfg in Debian's HAProxy."""

from harness.proxy import Proxy, needs

from proxy_case import BARE, BrowserApplication, ProtectedApi, ProxyCase


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
        before = len(self.service.seen)
        for path in ("/api/reports/", "/api/news/", "/api/x", "/app/"):
            self.assertEqual(other.http.get(path).status, 503)
        self.assertEqual(len(self.service.seen), before)
        self.assertEqual(other.http.get("/api/public/").status, 200)

    def test_two_tokens_at_once_do_not_pass(self):
        token = self.token(scope="read")
        line = f"Authorization: Bearer {token}\r\n"
        before = len(self.service.seen)
        text = self.proxy.http.raw(
            f"GET /api/reports/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{line}{line}\r\n".encode()
        )
        self.assertRegex(text, rb"\AHTTP/1.1 (400|401) |\A\Z")
        self.assertEqual(len(self.service.seen), before)
