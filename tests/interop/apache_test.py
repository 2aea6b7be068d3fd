"""examples/proxies/apache.conf and apache-jwt.conf in Debian's Apache with its mod_oauth2."""

import pathlib
import unittest

from harness.proxy import Proxy, needs

from proxy_case import FORGED, Paths, ProxyCase
from signed_case import RESOURCE, SignedTokens, parts_of

MODULES = pathlib.Path("/usr/lib/apache2/modules")
# What Debian's apache2.conf and a2enmod do.
LOADED = (
    "mpm_event",
    "authn_core",
    "authz_core",
    "authz_user",
    "headers",
    "macro",
    "proxy",
    "proxy_http",
    "oauth2",
)
MAIN = "\n".join(
    [
        "ServerRoot {folder}",
        "ServerName localhost",
        "PidFile {folder}/apache.pid",
        "Mutex file:{folder}",
        "ErrorLog /dev/stderr",
        "User www-data",
        "Group www-data",
        *(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED),
        "Include {conf}",
        "",
    ]
)


class ApacheCase(ProxyCase):
    @classmethod
    def apache(cls, example, places):
        return Proxy(
            example,
            ("apache2", "-X", "-f", "{folder}/main.conf"),
            {"127.0.0.1:8080": "127.0.0.1:{port}", "127.0.0.1:8000": cls.api_address(), **places},
            files={"main.conf": MAIN},
        )


@needs("apache2")
@unittest.skipUnless((MODULES / "mod_oauth2.so").exists(), "mod_oauth2 is not installed")
class Apache(Paths, ApacheCase):
    """mod_oauth2 judges by introspection, and has challenges of its own."""

    @classmethod
    def start_proxy(cls, oauth2d=None):
        return cls.apache(
            "proxies/apache.conf",
            {
                "127.0.0.1:9000": oauth2d or cls.server_address(),
                "CLIENT_ID": cls.api.id,
                "CLIENT_SECRET": cls.api.secret,
            },
        )

    def assert_turned_away(self, answer, status, error=None):
        self.assertEqual((answer.status, self.seen), (status, []), answer)
        if error:
            self.assertIn(f'Bearer error="{error}"', answer.field("WWW-Authenticate"))

    def test_a_token_with_the_scope_passes_and_the_api_is_told_whose_it_is(self):
        token = self.token(scope="read write")
        self.assert_passed(self.ask("/api/reports/1?x=1", token))
        told = self.told()
        self.assertEqual(told.pop("x-auth-token"), self.introspect(token)["jti"])
        self.assertEqual(sorted(told.pop("x-auth-scope").split()), ["read", "write"])
        self.assertEqual(told, {"x-auth-client": self.app.id})
        self.assertNotIn("authorization", [name for name, _ in self.seen[0]["fields"]])

    def test_a_personal_token_names_its_user(self):
        token = self.site.personal_token("alice", "laptop", "--scope", "read")
        self.assert_passed(self.ask("/api/reports/", token))
        told = self.told()
        self.assertEqual((told["x-auth-user"], told["x-auth-scope"]), ("alice", "read"))
        self.assertNotIn("x-auth-client", told)

    def test_a_token_without_the_scope_is_403(self):
        for scope in ("write", "admin"):
            self.assert_turned_away(self.ask("/api/reports/", self.token(scope=scope)), 403)
            self.assert_passed(self.ask("/api/x", self.token(scope=scope)))

    def test_without_a_token_and_with_one_that_is_none_it_is_401(self):
        for path in ("/api/reports/", "/api/x"):
            self.assert_turned_away(self.ask(path), 401, "invalid_request")
            self.assert_turned_away(self.ask(path, method="OPTIONS"), 401, "invalid_request")
            self.assert_turned_away(self.send(path, fields={"Authorization": self.app.basic}), 401)
            for token in ("x", "o2a_" + 49 * "0"):
                self.assert_turned_away(self.ask(path, token), 401, "invalid_token")

    def test_a_revoked_token_stops_at_once(self):
        token = self.token(scope="read")
        for _ in range(2):
            self.assert_passed(self.ask("/api/reports/", token))
        self.revoke(token)
        self.assert_turned_away(self.ask("/api/reports/", token), 401, "invalid_token")

    def test_what_a_client_says_of_itself_does_not_reach_the_api(self):
        token = self.token(scope="read")
        self.assert_passed(self.send("/api/reports/", fields={**FORGED, "Authorization": f"Bearer {token}"}))
        told = self.told()
        self.assertEqual((told["x-auth-client"], told["x-auth-scope"]), (self.app.id, "read"))
        self.assertEqual(set(told), {"x-auth-client", "x-auth-scope", "x-auth-token"})
        self.assertNotIn("root", told.values())
        self.assert_passed(self.send("/api/public/", fields=FORGED))
        self.assertEqual(self.told(), {})

    def test_a_forged_claim_changes_nothing(self):
        token = self.token(scope="write")
        for name in ("OAUTH2_CLAIM_scope", "OAUTH2-CLAIM-scope"):
            fields = {name: "read", "Authorization": f"Bearer {token}"}
            self.assert_turned_away(self.send("/api/reports/", fields=fields), 403)

    def test_with_the_server_gone_nothing_passes(self):
        token = self.token(scope="read")
        other = self.start_proxy("127.0.0.1:1")
        self.addCleanup(other.close)
        paths = ("/api/reports/", "/api/x")
        self.assert_nothing_passes(other, paths, 401, Authorization=f"Bearer {token}")


@needs("apache2")
@unittest.skipUnless((MODULES / "mod_oauth2.so").exists(), "mod_oauth2 is not installed")
class ApacheSigned(SignedTokens, ApacheCase):
    """mod_oauth2 judges by the keys that oauth2d publishes."""

    foreign = (401, 403)

    @classmethod
    def start_proxy(cls, oauth2d=None):
        address = oauth2d or cls.server_address()
        return cls.apache("proxies/apache-jwt.conf", {"127.0.0.1:9000/oauth": f"{address}/oauth"})

    def test_each_algorithm_but_eddsa_will_do(self):
        for algorithm, status in (("ES256", 200), ("RS256", 200), ("EdDSA", 401)):
            flags = ("--access-token-format", "jwt", "--resource", RESOURCE, "--signing-alg", algorithm)
            client = self.site.client(algorithm, "--scope", "read", *flags)
            self.assertEqual(self.ask("/api/reports/", self.token(client, "read")).status, status, algorithm)

    def test_after_a_rotation_the_new_key_is_fetched_and_the_old_tokens_are_good_still(self):
        before = self.token(scope="read")
        self.assert_passed(self.ask("/api/reports/", before))
        self.site.ctl("key", "rotate")
        after = self.token(scope="read")
        self.assertNotEqual(parts_of(before)[0]["kid"], parts_of(after)[0]["kid"])
        for token in (after, before):
            self.assert_passed(self.ask("/api/reports/", token))

    def test_a_list_of_audiences_with_this_one_will_do(self):
        token = self.resigned(self.token(scope="read"), claims={"aud": ["https://other.example", RESOURCE]})
        self.assert_passed(self.ask("/api/reports/", token))

    def test_with_the_server_gone_and_no_keys_fetched_nothing_passes(self):
        token = self.token(scope="read")
        other = self.start_proxy("127.0.0.1:1")
        self.addCleanup(other.close)
        paths = ("/api/reports/", "/api/x")
        self.assert_nothing_passes(other, paths, 401, Authorization=f"Bearer {token}")
