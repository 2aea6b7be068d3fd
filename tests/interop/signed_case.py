"""What the tests of proxies that verify signed access tokens share: tokens with one fault each."""

import base64
import hmac
import json
import time
import warnings

from harness.planted import token_string

from proxy_case import FORGED, Paths

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of deprecated parts of other libraries
    from authlib.jose import JsonWebKey, JsonWebSignature

RESOURCE = "https://api.example.org"
TOLD = ("x-auth-subject", "x-auth-client", "x-auth-scope", "x-auth-token", "x-auth-user")


def parts_of(jwt):
    """Header and claims, unverified."""
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in jwt.split(".")[:2]]


def encoded(document):
    text = json.dumps(document, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


class SignedTokens(Paths):
    """Of a ProxyCase: /api/ takes signed tokens for RESOURCE, /api/reports/ those with the scope read."""

    algorithm = "ES256"
    foreign = (401,)  # how a good token for somebody else is refused

    @classmethod
    def populate(cls):
        super().populate()
        cls.site.ctl("key", "rotate", "--alg", cls.algorithm)
        flags = ("--access-token-format", "jwt", "--resource", RESOURCE)
        cls.app = cls.site.client("signing", "--scope", "read", "--scope", "write", *flags)

    def token(self, client=None, scope=None, **more):
        return super().token(client, scope, **{"resource": RESOURCE, **more})

    def told(self):
        (seen,) = self.seen
        return {name: value for name, value in seen["fields"] if name.replace("_", "-") in TOLD}

    def resigned(self, token, header=(), claims=(), key=None):
        """The token with other members (None: without it), signed with the server's own key or another one."""
        if key is None:
            key = self.site.ctl("key", "export", parts_of(token)[0]["kid"]).stdout
        changed = []
        for document, changes in zip(parts_of(token), (header, claims)):
            document.update(changes)
            changed.append({name: value for name, value in document.items() if value is not None})
        header, claims = changed
        signed = JsonWebSignature([self.algorithm]).serialize_compact(header, json.dumps(claims), key)
        return self.site.remember(signed.decode())

    def assert_turned_away(self, answer, status, error=None):
        self.assertEqual((answer.status, self.seen), (status, []), answer)
        if error:
            self.assertIn(f'error="{error}"', answer.field("WWW-Authenticate"))

    def assert_invalid(self, token):
        for path in ("/api/reports/", "/api/x"):
            self.assert_turned_away(self.ask(path, token), 401, "invalid_token")

    def assert_foreign(self, token):
        for path in ("/api/reports/", "/api/x"):
            answer = self.ask(path, token)
            self.assertIn(answer.status, self.foreign)
            self.assertEqual(self.seen, [])

    def test_a_token_with_the_scope_passes_and_the_api_is_told_whose_it_is(self):
        token = self.token(scope="read write")
        self.assertEqual(parts_of(token)[0]["alg"], self.algorithm)
        self.assert_passed(self.ask("/api/reports/1?x=1", token))
        told = self.told()
        self.assertEqual(sorted(told.pop("x-auth-scope").split()), ["read", "write"])
        jti = parts_of(token)[1]["jti"]
        self.assertEqual(
            told, {"x-auth-subject": self.app.id, "x-auth-client": self.app.id, "x-auth-token": jti}
        )
        self.assertNotIn("authorization", [name for name, _ in self.seen[0]["fields"]])
        self.assert_passed(self.ask("/api/reports/", self.resigned(token)))

    def test_a_token_without_the_scope_is_403(self):
        live = self.token(scope="write")
        for token in (live, *(self.resigned(live, claims={"scope": scope}) for scope in (None, "reader", "bread"))):
            self.assert_turned_away(self.ask("/api/reports/", token), 403)
            self.assert_turned_away(self.ask("/api/reports", token), 403)
            self.assert_passed(self.ask("/api/x", token))

    def test_without_a_token_it_is_401(self):
        for path in ("/api/reports/", "/api/x"):
            for answer in (self.ask(path), self.ask(path, method="OPTIONS")):
                self.assertEqual(answer.status, 401, answer)
                self.assertTrue(answer.field("WWW-Authenticate").startswith("Bearer "), answer)
            self.assertEqual(self.send(path, fields={"Authorization": self.app.basic}).status, 401)
            self.assertEqual(self.seen, [])

    def test_a_token_for_another_api_is_refused(self):
        token = self.token(scope="read", resource=self.site.issuer)
        self.assert_foreign(token)
        for audience in (None, "", RESOURCE + "/", "https://api.example.orgx", [self.site.issuer]):
            self.assert_foreign(self.resigned(token, claims={"aud": audience}))
        self.assert_passed(self.ask("/api/reports/", self.resigned(token, claims={"aud": RESOURCE})))

    def test_a_token_of_another_issuer_is_refused(self):
        token = self.token(scope="read")
        for issuer in (None, "", "http://127.0.0.1:90000", "https://other.example"):
            self.assert_foreign(self.resigned(token, claims={"iss": issuer}))

    def test_a_token_that_has_expired_or_never_does_is_refused(self):
        token = self.token(scope="read")
        for expiry in (None, 0, -1, int(time.time()) - 2, int(time.time()) - 500):
            with self.subTest(expiry):
                self.assert_invalid(self.resigned(token, claims={"exp": expiry}))
        issued = int(time.time()) - 3000
        old = self.resigned(token, claims={"iat": issued, "exp": issued + 3600})
        self.assert_passed(self.ask("/api/reports/", old))

    def test_a_token_that_was_good_is_refused_once_it_has_expired(self):
        token = self.resigned(self.token(scope="read"), claims={"exp": int(time.time()) + 3})
        self.ask("/api/x", token)
        while time.time() < parts_of(token)[1]["exp"] + 1:
            time.sleep(0.2)
        self.assert_invalid(token)

    def test_what_was_forged_is_refused(self):
        token = self.token(scope="write")
        header, claims, signature = token.split(".")
        wanted = encoded({**parts_of(token)[1], "scope": "read"})
        kind = ("EC", "P-256") if self.algorithm == "ES256" else ("RSA", 2048)
        other = JsonWebKey.generate_key(*kind, is_private=True).as_pem(is_private=True)
        for forged in (
            f"{header}.{wanted}.{signature}",
            f"{header}.{claims}.",
            f"{header}.{claims}",
            token[:-1],
            self.resigned(token, key=other),
            self.resigned(token, {"kid": None}, key=other),
            "x",
            "..",
            token_string("access"),
        ):
            self.assert_invalid(forged)

    def test_the_algorithm_is_not_the_tokens_to_choose(self):
        token = self.token(scope="read")
        header, claims = parts_of(token)
        for name in ("none", "None", ""):
            for signature in ("", token.split(".")[2]):
                self.assert_invalid(f"{encoded({**header, 'alg': name})}.{encoded(claims)}.{signature}")
        pem = self.site.ctl("key", "export", "--public", "--pem", header["kid"]).stdout
        forged = f"{encoded({**header, 'alg': 'HS256'})}.{encoded(claims)}"
        for secret in (pem, pem.strip(), "signing.pem", ""):
            signature = hmac.digest(secret.encode(), forged.encode(), "sha256")
            self.assert_invalid(forged + "." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode())

    def test_an_answer_of_signed_introspection_is_no_token(self):
        wanted = {"Accept": "application/token-introspection+jwt"}
        form = {"token": self.token(scope="read")}
        answer = self.http.post("/oauth/introspect", form, self.app.basic, headers=wanted)
        self.assertEqual(answer.field("Content-Type"), wanted["Accept"], answer)
        self.assert_invalid(answer.body.decode())

    def test_an_opaque_token_is_refused(self):
        client = self.site.client("opaque", "--scope", "read", "--resource", RESOURCE)
        self.assert_invalid(self.token(client, "read"))

    def test_what_a_client_says_of_itself_does_not_reach_the_api(self):
        claims = {**FORGED, "X-Auth-Subject": "root", "X_Auth_Subject": "root", "X_Auth-Token": "root"}
        token = self.token(scope="read")
        self.assert_passed(self.send("/api/reports/", fields={**claims, "Authorization": f"Bearer {token}"}))
        self.assertNotIn("root", self.told().values())
        self.assert_passed(self.send("/api/public/", fields=claims))
        self.assertEqual(self.told(), {})
        for name in ("OAUTH2_CLAIM_scope", "OAUTH2-CLAIM-scope"):
            fields = {name: "read", "Authorization": f"Bearer {self.token(scope='write')}"}
            self.assert_turned_away(self.send("/api/reports/", fields=fields), 403)

    def test_every_method_and_its_body_reach_the_api(self):
        token = self.token(scope="read")
        for method, body in (("GET", None), ("HEAD", None), ("POST", "a=b"), ("DELETE", None)):
            self.assert_passed(self.ask("/api/reports/", token, method, body))
            self.assertEqual((self.seen[0]["method"], self.seen[0]["body"]), (method, body or ""))
