#!/usr/bin/python3
"""A web application whose users sign in at oauth2d: code with PKCE, refresh, introspection, revocation.

Its settings come from the environment: CONSUMER_CLIENT_ID and CONSUMER_CLIENT_SECRET, which
`oauth2ctl client create` printed, and CONSUMER_ISSUER, http://127.0.0.1:9000 unless set. See README.md.
"""

import argparse
import collections
import dataclasses
import html
import http.cookies
import http.server
import json
import os
import pathlib
import secrets
import sys
import threading
import time
import urllib.parse

import requests
from oauthlib.oauth2 import InvalidGrantError, OAuth2Error, TokenExpiredError, WebApplicationClient
from requests_oauthlib import OAuth2Session

HERE = pathlib.Path(__file__).resolve().parent
COOKIE = "consumer_session"  # cookies know no ports: on one host, oauth2d sees it too, and we see its own
MAX_VISITORS = 1000
TIMEOUT = 10  # seconds, for each call to oauth2d


class Trouble(Exception):
    """What the person at the browser is told."""

    def __init__(self, text, status=400):
        super().__init__(text)
        self.status = status


# Neither the access token nor the refresh token is taken any more.
LOST_ACCESS = (InvalidGrantError, TokenExpiredError)


# The authorization server, and all that is said to it.


class AuthorizationServer:
    def __init__(self, issuer, client_id, client_secret, redirect_uri):
        self.issuer = issuer
        self.client_id = client_id
        self.client_secret = client_secret
        self.credentials = requests.auth.HTTPBasicAuth(client_id, client_secret)
        self.redirect_uri = redirect_uri
        self.info_url = issuer + "/oauth/info"
        self._metadata = None

    @property
    def metadata(self):
        """RFC 8414: where the endpoints are. Asked once, and again until it worked."""
        if self._metadata is None:
            answer = requests.get(self.issuer + "/.well-known/oauth-authorization-server", timeout=TIMEOUT)
            answer.raise_for_status()
            document = answer.json()
            if document["issuer"] != self.issuer:
                raise Trouble(f"{self.issuer} calls itself {document['issuer']}.", 502)
            self._metadata = document
        return self._metadata

    def session(self, **more):
        return OAuth2Session(self.client_id, redirect_uri=self.redirect_uri, **more)

    def begin(self):
        """(url, state, verifier): where to send the browser, and what to remember until it is back."""
        client = WebApplicationClient(self.client_id)
        verifier = client.create_code_verifier(64)
        challenge = client.create_code_challenge(verifier, "S256")
        url, state = self.session().authorization_url(
            self.metadata["authorization_endpoint"], code_challenge=challenge, code_challenge_method="S256"
        )
        return url, state, verifier

    def redeem(self, code, verifier):
        return self.session().fetch_token(
            self.metadata["token_endpoint"],
            code=code,
            code_verifier=verifier,
            auth=self.credentials,
            timeout=TIMEOUT,
        )

    def refresh(self, token):
        if "refresh_token" not in token:
            raise TokenExpiredError()
        return self.session(token=token).refresh_token(
            self.metadata["token_endpoint"], auth=self.credentials, timeout=TIMEOUT
        )

    def info(self, token, keep):
        """Calls the API. A token whose time is over is refreshed before; `keep(token)` gets the new one."""
        refresh_url = self.metadata["token_endpoint"] if "refresh_token" in token else None
        session = self.session(token=token, auto_refresh_url=refresh_url, token_updater=keep)
        return session.get(
            self.info_url, client_id=self.client_id, client_secret=self.client_secret, timeout=TIMEOUT
        )

    def introspect(self, token):
        """RFC 7662"""
        return self._post("introspection_endpoint", token["access_token"]).json()

    def revoke(self, token):
        """RFC 7009. The refresh token takes its access tokens with it."""
        self._post("revocation_endpoint", token.get("refresh_token", token["access_token"]))

    def _post(self, endpoint, token):
        answer = requests.post(
            self.metadata[endpoint], {"token": token}, auth=self.credentials, timeout=TIMEOUT
        )
        answer.raise_for_status()
        return answer


# The visitors: one for each browser, in memory.


@dataclasses.dataclass
class Visitor:
    csrf_token: str
    pending: dict = dataclasses.field(default_factory=dict)  # state → code_verifier, of sign-ins under way
    token: dict = None
    user: dict = None  # as /oauth/info told
    notice: str = ""
    shown: tuple = None  # (heading, JSON) of the last answer
    # Refresh tokens rotate: two requests of one visitor must not refresh at once.
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)


class Visitors:
    def __init__(self):
        self._known = collections.OrderedDict()
        self._lock = threading.Lock()

    def find(self, key):
        with self._lock:
            return self._known.get(key)

    def admit(self):
        """(key, visitor); the oldest goes when there are too many."""
        key, visitor = secrets.token_urlsafe(32), Visitor(secrets.token_urlsafe(32))
        with self._lock:
            self._known[key] = visitor
            while len(self._known) > MAX_VISITORS:
                self._known.popitem(last=False)
        return key, visitor

    def forget(self, key):
        with self._lock:
            self._known.pop(key, None)


# What the buttons do. Each takes the server and a visitor, and leaves a notice.


def sign_in(server, visitor):
    url, state, verifier = server.begin()
    while len(visitor.pending) >= 8:  # several tabs may sign in at once, but not any number
        visitor.pending.pop(next(iter(visitor.pending)))
    visitor.pending[state] = verifier
    return url


def come_back(server, visitor, query):
    """The callback. Nothing in it is believed before `state` is found to be ours (RFC 6749 section 10.12)."""
    verifier = visitor.pending.pop(query.get("state", ""), None)
    if verifier is None:
        raise Trouble("This sign-in was not started in this browser, or it is over. Please try again.")
    if query.get("iss") != server.issuer:  # RFC 9207: the answer of another server is not for us
        raise Trouble("The answer came from another authorization server.")
    if query.get("error") == "access_denied":
        visitor.notice = "You did not allow it, so nothing happened. You can sign in whenever you like."
        return
    if "error" in query:
        raise Trouble(f"oauth2d refused the request: {query['error']}.")
    visitor.token = server.redeem(query.get("code", ""), verifier)
    call(server, visitor)
    visitor.notice = "You are signed in."


def call(server, visitor):
    """An API call as it should be: when the token is refused, it is refreshed once and tried again."""

    def keep(token):
        visitor.token = token
        visitor.notice = "The access token was too old and was refreshed on the way."

    visitor.notice = "The API was called."
    answer = server.info(visitor.token, keep)
    if answer.status_code == 401:
        visitor.token = server.refresh(visitor.token)
        visitor.notice = "The access token was refused, so it was refreshed."
        answer = server.info(visitor.token, keep)
    answer.raise_for_status()
    visitor.user = answer.json().get("user")
    visitor.shown = ("What /oauth/info says", answer.json())


def refresh(server, visitor):
    visitor.token = server.refresh(visitor.token)
    visitor.notice = "There is a new access token, and a new refresh token with it."


def call_expired(server, visitor):
    """Waiting an hour would show the same: the library looks at its own clock."""
    visitor.token = {**visitor.token, "expires_at": time.time() - 10}
    call(server, visitor)


def validate(server, visitor):
    document = server.introspect(visitor.token)
    visitor.notice = "The token is valid." if document["active"] else "The token is not valid any more."
    visitor.shown = ("What introspection says", document)


ACTIONS = {"/call": call, "/refresh": refresh, "/call-expired": call_expired, "/validate": validate}


# The pages.

BUTTONS = (
    ("/call", "Call the API", "primary"),
    ("/refresh", "Refresh now"),
    ("/call-expired", "Let it expire, then call"),
    ("/validate", "Validate"),
    ("/logout", "Sign out"),
)


def button(visitor, action, label, kind=""):
    return (
        f'<form method="post" action="{action}"><input type="hidden" name="csrf_token" '
        f'value="{visitor.csrf_token}"><button class="{kind}">{html.escape(label)}</button></form>'
    )


def shortened(token):
    return html.escape(token[:10] + "…" + token[-4:]) if token else "none"


def signed_in_part(visitor):
    token = visitor.token
    name = (visitor.user or {}).get("username") or "somebody"
    left = max(0, int(token.get("expires_at", 0) - time.time()))
    scope = token.get("scope", "")
    rows = (
        ("Access token", f"<code>{shortened(token['access_token'])}</code>, for {left} more seconds"),
        ("Refresh token", f"<code>{shortened(token.get('refresh_token'))}</code>"),
        ("Scope", html.escape(scope if isinstance(scope, str) else " ".join(scope)) or "none"),
    )
    table = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in rows)
    buttons = "".join(button(visitor, *what) for what in BUTTONS)
    shown = ""
    if visitor.shown:
        heading, document = visitor.shown
        shown = f"<h2>{html.escape(heading)}</h2><pre>{html.escape(json.dumps(document, indent=2))}</pre>"
    return f'<h1>Hello, {html.escape(name)}</h1><dl>{table}</dl><div class="buttons">{buttons}</div>{shown}'


def signed_out_part(visitor):
    return (
        "<h1>A small application</h1><p>It knows no passwords. It asks oauth2d who you are, and you decide "
        f"there what it may do.</p>{button(visitor, '/sign-in', 'Sign in with oauth2d', 'primary')}"
    )


def start_page(visitor):
    notice = f'<p class="notice" role="status">{html.escape(visitor.notice)}</p>' if visitor.notice else ""
    visitor.notice = ""
    return notice + (signed_in_part(visitor) if visitor.token else signed_out_part(visitor))


def trouble_page(text):
    told = f'<p class="notice" role="alert">{html.escape(text)}</p>'
    return f'<h1>That did not work</h1>{told}<p><a href="/">Back</a></p>'


def whole_page(body):
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Consumer</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/style.css"></head><body><main>{body}</main></body></html>'
    )


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self):
        self.answer(self.get)

    def do_POST(self):
        self.answer(self.post)

    def answer(self, act):
        """The one place where what went wrong becomes a page."""
        self.path_only, _, self.query = self.path.partition("?")
        self.key, self.visitor, self.new_cookie = None, None, None
        form = self.read_form()
        if self.headers.get("Host") != self.server.authority:  # localhost is another site, with other cookies
            return self.redirect(self.server.base_url + "/")
        self.recognize()
        try:
            with self.visitor.lock:
                act(form)
        except ConnectionError:
            raise  # the browser's own connection: nobody is left to be told
        except Exception as error:
            text, status = explained(error)
            self.visitor.notice = ""
            if isinstance(error, LOST_ACCESS):
                self.visitor.token, self.visitor.user, self.visitor.shown = None, None, None
            self.page(trouble_page(text), status)

    def read_form(self):
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > 10000 or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            return {}
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        return dict(urllib.parse.parse_qsl(body))

    def recognize(self):
        cookies = http.cookies.SimpleCookie()
        try:
            cookies.load(self.headers.get("Cookie", ""))
        except http.cookies.CookieError:
            pass  # nothing of ours is in it
        self.key = cookies[COOKIE].value if COOKIE in cookies else None
        self.visitor = self.server.visitors.find(self.key)
        if self.visitor is None:
            self.admit()

    def admit(self):
        self.key, self.visitor = self.server.visitors.admit()
        self.new_cookie = self.key

    def get(self, _):
        if self.path_only == "/":
            self.page(start_page(self.visitor))
        elif self.path_only == "/authorized":
            self.authorized()
        elif self.path_only == "/style.css":
            self.send(200, "text/css", (HERE / "style.css").read_bytes())
        else:
            raise Trouble("There is nothing here.", 404)

    def authorized(self):
        query = dict(urllib.parse.parse_qsl(self.query))
        come_back(self.server.oauth, self.visitor, query)
        if self.visitor.token:  # a new session id at every sign-in: nobody can have planted this one
            self.server.visitors.forget(self.key)
            before = self.visitor
            self.admit()
            for name in ("token", "user", "notice", "shown"):
                setattr(self.visitor, name, getattr(before, name))
        self.redirect("/")

    def post(self, form):
        if not secrets.compare_digest(form.get("csrf_token", "").encode(), self.visitor.csrf_token.encode()):
            raise Trouble("This page was too old. Please go back and try again.", 403)
        if self.path_only == "/sign-in":
            return self.redirect(sign_in(self.server.oauth, self.visitor))
        if self.path_only != "/logout" and self.path_only not in ACTIONS:
            raise Trouble("There is nothing here.", 404)
        if self.visitor.token is None:
            raise Trouble("You are not signed in.", 403)
        if self.path_only == "/logout":
            self.log_out()
        else:
            ACTIONS[self.path_only](self.server.oauth, self.visitor)
        self.redirect("/")

    def log_out(self):
        """Out in any case, whether the tokens could be revoked or not."""
        notice = "You are signed out, and the tokens are revoked."
        try:
            self.server.oauth.revoke(self.visitor.token)
        except requests.RequestException:
            notice = "You are signed out. oauth2d did not answer, so the tokens live on until they expire."
        self.server.visitors.forget(self.key)
        self.admit()
        self.visitor.notice = notice

    def page(self, body, status=200):
        self.send(status, "text/html; charset=utf-8", whole_page(body).encode())

    def redirect(self, location):
        self.send(303, "text/plain", b"", location)

    def send(self, status, kind, body, location=None):
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        if self.new_cookie:
            self.send_header("Set-Cookie", f"{COOKIE}={self.new_cookie}; Path=/; HttpOnly; SameSite=Lax")
        # Chromium holds form-action against redirects too: "Sign in" is a form that ends at oauth2d.
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
            f"form-action 'self' {self.server.oauth.issuer}",
        )
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form, *values):
        pass

    def log_request(self, code="-", size="-"):
        """Without the query: the callback's has the code in it."""
        print(f"consumer: {self.command} {self.path.partition('?')[0]!r} {int(code)}", file=sys.stderr)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Browsers hang up in the middle; that is no news."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def explained(error):
    """(text, status) of what went wrong: what a person can do something about, never a token."""
    if isinstance(error, Trouble):
        return str(error), error.status
    if isinstance(error, LOST_ACCESS):
        return "oauth2d no longer lets this application act for you. Sign in again to allow it anew.", 403
    if isinstance(error, OAuth2Error):
        return f"oauth2d refused the request: {error.error}.", 502
    if isinstance(error, (requests.ConnectionError, requests.Timeout)):
        return "oauth2d cannot be reached. Is it running? Try again in a moment.", 502
    if isinstance(error, requests.RequestException):
        return "oauth2d did not answer as expected. Try again in a moment.", 502
    print(f"consumer: {type(error).__name__}: {error}", file=sys.stderr)
    return "Something went wrong here.", 500


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=5100, help="on 127.0.0.1; 5100 unless said")
    options = parser.parse_args()
    settings = {name: os.environ.get(f"CONSUMER_{name}") for name in ("CLIENT_ID", "CLIENT_SECRET")}
    for name, value in settings.items():
        if not value:
            parser.exit(2, f"consumer: CONSUMER_{name} is not set; see README.md\n")
    issuer = os.environ.get("CONSUMER_ISSUER", "http://127.0.0.1:9000").rstrip("/")
    where = urllib.parse.urlsplit(issuer)
    if where.scheme == "http" and where.hostname in ("127.0.0.1", "::1", "localhost"):
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # what never leaves this machine needs no TLS

    httpd = Server(("127.0.0.1", options.port), Handler)
    httpd.authority = f"127.0.0.1:{httpd.server_port}"
    httpd.base_url = f"http://{httpd.authority}"
    httpd.visitors = Visitors()
    httpd.oauth = AuthorizationServer(
        issuer, settings["CLIENT_ID"], settings["CLIENT_SECRET"], httpd.base_url + "/authorized"
    )
    print(f"consumer: listening on {httpd.base_url}", file=sys.stderr, flush=True)
    try:
        httpd.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
