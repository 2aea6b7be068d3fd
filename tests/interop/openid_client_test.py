"""openid-client 5 for Node: discovery, and every grant with the library's own checks of state and iss."""

import urllib.parse

from harness.server import eventually
from interop_case import CODE, ODD_SECRET, SCOPES, changed
from node_case import NodeCase

BASIC, POST, NONE = "client_secret_basic", "client_secret_post", "none"


class OpenidClientCase(NodeCase):
    script = "openid_client.mjs"


class ClientCredentials(OpenidClientCase):
    def check(self, client, method):
        seen = self.run_flow("client_credentials", client, method)
        self.assertEqual(seen["issuer"], self.site.issuer)
        self.assertEqual((seen["tokens"]["token_type"], seen["tokens"]["scope"]), ("Bearer", "read"))
        self.assertEqual((seen["before"]["active"], seen["before"]["sub"]), (True, client.id))
        self.assertEqual(seen["after"], {"active": False})
        self.assertEqual(seen["refusal"]["error"], "invalid_scope")

    def test_it_discovers_gets_checks_and_revokes_by_basic(self):
        self.check(self.basic, BASIC)

    def test_it_discovers_gets_checks_and_revokes_by_post(self):
        self.check(self.post, POST)

    def test_it_encodes_a_difficult_secret_as_we_decode_it(self):
        self.check(self.site.client("odd", *SCOPES, "--id", "odd.id_1-2", secret=ODD_SECRET), BASIC)


class AuthorizationCode(OpenidClientCase):
    def check(self, client, method, **more):
        seen = self.run_flow("code", client, method, self.allow, **more)
        self.assertEqual(seen["tokens"]["scope"], "read")
        self.assertNotEqual(seen["refreshed"]["refresh_token"], seen["tokens"]["refresh_token"])
        self.assert_speaks_for_user(seen["info"], client, "read")
        self.assertEqual(seen["revoked"]["error"], "invalid_grant")
        return seen

    def test_a_confidential_client_gets_refreshes_and_revokes_with_pkce(self):
        self.check(self.web, BASIC, pkce=True)

    def test_a_confidential_client_gets_refreshes_and_revokes_without_pkce(self):
        self.check(self.web, BASIC)

    def test_a_client_registered_for_post_gets_refreshes_and_revokes(self):
        self.check(self.web_post, POST, pkce=True)

    def test_a_public_client_gets_refreshes_and_revokes(self):
        self.check(self.app, NONE, pkce=True)

    def test_a_difficult_secret_redeems_a_code(self):
        odd = self.site.client("odd-web", *CODE, "--id", "odd.web_1-2", secret=ODD_SECRET)
        self.check(odd, BASIC, pkce=True)

    def test_tokens_of_a_user_are_introspected_until_they_are_revoked(self):
        seen = self.run_flow("introspection", self.web, BASIC, self.allow)
        self.assertEqual((seen["before"]["active"], seen["before"]["client_id"]), (True, self.web.id))
        self.assertEqual(seen["after"], {"active": False})

    def test_a_denial_arrives_as_access_denied(self):
        seen = self.run_flow("callback_refused", self.stranger, BASIC, self.deny)
        self.assertEqual((seen["kind"], seen["error"]), ("OPError", "access_denied"))

    def test_a_public_client_without_pkce_is_sent_back_with_invalid_request(self):
        seen = self.run_flow("callback_refused", self.app, NONE, self.allow)
        self.assertEqual((seen["kind"], seen["error"]), ("OPError", "invalid_request"))

    def test_another_state_and_another_iss_are_noticed(self):
        for name in ("state", "iss"):
            with self.subTest(name):
                seen = self.run_flow(
                    "callback_refused",
                    self.web,
                    BASIC,
                    lambda url, name=name: changed(self.allow(url), **{name: "https://other.example"}),
                )
                self.assertEqual(seen["kind"], "RPError")
                self.assertIn(f"{name} mismatch", seen["message"])

    def test_a_replayed_code_is_invalid_grant_and_takes_the_refresh_token_along(self):
        seen = self.run_flow("replay", self.app, NONE, self.allow, pkce=True)
        self.assertEqual(seen["refused"]["error"], "invalid_grant")
        self.assertEqual(seen["refresh"]["error"], "invalid_grant")

    def test_a_refresh_token_that_was_rotated_away_ends_its_family(self):
        seen = self.run_flow("rotated", self.web, BASIC, self.allow)
        self.assertEqual((seen["reuse"]["error"], seen["family"]["error"]), ("invalid_grant",) * 2)


class Pushed(AuthorizationCode):
    """The same once more with pushed authorization requests; the server takes no others."""

    flags = ("--require-par", "true")

    def run_flow(self, *arguments, **more):
        return super().run_flow(*arguments, **{"par": True, **more})

    def test_only_the_reference_tells_what_is_asked_for(self):
        seen = self.check(self.web, BASIC, pkce=True)
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(seen["url"]).query))
        self.assertEqual(query["scope"], "openid")  # what the library puts in of its own accord
        self.assertNotIn("state", query)

    def test_a_request_that_was_not_pushed_is_sent_back_with_invalid_request(self):
        seen = self.run_flow("callback_refused", self.web, BASIC, self.allow, par=False)
        self.assertEqual((seen["kind"], seen["error"]), ("OPError", "invalid_request"))

    def test_a_public_client_without_pkce_is_sent_back_with_invalid_request(self):
        """It is refused already when it pushes."""
        seen = self.run_flow("pushed_refused", self.app, NONE)
        self.assertEqual((seen["kind"], seen["error"]), ("OPError", "invalid_request"))


class Implicit(OpenidClientCase):
    def test_the_token_arrives_in_the_fragment(self):
        seen = self.run_flow("implicit", self.page, NONE, self.allow, response_type="token")
        self.assertEqual(seen["tokens"]["token_type"], "Bearer")
        self.assertNotIn("refresh_token", seen["tokens"])
        self.assert_speaks_for_user(seen["info"], self.page, "read")


class Device(OpenidClientCase):
    def polls(self):
        """How often devices have asked for a token."""
        return sum(line.get("path") == "/oauth/token" for line in self.server.log())

    def test_devices_poll_until_the_user_has_allowed_or_denied(self):
        decisions = [self.deny_device, self.allow_device]

        def visit(url):
            self.assertTrue(eventually(lambda: self.polls() >= 2), "no device has polled")
            decisions.pop()(url)

        seen = self.run_flow("device", self.tv, NONE, visit)
        self.assertEqual(seen["tokens"]["scope"], "read")
        self.assert_speaks_for_user(seen["info"], self.tv, "read")
        self.assertEqual((seen["refused"]["kind"], seen["refused"]["error"]), ("OPError", "access_denied"))
