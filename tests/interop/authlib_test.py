"""Authlib: one session class for every grant, with PKCE, refreshing, introspection and revocation."""

import secrets
import urllib.parse
import warnings

import requests

from interop_case import CALLBACK, DEVICE_GRANT, PASSWORD, SCOPES, USERNAME, InteropCase, changed

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of deprecated parts of other libraries
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.requests_client import OAuth2Session
    from authlib.oauth2 import HttpRequest, ResourceProtector
    from authlib.oauth2.rfc6749.errors import MismatchingStateException
    from authlib.oauth2.rfc6750 import InsufficientScopeError, InvalidTokenError
    from authlib.oauth2.rfc7662 import IntrospectTokenValidator

BASIC, POST, NONE = "client_secret_basic", "client_secret_post", "none"


class AuthlibCase(InteropCase):
    def session(self, client, method=BASIC, **more):
        session = OAuth2Session(
            client.id,
            client.secret,
            token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
            **{"scope": "read", **more},
        )
        self.addCleanup(session.close)
        return session

    def ask(self, client, method=BASIC, pkce=True, **more):
        """A session, the URL for the user, and what the token request will need."""
        session = self.session(client, method, redirect_uri=CALLBACK, code_challenge_method="S256", **more)
        verifier = secrets.token_urlsafe(48) if pkce else None
        url, state = session.create_authorization_url(self.authorize_url, code_verifier=verifier)
        return session, url, {"state": state, "code_verifier": verifier}

    def with_token(self, client, method=BASIC, pkce=True, **more):
        """A session that a user has allowed."""
        session, url, checks = self.ask(client, method, pkce, **more)
        session.fetch_token(self.token_url, authorization_response=self.allow(url), **checks)
        return session

    def introspect(self, session, token):
        return session.introspect_token(self.introspect_url, token=token).json()


class ClientCredentials(AuthlibCase):
    def test_a_token_is_got_checked_and_revoked_by_basic_and_by_post(self):
        for client, method in ((self.basic, BASIC), (self.post, POST)):
            with self.subTest(method):
                session = self.session(client, method)
                token = session.fetch_token(self.token_url, grant_type="client_credentials")
                self.assertEqual((token["token_type"], token["scope"]), ("Bearer", "read"))
                self.assertEqual(session.get(self.ping_url).json(), {"ping": "pong"})
                access_token = token["access_token"]
                document = session.introspect_token(
                    self.introspect_url, token=access_token, token_type_hint="access_token"
                ).json()
                self.assertEqual((document["active"], document["client_id"]), (True, client.id))
                answer = session.revoke_token(
                    self.revoke_url, token=access_token, token_type_hint="access_token"
                )
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(self.introspect(session, access_token), {"active": False})

    def test_a_refusal_arrives_as_the_librarys_own_error(self):
        with self.refused(OAuthError, "invalid_scope"):
            self.session(self.basic, scope="none-such").fetch_token(
                self.token_url, grant_type="client_credentials"
            )


class AuthorizationCode(AuthlibCase):
    def test_every_way_to_authenticate_gets_tokens_with_pkce(self):
        for client, method in ((self.web, BASIC), (self.web_post, POST), (self.app, NONE)):
            with self.subTest(method):
                session = self.with_token(client, method)
                self.assert_speaks_for_user(session.get(self.info_url).json(), client, "read")

    def test_a_confidential_client_gets_its_tokens_without_pkce(self):
        session = self.with_token(self.web, pkce=False)
        self.assert_speaks_for_user(session.get(self.info_url).json(), self.web, "read")

    def test_a_public_client_without_pkce_is_sent_back_with_invalid_request(self):
        _, url, _ = self.ask(self.app, NONE, pkce=False)
        answer = urllib.parse.parse_qs(urllib.parse.urlsplit(self.allow(url)).query)
        self.assertEqual(answer["error"], ["invalid_request"])

    def test_another_verifier_is_invalid_grant(self):
        session, url, checks = self.ask(self.web)
        checks["code_verifier"] = secrets.token_urlsafe(48)
        with self.refused(OAuthError, "invalid_grant"):
            session.fetch_token(self.token_url, authorization_response=self.allow(url), **checks)

    def test_another_state_is_noticed(self):
        session, url, checks = self.ask(self.web)
        callback = changed(self.allow(url), state="other")
        with self.assertRaises(MismatchingStateException):
            session.fetch_token(self.token_url, authorization_response=callback, **checks)

    def test_a_replayed_code_is_invalid_grant_and_takes_the_tokens_along(self):
        session, url, checks = self.ask(self.web)
        callback = self.allow(url)
        token = session.fetch_token(self.token_url, authorization_response=callback, **checks)
        with self.refused(OAuthError, "invalid_grant"):
            session.fetch_token(self.token_url, authorization_response=callback, **checks)
        self.assertEqual(self.introspect(session, token["access_token"]), {"active": False})

    def test_introspection_and_revocation_of_the_users_tokens(self):
        session = self.with_token(self.web)
        access_token, refresh_token = session.token["access_token"], session.token["refresh_token"]
        document = self.introspect(session, access_token)
        self.assertEqual((document["active"], document["username"]), (True, USERNAME))
        answer = session.revoke_token(self.revoke_url, refresh_token, "refresh_token")
        self.assertEqual(answer.status_code, 200)
        for token in (access_token, refresh_token):
            self.assertEqual(self.introspect(session, token), {"active": False})

    def test_a_public_client_revokes_with_its_id_alone(self):
        session = self.with_token(self.app, NONE)
        answer = session.revoke_token(self.revoke_url, session.token["access_token"])
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(session.get(self.ping_url).status_code, 401)


class Refresh(AuthlibCase):
    def test_every_way_to_authenticate_refreshes_and_gets_another_refresh_token(self):
        for client, method in ((self.web, BASIC), (self.web_post, POST), (self.app, NONE)):
            with self.subTest(method):
                session = self.with_token(client, method)
                old = dict(session.token)
                new = session.refresh_token(self.token_url)
                for name in ("access_token", "refresh_token"):
                    self.assertNotEqual(new[name], old[name])
                self.assert_speaks_for_user(session.get(self.info_url).json(), client, "read")

    def test_an_expired_token_is_refreshed_on_the_way_to_the_resource(self):
        updates = []

        def update(token, refresh_token=None, access_token=None):
            updates.append((token["refresh_token"], refresh_token))

        session = self.with_token(self.web, token_endpoint=self.token_url, update_token=update)
        old = session.token["refresh_token"]
        session.token = {**session.token, "expires_at": 1}
        self.assert_speaks_for_user(session.get(self.info_url).json(), self.web, "read")
        self.assertEqual(updates, [(session.token["refresh_token"], old)])
        self.assertNotEqual(session.token["refresh_token"], old)

    def test_a_refresh_token_that_was_rotated_away_is_invalid_grant(self):
        session = self.with_token(self.web)
        old = session.token["refresh_token"]
        session.refresh_token(self.token_url)
        session.refresh_token(self.token_url)
        with self.refused(OAuthError, "invalid_grant"):
            session.refresh_token(self.token_url, refresh_token=old)

    def test_a_refresh_may_narrow_the_scope_but_not_widen_it(self):
        session = self.with_token(self.web, scope="read write")
        self.assertEqual(session.refresh_token(self.token_url, scope="write")["scope"], "write")
        session = self.with_token(self.web)
        with self.refused(OAuthError, "invalid_scope"):
            session.refresh_token(self.token_url, scope="read write")


class Implicit(AuthlibCase):
    def test_the_token_arrives_in_the_fragment(self):
        session = self.session(self.page, NONE, redirect_uri=CALLBACK)
        url, state = session.create_authorization_url(self.authorize_url, response_type="token")
        token = session.fetch_token(authorization_response=self.allow(url), state=state)
        self.assertEqual((token["token_type"], token["scope"]), ("Bearer", "read"))
        self.assertNotIn("refresh_token", token)
        self.assert_speaks_for_user(session.get(self.info_url).json(), self.page, "read")


class Password(AuthlibCase):
    flags = ("--password-grant", "true")

    def test_name_and_password_give_tokens_and_a_wrong_password_invalid_grant(self):
        session = self.session(self.legacy)
        session.fetch_token(self.token_url, username=USERNAME, password=PASSWORD)
        self.assert_speaks_for_user(session.get(self.info_url).json(), self.legacy, "read")
        with self.refused(OAuthError, "invalid_grant"):
            session.fetch_token(self.token_url, username=USERNAME, password="wrong")


class Device(AuthlibCase):
    def begin(self, client, method):
        """Authlib has no call for the first request; its session makes and authenticates it."""
        session = self.session(client, method)
        auth = session.client_auth(method)
        answer = session.post(self.device_url, data={"scope": "read"}, auth=auth, withhold_token=True)
        self.assertEqual(answer.status_code, 200, answer.text)
        return session, answer.json()

    def poll(self, session, begun):
        return session.fetch_token(self.token_url, grant_type=DEVICE_GRANT, device_code=begun["device_code"])

    def test_an_allowed_device_gets_its_tokens_and_refreshes_them(self):
        for client, method in ((self.tv, NONE), (self.box, BASIC)):
            with self.subTest(method):
                session, begun = self.begin(client, method)
                self.allow_device(begun["verification_uri_complete"])
                self.poll(session, begun)
                self.assert_speaks_for_user(session.get(self.info_url).json(), client, "read")
                self.assertEqual(session.refresh_token(self.token_url)["scope"], "read")

    def test_a_device_that_waits_or_is_denied_is_told_so(self):
        session, begun = self.begin(self.tv, NONE)
        with self.refused(OAuthError, "authorization_pending"):
            self.poll(session, begun)
        session, begun = self.begin(self.tv, NONE)
        self.deny_device(begun["verification_uri_complete"])
        with self.refused(OAuthError, "access_denied"):
            self.poll(session, begun)


class Introspector(IntrospectTokenValidator):
    """As Authlib's documentation has it: a resource server that asks us about each token."""

    def __init__(self, url, client):
        super().__init__()
        self.url = url
        self.client = client

    def introspect_token(self, token_string):
        answer = requests.post(self.url, {"token": token_string}, auth=(self.client.id, self.client.secret))
        answer.raise_for_status()
        return answer.json()


class ResourceServer(AuthlibCase):
    def ask_for(self, token, *scopes):
        protector = ResourceProtector()
        protector.register_token_validator(Introspector(self.introspect_url, self.basic))
        request = HttpRequest("GET", "https://api.example/", headers={"Authorization": f"Bearer {token}"})
        return protector.validate_request(list(scopes) or None, request)

    def test_authlibs_introspection_validator_takes_opaque_tokens_and_jwts(self):
        jwt = self.site.client("as-jwt", "--access-token-format", "jwt", *SCOPES)
        for client in (self.basic, jwt):
            token = self.session(client).fetch_token(self.token_url, grant_type="client_credentials")
            text = self.site.remember(token["access_token"])
            with self.subTest(text[:4]):
                for scopes in ((), ("read",), ("read write", "read")):
                    self.assertEqual(self.ask_for(text, *scopes)["client_id"], client.id)
                for scopes in (("write",), ("read write",)):
                    with self.refused(InsufficientScopeError, "insufficient_scope"):
                        self.ask_for(text, *scopes)
                self.session(client).revoke_token(self.revoke_url, token=text)
                with self.refused(InvalidTokenError, "invalid_token"):
                    self.ask_for(text)
