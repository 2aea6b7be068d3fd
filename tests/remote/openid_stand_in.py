"""An OpenID provider that signs whatever the test wants: ID tokens of every wrong kind, too."""

import time

from authlib.jose import JsonWebKey, jwt
from services import OAuth2Service, Reply


def signing_key(kid):
    """For ES256. One without leading zeros: Authlib drops them, against RFC 7518 section 6.2.1.2."""
    while True:
        key = JsonWebKey.generate_key("EC", "P-256", {"kid": kid, "use": "sig"}, is_private=True)
        public = key.as_dict()
        if len(public["x"]) == len(public["y"]) == 43:
            return key


class OpenidStandIn(OAuth2Service):
    """`forge(claims, header)` may change both before they are signed, and answer another key or the token."""

    title = "Campus"

    def __init__(self, remember):
        super().__init__(remember)
        self.issuer = self.origin
        self.key = signing_key("ours")
        self.published = [self.key]
        self.forge = lambda claims, header: None
        self.metadata = {}
        self.userinfo = {}
        self.routes["/.well-known/openid-configuration"] = lambda _: Reply(
            {
                "issuer": self.issuer,
                "authorization_endpoint": self.origin + "/authorize",
                "token_endpoint": self.origin + "/token",
                "userinfo_endpoint": self.origin + "/userinfo",
                "jwks_uri": self.origin + "/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                **self.metadata,
            }
        )
        self.routes["/jwks"] = lambda _: Reply({"keys": [key.as_dict() for key in self.published]})
        self.routes["/userinfo"] = self.of_user

    def person(self, sub, clock=0, **claims):
        """Who sits at the browser from now on. `clock`: how many seconds ours is off."""
        self.user = {"sub": sub, "clock": clock, **claims}

    def of_user(self, request):
        user = self.tokens.get(request.bearer)
        if user is None:
            return Reply({"error": "invalid_token"}, 401)
        known = {name: value for name, value in user.items() if name not in ("clock", "nonce")}
        return Reply({**known, **self.userinfo})

    def token(self, request):
        if request.form.get("code") in self.codes:
            user, asked = self.codes[request.form["code"]]
            user["nonce"] = asked.get("nonce")
        return super().token(request)

    def more_of_token(self, user):
        now = int(time.time()) + user["clock"]
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": now,
            "exp": now + 3600,
            **{name: value for name, value in user.items() if name != "clock"},
        }
        header = {"alg": "ES256", "kid": "ours"}
        forged = self.forge(claims, header)
        if isinstance(forged, str):
            return {"id_token": self.remember(forged)}
        token = jwt.encode(header, claims, forged or self.key).decode()
        return {"id_token": self.remember(token)}
