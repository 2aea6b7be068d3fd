"""examples/proxies/Caddyfile in Debian's Caddy."""

from harness.proxy import Proxy, needs

from proxy_case import BARE, BrowserApplication, ProtectedApi, ProxyCase


@needs("caddy")
class Caddy(ProtectedApi, BrowserApplication, ProxyCase):
    @classmethod
    def start_proxy(cls, oauth2d=None):
        return Proxy(
            "proxies/Caddyfile",
            ("caddy", "run", "--config", "{conf}", "--adapter", "caddyfile"),
            {
                "127.0.0.1:8080": "127.0.0.1:{port}",
                "127.0.0.1:9000": oauth2d or cls.server_address(),
                "127.0.0.1:8000": cls.api_address(),
            },
        )

    def test_any_token_will_do_where_no_scope_is_named(self):
        self.assert_passed(self.ask("/api/x", self.token()))
        self.assert_refused(self.ask("/api/x"), 401, BARE)
