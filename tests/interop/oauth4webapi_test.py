"""oauth4webapi 3 for Node: what it accepts is what the RFCs say, down to content types and member types."""

import urllib.parse

from interop_case import CODE, ODD_SECRET, SCOPES, changed
from node_case import NodeCase

BASIC, POST, NONE = "client_secret_basic", "client_secret_post", "none"


class Oauth4webapiCase(NodeCase):
    script = "oauth4webapi.mjs"

    def assert_refused(self, seen, error, kind="ResponseBodyError"):
        self.assertEqual((seen["kind"], seen["error"]), (kind, error), seen)


class ClientCredentials(Oauth4webapiCase):
    def test_it_discovers_gets_checks_and_revokes_by_basic_and_by_post(self):
        odd = self.site.client("odd", *SCOPES, "--id", "odd.id_1-2", secret=ODD_SECRET)
        for client, method in ((self.basic, BASIC), (odd, BASIC), (self.post, POST)):
            with self.subTest(client.id):
                seen = self.run_flow("client_credentials", client, method)
                self.assertEqual((seen["tokens"]["token_type"], seen["tokens"]["scope"]), ("bearer", "read"))
                self.assertEqual((seen["before"]["active"], seen["before"]["sub"]), (True, client.id))
                self.assertEqual(seen["after"], {"active": False})
                self.assertEqual(seen["unauthorized"]["kind"], "WWWAuthenticateChallengeError")
                self.assert_refused(seen["refusal"], "invalid_scope")

    def test_a_wrong_secret_arrives_as_a_challenge_that_the_library_can_read(self):
        seen = self.run_flow("wrong_secret", self.basic, BASIC)
        self.assertEqual((seen["kind"], seen["status"]), ("WWWAuthenticateChallengeError", 401))
        self.assertEqual(seen["challenges"], [{"scheme": "basic", "parameters": {"realm": "oauth2d"}}])


class AuthorizationCode(Oauth4webapiCase):
    def check(self, client, method, **more):
        seen = self.run_flow("code", client, method, self.allow, **more)
        self.assertEqual(seen["tokens"]["scope"], "read")
        self.assertNotEqual(seen["refreshed"]["refresh_token"], seen["tokens"]["refresh_token"])
        self.assert_speaks_for_user(seen["info"], client, "read")
        self.assert_refused(seen["revoked"], "invalid_grant")
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

    def test_a_token_is_for_the_resources_asked_for_and_is_refreshed_for_each_of_them(self):
        resources = ["https://api.example/v1", "https://files.example"]
        flags = [flag for uri in resources for flag in ("--resource", uri)]
        client = self.site.client("resourceful", *CODE, *flags)
        for par in (False, True):
            seen = self.run_flow("resources", client, BASIC, self.allow, pkce=True, par=par, resources=resources)
            self.assertEqual(seen["audiences"], [resources, *resources])
            self.assert_refused(seen["refusal"], "invalid_target")
        seen = self.run_flow("callback_refused", self.web, BASIC, self.allow, resources=resources)
        self.assert_refused(seen, "invalid_target", "AuthorizationResponseError")

    def test_a_denial_arrives_as_access_denied(self):
        seen = self.run_flow("callback_refused", self.stranger, BASIC, self.deny)
        self.assert_refused(seen, "access_denied", "AuthorizationResponseError")

    def test_a_public_client_without_pkce_is_sent_back_with_invalid_request(self):
        seen = self.run_flow("callback_refused", self.app, NONE, self.allow)
        self.assert_refused(seen, "invalid_request", "AuthorizationResponseError")

    def test_another_state_and_another_iss_are_noticed(self):
        for name in ("state", "iss"):
            with self.subTest(name):
                seen = self.run_flow(
                    "callback_refused",
                    self.web,
                    BASIC,
                    lambda url, name=name: changed(self.allow(url), **{name: "https://other.example"}),
                )
                self.assertEqual(seen["kind"], "OperationProcessingError")
                self.assertIn(f'unexpected "{name}"', seen["message"])

    def test_a_replayed_code_is_invalid_grant_and_takes_the_refresh_token_along(self):
        seen = self.run_flow("replay", self.app, NONE, self.allow, pkce=True)
        self.assert_refused(seen["refused"], "invalid_grant")
        self.assert_refused(seen["refresh"], "invalid_grant")

    def test_a_refresh_token_that_was_rotated_away_ends_its_family(self):
        seen = self.run_flow("rotated", self.web, BASIC, self.allow)
        self.assert_refused(seen["reuse"], "invalid_grant")
        self.assert_refused(seen["family"], "invalid_grant")


class Pushed(Oauth4webapiCase):
    flags = ("--require-par", "true")

    def test_every_way_to_authenticate_pushes_its_request_and_redeems_the_code(self):
        for client, method in ((self.web, BASIC), (self.web_post, POST), (self.app, NONE)):
            with self.subTest(method):
                seen = self.run_flow("code", client, method, self.allow, pkce=True, par=True)
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(seen["url"]).query)
                self.assertEqual(set(query), {"client_id", "request_uri"})
                self.assert_speaks_for_user(seen["info"], client, "read")

    def test_what_would_be_refused_later_is_refused_when_it_is_pushed(self):
        self.assert_refused(self.run_flow("pushed_refused", self.app, NONE), "invalid_request")
        seen = self.run_flow("pushed_refused", self.web, BASIC, scope="no-such-scope")
        self.assert_refused(seen, "invalid_scope")


class Device(Oauth4webapiCase):
    def test_a_device_waits_is_allowed_and_gets_its_tokens_once(self):
        seen = self.run_flow("device", self.tv, NONE, self.allow_device)
        self.assert_refused(seen["pending"], "authorization_pending")
        self.assertEqual(seen["tokens"]["scope"], "read")
        self.assert_speaks_for_user(seen["info"], self.tv, "read")
        self.assert_refused(seen["redeemed"], "invalid_grant")

    def test_a_denial_arrives_as_access_denied(self):
        seen = self.run_flow("device_denied", self.box, BASIC, self.deny_device)
        self.assert_refused(seen, "access_denied")
