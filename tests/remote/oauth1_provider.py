"""An OAuth 1.0a provider that nobody here wrote: oauthlib's server side."""

from oauthlib import oauth1

from services import PAGE, Reply, Service, redirect

HTML = "text/html"


class Rules(oauth1.RequestValidator):
    """What oauthlib asks about clients and tokens."""

    enforce_ssl = False
    client_key_length = (3, 30)
    request_token_length = access_token_length = verifier_length = (20, 30)
    nonce_length = (20, 30)
    safe_characters = oauth1.RequestValidator.safe_characters.fget(None) | set("-_")
    dummy_client = dummy_request_token = dummy_access_token = "dummy"

    def __init__(self, owner):
        super().__init__()
        self.owner = owner

    @property
    def allowed_signature_methods(self):
        return (self.owner.signature_method,)

    def check_client_key(self, key):
        return key == self.owner.client_id

    def validate_client_key(self, key, request):
        return key == self.owner.client_id

    def get_client_secret(self, key, request):
        return self.owner.secret

    def validate_timestamp_and_nonce(
        self, key, timestamp, nonce, request, request_token=None, access_token=None
    ):
        used = (timestamp, nonce)
        fresh = used not in self.owner.nonces
        self.owner.nonces.add(used)
        return fresh

    def validate_redirect_uri(self, key, uri, request):
        return uri.startswith(self.owner.callback)

    def get_default_realms(self, key, request):
        return []

    def validate_requested_realms(self, key, realms, request):
        return True

    def validate_realms(self, key, token, request, uri=None, realms=None):
        return True

    def get_realms(self, token, request):
        return []

    def verify_realms(self, token, realms, request):
        return True

    # Request tokens: {"secret", "callback", "verifier", "user"}

    def save_request_token(self, token, request):
        self.owner.keep(token)
        self.owner.request_tokens[token["oauth_token"]] = {
            "secret": token["oauth_token_secret"],
            "callback": request.redirect_uri,
        }

    def verify_request_token(self, token, request):
        return token in self.owner.request_tokens

    def validate_request_token(self, key, token, request):
        return token in self.owner.request_tokens

    def get_request_token_secret(self, key, token, request):
        return self.owner.request_tokens[token]["secret"]

    def get_redirect_uri(self, token, request):
        return self.owner.request_tokens[token]["callback"]

    def save_verifier(self, token, verifier, request):
        self.owner.keep({"oauth_verifier": verifier["oauth_verifier"]})
        kept = self.owner.request_tokens[token]
        kept["verifier"], kept["user"] = verifier["oauth_verifier"], dict(self.owner.user)

    def validate_verifier(self, key, token, verifier, request):
        return self.owner.request_tokens[token].get("verifier") == verifier

    def invalidate_request_token(self, key, token, request):
        del self.owner.request_tokens[token]

    # Access tokens: {"secret", "user"}

    def save_access_token(self, token, request):
        self.owner.keep(token)
        user = self.owner.request_tokens[request.resource_owner_key]["user"]
        self.owner.access_tokens[token["oauth_token"]] = {"secret": token["oauth_token_secret"], "user": user}

    def validate_access_token(self, key, token, request):
        return token in self.owner.access_tokens

    def get_access_token_secret(self, key, token, request):
        return self.owner.access_tokens[token]["secret"]


class OAuth1Provider(Service):
    """`user`: the document that the signed resource /user answers. `callback`: how ours begin."""

    def __init__(self, remember, callback, signature_method="HMAC-SHA1"):
        super().__init__(remember)
        self.callback = callback
        self.signature_method = signature_method
        self.user = {}
        self.nonces = set()
        self.request_tokens = {}
        self.access_tokens = {}
        rules = Rules(self)
        self.giving_request_tokens = oauth1.RequestTokenEndpoint(rules)
        self.asking = oauth1.AuthorizationEndpoint(rules)
        self.giving_access_tokens = oauth1.AccessTokenEndpoint(rules)
        self.guarding = oauth1.ResourceEndpoint(rules)
        self.routes = {
            "/request_token": self.request_token,
            "/authorize": self.authorize,
            "/access_token": self.access_token,
            "/user": self.resource,
        }

    def keep(self, token):
        for name, value in token.items():
            if name in ("oauth_token", "oauth_token_secret", "oauth_verifier"):
                self.remember(value)

    @staticmethod
    def ours(request):
        """As oauthlib takes it."""
        names = {"authorization": "Authorization", "content-type": "Content-Type"}
        return {names[name]: value for name, value in request.fields.items() if name in names}

    @staticmethod
    def reply(answer):
        fields, body, status = answer
        kind = fields.pop("Content-Type", "application/x-www-form-urlencoded")
        return Reply((body or "").encode(), status, kind, **fields)

    def request_token(self, request):
        return self.reply(
            self.giving_request_tokens.create_request_token_response(
                self.origin + request.target, request.method, request.body, self.ours(request)
            )
        )

    def authorize(self, request):
        if request.method == "GET":
            token = request.query.get("oauth_token", "")
            if token not in self.request_tokens:
                return Reply(b"<h1>Unknown request token</h1>", 400, HTML)
            page = PAGE.format(title="Authorize for OAuth 1.0a", path="/authorize", query=token)
            return Reply(page.encode(), content_type=HTML)
        token = request.form["query"]
        if request.form["confirm"] == "no":
            callback = self.request_tokens[token]["callback"]
            return redirect(callback, oauth_token=token, oauth_problem="user_refused")
        url = f"{self.origin}/authorize?oauth_token={token}"
        return self.reply(self.asking.create_authorization_response(url, "POST", realms=[]))

    def access_token(self, request):
        return self.reply(
            self.giving_access_tokens.create_access_token_response(
                self.origin + request.target, request.method, request.body, self.ours(request)
            )
        )

    def resource(self, request):
        valid, seen = self.guarding.validate_protected_resource_request(
            self.origin + request.target, request.method, request.body, self.ours(request)
        )
        if not valid:
            return Reply({"error": "signature"}, 401)
        return Reply(self.access_tokens[seen.resource_owner_key]["user"])
