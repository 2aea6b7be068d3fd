"""requests-oauthlib on oauthlib: each of its clients gets its tokens and understands what is refused."""

import os

from interop_case import CALLBACK, PASSWORD, USERNAME, InteropCase, changed
from oauthlib import oauth2
from requests_oauthlib import OAuth2Session


class OauthlibCase(InteropCase):
    @classmethod
    def setUpClass(cls):
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
        cls.addClassCleanup(os.environ.pop, "OAUTHLIB_INSECURE_TRANSPORT")
        super().setUpClass()

    def session(self, client, **options):
        """`client`: one of oauthlib's."""
        session = OAuth2Session(client=client, **options)
        self.addCleanup(session.close)
        return session

    def web_session(self, client, scope=("read",), **options):
        web = oauth2.WebApplicationClient(client.id)
        return self.session(web, redirect_uri=CALLBACK, scope=list(scope), **options)

    def with_token(self, client, **options):
        """A session that a user has allowed."""
        session = self.web_session(client, **options)
        url, _ = session.authorization_url(self.authorize_url)
        callback = self.allow(url)
        session.fetch_token(self.token_url, authorization_response=callback, client_secret=client.secret)
        return session


class BackendApplication(OauthlibCase):
    def backend(self, client, scope=None):
        return self.session(oauth2.BackendApplicationClient(client_id=client.id, scope=scope))

    def test_a_backend_application_gets_a_token_and_uses_it(self):
        session = self.backend(self.basic, ["read"])
        token = session.fetch_token(self.token_url, client_secret=self.basic.secret)
        seen = (token["token_type"], token["scope"], token["expires_in"])
        self.assertEqual(seen, ("Bearer", ["read"], 3600))
        self.assertEqual(session.get(self.ping_url).json(), {"ping": "pong"})

    def test_a_client_registered_for_post_sends_its_secret_in_the_form(self):
        token = self.backend(self.post).fetch_token(
            self.token_url, client_secret=self.post.secret, include_client_id=True
        )
        self.assertEqual(sorted(token["scope"]), ["read", "write"])

    def test_a_wrong_secret_and_an_unknown_scope_arrive_as_the_librarys_own_errors(self):
        with self.refused(oauth2.InvalidClientError, "invalid_client"):
            self.backend(self.basic).fetch_token(self.token_url, client_secret="wrong")
        with self.refused(oauth2.InvalidScopeError, "invalid_scope"):
            self.backend(self.basic, ["none-such"]).fetch_token(
                self.token_url, client_secret=self.basic.secret
            )


class WebApplication(OauthlibCase):
    def test_a_confidential_client_gets_its_tokens_without_pkce(self):
        session = self.with_token(self.web)
        self.assertEqual(session.token["scope"], ["read"])
        self.assertTrue(session.token["refresh_token"])
        self.assert_speaks_for_user(session.get(self.info_url).json(), self.web, "read")

    def pkce(self, session):
        """The verifier, and the parameters of its challenge."""
        verifier = session._client.create_code_verifier(48)
        challenge = session._client.create_code_challenge(verifier, "S256")
        return verifier, {"code_challenge": challenge, "code_challenge_method": "S256"}

    def test_a_confidential_client_gets_its_tokens_with_pkce(self):
        session = self.web_session(self.web, ("read", "write"))
        verifier, challenge = self.pkce(session)
        url, _ = session.authorization_url(self.authorize_url, **challenge)
        token = session.fetch_token(
            self.token_url,
            authorization_response=self.allow(url),
            client_secret=self.web.secret,
            code_verifier=verifier,
        )
        self.assertEqual(token["scope"], ["read", "write"])

    def public(self, **how):
        """A public client that a user has allowed."""
        session = self.web_session(self.app)
        verifier, challenge = self.pkce(session)
        url, _ = session.authorization_url(self.authorize_url, **challenge)
        session.fetch_token(
            self.token_url, authorization_response=self.allow(url), code_verifier=verifier, **how
        )
        self.assert_speaks_for_user(session.get(self.info_url).json(), self.app, "read")
        return session

    def test_a_public_client_gets_and_refreshes_its_tokens_with_its_id_in_the_form(self):
        session = self.public(include_client_id=True)
        old = session.token["refresh_token"]
        token = session.refresh_token(self.token_url, client_id=self.app.id)
        self.assertNotEqual(token["refresh_token"], old)

    def test_a_public_client_may_be_named_by_basic_with_an_empty_password(self):
        """So the library does it where it is not told otherwise."""
        self.public()

    def test_a_client_registered_for_post_sends_its_secret_in_the_form(self):
        session = self.web_session(self.web_post)
        url, _ = session.authorization_url(self.authorize_url)
        session.fetch_token(
            self.token_url,
            authorization_response=self.allow(url),
            client_secret=self.web_post.secret,
            include_client_id=True,
        )
        self.assert_speaks_for_user(session.get(self.info_url).json(), self.web_post, "read")

    def test_a_denial_arrives_as_access_denied(self):
        session = self.web_session(self.stranger)
        url, _ = session.authorization_url(self.authorize_url)
        with self.refused(oauth2.AccessDeniedError, "access_denied"):
            session.fetch_token(self.token_url, authorization_response=self.deny(url))

    def test_a_scope_that_the_client_may_not_have_comes_back_as_invalid_scope(self):
        session = self.web_session(self.web, ["none-such"])
        url, _ = session.authorization_url(self.authorize_url)
        with self.refused(oauth2.InvalidScopeError, "invalid_scope"):
            session.fetch_token(self.token_url, authorization_response=self.allow(url))

    def test_the_state_comes_back_as_the_library_sent_it_and_any_other_is_noticed(self):
        state = "a b&c=d+e%/ü"
        session = self.web_session(self.web, state=state)
        url, _ = session.authorization_url(self.authorize_url)
        callback = self.allow(url)
        self.assertEqual(session._client.parse_request_uri_response(callback, state)["state"], state)
        with self.assertRaises(oauth2.MismatchingStateError):
            session.fetch_token(self.token_url, authorization_response=changed(callback, state="other"))

    def test_a_replayed_code_is_invalid_grant(self):
        session = self.web_session(self.web)
        url, _ = session.authorization_url(self.authorize_url)
        callback = self.allow(url)
        session.fetch_token(self.token_url, authorization_response=callback, client_secret=self.web.secret)
        with self.refused(oauth2.InvalidGrantError, "invalid_grant"):
            session.fetch_token(
                self.token_url, authorization_response=callback, client_secret=self.web.secret
            )


class Refresh(OauthlibCase):
    def expired(self, client, **options):
        """A session with the tokens of a user, that takes its access token for expired."""
        session = self.with_token(client, auto_refresh_url=self.token_url, **options)
        session.token = {**session.token, "expires_in": -10, "expires_at": 1}
        return session, session.token

    def test_an_expired_token_is_refreshed_on_the_way_to_the_resource(self):
        updates = []
        session, old = self.expired(self.web, token_updater=updates.append)
        answer = session.get(self.info_url, client_id=self.web.id, client_secret=self.web.secret)
        self.assert_speaks_for_user(answer.json(), self.web, "read")
        self.assertEqual(len(updates), 1)
        for name in ("access_token", "refresh_token"):
            self.assertNotEqual(updates[0][name], old[name])

    def test_a_client_registered_for_post_refreshes_with_its_secret_in_the_form(self):
        client = self.web_post
        session = self.web_session(
            client,
            auto_refresh_url=self.token_url,
            auto_refresh_kwargs={"client_id": client.id, "client_secret": client.secret},
            token_updater=lambda token: None,
        )
        url, _ = session.authorization_url(self.authorize_url)
        session.fetch_token(
            self.token_url,
            authorization_response=self.allow(url),
            client_secret=client.secret,
            include_client_id=True,
        )
        session.token = {**session.token, "expires_in": -10, "expires_at": 1}
        self.assert_speaks_for_user(session.get(self.info_url).json(), client, "read")

    def test_a_refresh_token_that_was_rotated_away_is_invalid_grant(self):
        session = self.with_token(self.web)
        old = session.token["refresh_token"]
        auth = (self.web.id, self.web.secret)
        session.refresh_token(self.token_url, auth=auth)
        session.refresh_token(self.token_url, auth=auth)
        with self.refused(oauth2.InvalidGrantError, "invalid_grant"):
            session.refresh_token(self.token_url, refresh_token=old, auth=auth)


class MobileApplication(OauthlibCase):
    def test_the_token_arrives_in_the_fragment(self):
        session = self.session(
            oauth2.MobileApplicationClient(self.page.id), redirect_uri=CALLBACK, scope=["read"]
        )
        url, _ = session.authorization_url(self.authorize_url)
        token = session.token_from_fragment(self.allow(url))
        self.assertEqual((token["token_type"], token["scope"]), ("Bearer", ["read"]))
        self.assertNotIn("refresh_token", token)
        self.assert_speaks_for_user(session.get(self.info_url).json(), self.page, "read")

    def test_a_denial_arrives_in_the_fragment_as_access_denied(self):
        strange = oauth2.MobileApplicationClient(self.strange_page.id)
        session = self.session(strange, redirect_uri=CALLBACK)
        url, _ = session.authorization_url(self.authorize_url)
        with self.refused(oauth2.AccessDeniedError, "access_denied"):
            session.token_from_fragment(self.deny(url))


class LegacyApplication(OauthlibCase):
    flags = ("--password-grant", "true")

    def fetch(self, password, client=None):
        client = client or self.legacy
        session = self.session(oauth2.LegacyApplicationClient(client.id, scope=["read"]))
        session.fetch_token(self.token_url, username=USERNAME, password=password, client_secret=client.secret)
        return session

    def test_name_and_password_give_tokens_that_speak_for_the_user(self):
        session = self.fetch(PASSWORD)
        self.assertEqual(session.token["scope"], ["read"])
        self.assertTrue(session.token["refresh_token"])
        self.assert_speaks_for_user(session.get(self.info_url).json(), self.legacy, "read")

    def test_a_wrong_password_is_invalid_grant(self):
        with self.refused(oauth2.InvalidGrantError, "invalid_grant"):
            self.fetch("wrong")

    def test_a_client_that_is_not_registered_for_it_is_an_unauthorized_client(self):
        with self.refused(oauth2.UnauthorizedClientError, "unauthorized_client"):
            self.fetch(PASSWORD, self.web)


class Device(OauthlibCase):
    def begin(self, client):
        """A session of the device, and what the authorization endpoint answered to the library's body."""
        device = oauth2.DeviceClient(client.id, scope=["read"])
        body = device.prepare_request_uri(self.device_url).partition("?")[2]
        session = self.session(device)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = session.post(self.device_url, data=body, headers=headers, withhold_token=True)
        self.assertEqual(answer.status_code, 200, answer.text)
        return session, answer.json()

    def poll(self, session, begun):
        return session.fetch_token(self.token_url, device_code=begun["device_code"], include_client_id=True)

    def test_an_allowed_device_gets_its_tokens(self):
        session, begun = self.begin(self.tv)
        self.allow_device(begun["verification_uri_complete"])
        token = self.poll(session, begun)
        self.assertEqual(token["scope"], ["read"])
        self.assert_speaks_for_user(session.get(self.info_url).json(), self.tv, "read")

    def test_while_nobody_has_decided_the_error_says_so_and_how_to_poll(self):
        session, begun = self.begin(self.tv)
        with self.refused(oauth2.OAuth2Error, "authorization_pending"):
            self.poll(session, begun)
        with self.refused(oauth2.OAuth2Error, "slow_down"):
            self.poll(session, begun)

    def test_a_denial_arrives_as_access_denied(self):
        session, begun = self.begin(self.tv)
        self.deny_device(begun["verification_uri_complete"])
        with self.refused(oauth2.AccessDeniedError, "access_denied"):
            self.poll(session, begun)
