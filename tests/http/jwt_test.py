"""JWT access tokens (RFC 9068), as resource servers see them: verified by another library with the published keys."""

import time
import warnings

from harness.planted import opened, plant_decision

from browser_case import PASSWORD, BrowserCase
from grant_case import BOTH, CALLBACK, SCOPES

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of deprecated parts of other libraries
    from authlib.jose import JsonWebKey, JsonWebToken
    from authlib.jose.errors import BadSignatureError, JoseError

ALGORITHMS = ("EdDSA", "ES256", "RS256")
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
AS_JWT = ("--access-token-format", "jwt")
REQUIRED = ("iss", "exp", "aud", "sub", "client_id", "iat", "jti")  # RFC 9068 section 2.2


class JwtCase(BrowserCase):
    flags = ("--password-grant", "true", "--rate-limit-device", "0")

    @classmethod
    def populate(cls):
        super().populate()
        cls.web = cls.site.client("jwt-web", *AS_JWT, *BOTH, *SCOPES)
        cls.spa = cls.site.client("jwt-spa", "--public", *AS_JWT, *BOTH, *SCOPES)
        cls.page = cls.site.client(
            "jwt-page", "--public", *AS_JWT, "--grant", "implicit", "--redirect-uri", CALLBACK, *SCOPES
        )
        cls.legacy = cls.site.client("jwt-legacy", *AS_JWT, "--grant", "password", *SCOPES)
        cls.tv = cls.site.client("jwt-tv", "--public", *AS_JWT, "--grant", "device_code", *SCOPES)
        cls.machines = {
            algorithm: cls.site.client(f"jwt-{algorithm}", *AS_JWT, "--signing-alg", algorithm, *SCOPES)
            for algorithm in ALGORITHMS
        }
        cls.machine = cls.machines["EdDSA"]

    def keys(self):
        answer = self.http.get("/oauth/jwks")
        self.assertEqual(answer.status, 200, answer)
        return JsonWebKey.import_key_set(answer.json())

    def verified(self, jwt, algorithms=ALGORITHMS):
        """Header and claims, once the library has found the signature right."""
        claims = JsonWebToken(algorithms).decode(jwt, self.keys())
        return claims.header, dict(claims)

    def assert_ours(self, token, client, subject, scope):
        header, claims = self.verified(token)
        self.assertEqual((header["typ"], header["alg"]), ("at+jwt", "EdDSA"))
        self.assertEqual({name for name in REQUIRED if name not in claims}, set())
        self.assertEqual((claims["iss"], claims["aud"]), (self.issuer, self.issuer))
        self.assertEqual((claims["sub"], claims["client_id"]), (subject, client.id))
        self.assertEqual(claims["scope"], scope)
        self.assertEqual(claims["exp"] - claims["iat"], 3600)
        self.assertLess(abs(claims["iat"] - time.time()), 30)
        document = self.introspect(token)
        self.assertEqual({name: document.get(name) for name in claims}, claims)
        self.assertEqual((document["active"], document["token_kind"]), (True, "access"))
        self.assertEqual(self.bearer(token).json(), {"ping": "pong"})
        return claims


class Grants(JwtCase):
    def test_client_credentials(self):
        self.assert_ours(self.token(self.machine, "read"), self.machine, self.machine.id, "read")

    def test_a_code_and_a_refresh_whose_token_stays_opaque(self):
        for client in (self.web, self.spa):
            first = self.first(client)
            self.assert_ours(first["access_token"], client, self.user_id, "read write")
            self.assertRegex(first["refresh_token"], r"\Ao2r_[0-9A-Za-z]{49}\Z")
            second = self.given(self.refresh(first["refresh_token"], client, scope="read"))
            claims = self.assert_ours(second["access_token"], client, self.user_id, "read")
            self.assertNotEqual(claims["jti"], self.verified(first["access_token"])[1]["jti"])

    def test_a_password(self):
        form = {"grant_type": "password", "username": "alice", "password": PASSWORD, "scope": "read"}
        document = self.given(self.ask(self.legacy, form))
        self.assert_ours(document["access_token"], self.legacy, self.user_id, "read")

    def test_a_device(self):
        form = {"client_id": self.tv.id, "scope": "read"}
        begun = self.http.post("/oauth/device_authorization", form).json()
        poll = {
            "grant_type": DEVICE_GRANT,
            "device_code": self.site.remember(begun["device_code"]),
            "client_id": self.tv.id,
        }
        self.assert_error(self.http.post("/oauth/token", poll), 400, "authorization_pending")
        plant_decision(self.site, begun["device_code"], self.user_id)
        document = self.given(self.remembered(self.http.post("/oauth/token", poll)))
        self.assert_ours(document["access_token"], self.tv, self.user_id, "read")

    def test_the_implicit_flow_whether_the_user_is_asked_or_has_allowed_it_before(self):
        person = self.signed_in()
        request = {"response_type": "token", "code_challenge": None, "code_challenge_method": None}
        asked = self.ask_for_code(person, self.page, **request)
        self.assertIsNone(asked.location)
        for answer in (self.allow(person, asked), self.ask_for_code(person, self.page, **request)):
            self.assertEqual(answer.status, 303, answer)
            token = self.site.remember(answer.query()["access_token"])
            self.assert_ours(token, self.page, self.user_id, "read")

    def test_a_change_of_the_format_counts_from_the_next_token_on(self):
        client = self.site.client("changing", *SCOPES)
        opaque = self.token(client)
        self.assertRegex(opaque, r"\Ao2a_")
        self.site.ctl("client", "update", client.id, *AS_JWT)
        jwt = self.token(client, "read")
        self.assert_ours(jwt, client, client.id, "read")
        self.site.ctl("client", "update", client.id, "--access-token-format", "opaque")
        self.assertRegex(self.token(client), r"\Ao2a_")
        for token in (opaque, jwt):
            self.assert_active(token)


class Signatures(JwtCase):
    def test_each_algorithm_verifies_with_the_key_that_is_published_for_it(self):
        for algorithm, client in self.machines.items():
            with self.subTest(algorithm):
                header, _ = self.verified(self.token(client), [algorithm])
                self.assertEqual(header["alg"], algorithm)

    def test_a_changed_signature_and_changed_claims_verify_nowhere_and_are_refused_here(self):
        header, claims, signature = self.token(self.machine, "read").split(".")
        other = self.token(self.machine, "read write").split(".")
        for bad in (
            f"{header}.{claims}.{other[2]}",
            f"{header}.{other[1]}.{signature}",
            f"{header}.{claims}.{signature[:-2]}",
        ):
            with self.assertRaises((BadSignatureError, JoseError, ValueError)):
                self.verified(bad)
            self.assert_inactive(bad)
            self.assertEqual(self.bearer(bad).status, 401)


class Life(JwtCase):
    def test_a_revoked_token_is_refused_although_its_signature_is_good(self):
        token = self.token(self.machine, "read")
        self.assertEqual(self.bearer(token).status, 200)
        self.assertEqual(self.revoke(token, self.machine).status, 200)
        self.assert_inactive(token)
        answer = self.bearer(token)
        self.assertEqual(answer.status, 401)
        self.assertIn('error="invalid_token"', answer.field("WWW-Authenticate"))
        self.verified(token)

    def test_only_its_own_client_revokes_it(self):
        token = self.token(self.machine, "read")
        self.assert_error(self.revoke(token, self.app), 400, "invalid_grant")
        self.assert_active(token)

    def test_its_id_revokes_it_on_the_command_line(self):
        token = self.token(self.machine, "read")
        self.site.ctl("token", "revoke", self.verified(token)[1]["jti"])
        self.assert_inactive(token)

    def test_a_disabled_client_and_an_expired_token_are_inactive(self):
        client = self.site.client("disabled", *AS_JWT, *SCOPES)
        token = self.token(client)
        self.site.ctl("client", "disable", client.id)
        self.assert_inactive(token)
        self.site.ctl("client", "enable", client.id)
        self.assert_active(token)
        with opened(self.site.db) as connection:
            connection.execute(
                "UPDATE tokens SET expires_at = ? WHERE id = ?",
                (int(time.time()) - 1, self.verified(token)[1]["jti"]),
            )
        self.assert_inactive(token)

    def test_a_replayed_code_ends_the_jwt_that_it_gave(self):
        code = self.code(self.web)
        token = self.given(self.redeem(code))["access_token"]
        self.refused(self.redeem(code))
        self.assert_inactive(token)

    def test_the_command_line_verifies_it_and_prints_the_same_document(self):
        token = self.token(self.machine, "read")
        printed = self.site.ctl_json("token", "verify", "--token-from", "-", stdin=token)
        self.assertEqual(printed, self.introspect(token))


class Size(JwtCase):
    def test_a_token_that_would_not_fit_into_a_request_is_not_made(self):
        names = [f"s{number}{'x' * 90}" for number in range(80)]
        self.site.scopes(*names)
        flags = [word for name in names for word in ("--scope", name)]
        client = self.site.client("greedy", *AS_JWT, *flags)
        self.assert_error(self.ask_token(client), 400, "invalid_scope")
        most = self.token(client, " ".join(names[:57]))
        self.assertGreater(len(most), 7500)
        self.assertEqual(self.bearer(most).status, 200)
        self.assert_active(most)

    def test_an_absurdly_long_text_is_inactive(self):
        token = self.token(self.machine, "read")
        for text in (token + "x" * 60_000, "." * 60_000, "a.b." + "c" * 60_000):
            self.assert_inactive(text)


class SignedIntrospection(JwtCase):
    """RFC 9701."""

    SIGNED = "application/token-introspection+jwt"

    def answer(self, accept, token, client=None):
        headers = {"Accept": accept} if accept is not None else {}
        return self.http.post("/oauth/introspect", {"token": token}, (client or self.api).basic, headers)

    def assert_signed(self, answer, client, algorithm="RS256"):
        self.assertEqual((answer.status, answer.field("Content-Type")), (200, self.SIGNED), answer)
        self.assert_not_stored(answer)
        header, claims = self.verified(answer.body.decode(), [algorithm])
        self.assertEqual((header["typ"], header["alg"]), ("token-introspection+jwt", algorithm))
        self.assertEqual(set(claims), {"iss", "aud", "iat", "token_introspection"})
        self.assertEqual((claims["iss"], claims["aud"]), (self.issuer, client.id))
        self.assertLess(abs(claims["iat"] - time.time()), 30)
        return claims["token_introspection"]

    def test_the_signed_document_is_the_same_document(self):
        for token in (self.token(self.machine, "read"), self.token(scope="read")):
            document = self.assert_signed(self.answer(self.SIGNED, token), self.api)
            self.assertEqual(document, self.introspect(token))

    def test_of_an_inactive_token_it_says_that_and_no_more(self):
        document = self.assert_signed(self.answer(self.SIGNED, "unknown"), self.api)
        self.assertEqual(document, {"active": False})

    def test_it_is_signed_as_the_caller_is_registered_for(self):
        token = self.token()
        for algorithm in ALGORITHMS:
            caller = self.site.client(f"api-{algorithm}", "--signing-alg", algorithm)
            self.assert_signed(self.answer(self.SIGNED, token, caller), caller, algorithm)

    def test_whoever_names_the_type_and_wants_nothing_more_gets_it(self):
        token = self.token()
        for accept in (
            self.SIGNED,
            self.SIGNED.upper(),
            f"text/html, {self.SIGNED}",
            f"{self.SIGNED}, application/json",
            f"application/json;q=0.5, {self.SIGNED};q=0.6",
            f"{self.SIGNED};q=0.2, application/json;q=0",
            f"*/*;q=0.1, {self.SIGNED}",
        ):
            with self.subTest(accept):
                self.assertEqual(self.answer(accept, token).field("Content-Type"), self.SIGNED)

    def test_whoever_does_not_or_wants_json_more_gets_json(self):
        token = self.token()
        for accept in (
            None,
            "",
            "*/*",
            "application/*",
            "application/json",
            "application/jwt",
            "text/html",
            f"{self.SIGNED};q=0",
            f"{self.SIGNED};q=0.5, application/json",
            f"{self.SIGNED};q=0.5, */*",
            f"{self.SIGNED};q=x",
            "application/token-introspection+jwtx",
        ):
            with self.subTest(accept):
                answer = self.answer(accept, token)
                self.assertEqual(answer.field("Content-Type"), "application/json", answer)
                self.assertIs(answer.json()["active"], True)

    def test_an_error_stays_json(self):
        for form, credentials, status in (
            ({}, self.api.basic, 400),
            ({"token": "x"}, None, 401),
        ):
            answer = self.http.post("/oauth/introspect", form, credentials, {"Accept": self.SIGNED})
            self.assertEqual((answer.status, answer.field("Content-Type")), (status, "application/json"))
            self.assertIn("error", answer.json())

    def test_it_is_no_access_token(self):
        token = self.token(self.machine, "read")
        signed = self.answer(self.SIGNED, token).body.decode()
        self.assertEqual(self.bearer(signed).status, 401)
        self.assert_inactive(signed)

    def test_the_metadata_names_the_algorithms(self):
        document = self.http.get("/.well-known/oauth-authorization-server").json()
        self.assertEqual(document["introspection_signing_alg_values_supported"], list(ALGORITHMS))


class Published(JwtCase):
    def test_the_kid_of_every_token_is_published_once_with_its_algorithm(self):
        for algorithm, client in self.machines.items():
            header, _ = self.verified(self.token(client))
            keys = self.http.get("/oauth/jwks").json()["keys"]
            self.assertEqual([key["alg"] for key in keys if key["kid"] == header["kid"]], [algorithm])
