"""Stand-ins with the documented answers of GitHub and ORCID, and whatever else may come from out there."""

import html
import http.server
import json
import secrets
import threading
import urllib.parse

PAGE = """<!doctype html><html lang=en><title>Elsewhere</title><h1>{title}</h1>
<form method=post action="{path}"><input type=hidden name=query value="{query}">
<button name=confirm value=yes>Authorize</button>
<button name=confirm value=no>Cancel</button></form></html>"""


class Reply:
    """An answer: JSON of whatever is no bytes."""

    def __init__(self, body=b"", status=200, content_type="application/json", **fields):
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status = status
        self.fields = {"Content-Type": content_type}
        self.fields.update({name.replace("_", "-"): value for name, value in fields.items()})


def redirect(uri, **parameters):
    given = {name: value for name, value in parameters.items() if value is not None}
    mark = "&" if "?" in uri else "?"
    return Reply(status=302, Location=uri + (mark + urllib.parse.urlencode(given) if given else ""))


def form_reply(status=200, **members):
    return Reply(urllib.parse.urlencode(members).encode(), status, "application/x-www-form-urlencoded")


class Request:
    def __init__(self, handler, body):
        parts = urllib.parse.urlsplit(handler.path)
        self.method = handler.command
        self.path = parts.path
        self.target = handler.path
        self.query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        self.body = body.decode()
        self.form = dict(urllib.parse.parse_qsl(self.body, keep_blank_values=True))
        self.fields = {name.lower(): value for name, value in handler.headers.items()}

    @property
    def bearer(self):
        kind, _, token = self.fields.get("authorization", "").partition(" ")
        return token if kind.lower() == "bearer" else None


def silence(_):
    """No answer at all: the connection just ends."""
    return None


def wrong_json(_):
    return Reply(b'{"access_token": "x", ')


def huge(_):
    return Reply(b'{"x": "' + b"x" * (8 << 20) + b'"}')


def deep(_):
    return Reply(b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}")


def answering(body, status=200, **more):
    return lambda _: Reply(body, status, **more)


class Service:
    """An HTTP server with a route for each path. `faults`: for a path, what answers in place of its route;
    `requests`: all that came; `secret`: ours there."""

    def __init__(self, remember):
        self.remember = remember
        self.secret = remember("a-secret-elsewhere-" + secrets.token_hex(8))
        self.client_id = "our-client-id"
        self.requests = []
        self.faults = {}
        self.held = threading.Event()  # ends what `hang` holds up
        self.routes = {}
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                owner._answer(self, b"")

            def do_POST(self):
                owner._answer(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128  # with 5 of them, who comes with many others waits for seconds

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self):
        """Also twice; then nobody listens at its address."""
        self.held.set()
        if self.thread.is_alive():
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()

    def hang(self, _):
        """For `faults`: no answer until the service closes."""
        self.held.wait()

    def issue(self, length=20):
        """A fresh token or code, which must stand in no log and no database."""
        return self.remember(secrets.token_urlsafe(length))

    def asked(self, path):
        return [request for request in self.requests if request.path == path]

    def _answer(self, handler, body):
        request = Request(handler, body)
        self.requests.append(request)
        answer = self.faults.get(request.path) or self.routes.get(request.path)
        reply = answer(request) if answer else Reply({"message": "Not Found"}, 404)
        try:
            if reply is None:
                handler.close_connection = True
                return
            handler.send_response(reply.status)
            for name, value in reply.fields.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(reply.body)))
            handler.end_headers()
            handler.wfile.write(reply.body)
        except OSError:
            pass  # the client has seen enough


class OAuth2Service(Service):
    """Codes and tokens; `user` is who sits at the browser. `authorize` asks before it sends back."""

    title = "Elsewhere"
    authorize_path = "/authorize"
    token_path = "/token"

    def __init__(self, remember):
        super().__init__(remember)
        self.user = {}
        self.codes = {}  # code → (user, what the browser asked with)
        self.tokens = {}  # access token → user
        self.refresh_tokens = {}
        self.expires_in = None  # None: tokens never end, and none refreshes them
        self.rotates = True  # a refresh brings a new refresh token, and ends the old one
        self.iss = None  # sent along with the answer (RFC 9207)
        self.routes[self.authorize_path] = self.authorize
        self.routes[self.token_path] = self.token

    def authorize(self, request):
        if request.method == "GET":
            query = html.escape(urllib.parse.urlencode(request.query))
            page = PAGE.format(title=f"Authorize for {self.title}", path=self.authorize_path, query=query)
            return Reply(page.encode(), content_type="text/html")
        asked = dict(urllib.parse.parse_qsl(request.form["query"]))
        state = asked.get("state")
        if request.form["confirm"] == "no":
            return redirect(
                asked["redirect_uri"],
                error="access_denied",
                error_description="The user has denied your application access.",
                state=state,
            )
        code = self.issue()
        self.codes[code] = (dict(self.user), asked)
        return redirect(asked["redirect_uri"], code=code, state=state, iss=self.iss)

    def token(self, request):
        form = request.form
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.secret):
            return self.refuse("invalid_client")
        if form.get("grant_type") == "refresh_token":
            user = self.refresh_tokens.get(form.get("refresh_token"))
            if user is None:
                return self.refuse("invalid_grant")
            if self.rotates:
                del self.refresh_tokens[form["refresh_token"]]
            return self.granted(request, user, self.rotates)
        user, asked = self.codes.pop(form.get("code"), (None, {}))
        if user is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return self.refuse("invalid_grant")
        return self.granted(request, user, True)

    def granted(self, request, user, with_refresh_token):
        token = self.issue()
        self.tokens[token] = user
        document = {"access_token": token, "token_type": "bearer", **self.more_of_token(user)}
        if self.expires_in is not None:
            document["expires_in"] = self.expires_in
            if with_refresh_token:
                document["refresh_token"] = self.issue()
                self.refresh_tokens[document["refresh_token"]] = user
        return self.form_or_json(request, document)

    def more_of_token(self, user):
        return {}

    def refuse(self, error):
        return Reply({"error": error, "error_description": "no"}, 401 if error == "invalid_client" else 400)

    def form_or_json(self, request, document):
        return Reply(document)


class GitHub(OAuth2Service):
    """docs.github.com: "Authorizing OAuth apps", "Get the authenticated user", "List email addresses"."""

    title = "GitHub"
    authorize_path = "/login/oauth/authorize"
    token_path = "/login/oauth/access_token"

    def __init__(self, remember):
        super().__init__(remember)
        self.routes["/user"] = self.of_user(lambda user: user)
        self.routes["/user/emails"] = self.of_user(lambda user: user["emails"])

    def person(self, number, login, email=None, verified=True, **more):
        """Who sits at the browser from now on. The address in the profile is not the one in the list."""
        emails = [
            {"email": f"old-{login}@example.net", "verified": True, "primary": False, "visibility": None},
        ]
        if email:
            main = {"email": email, "verified": verified, "primary": True, "visibility": "private"}
            emails.append(main)
        self.user = {
            "login": login, "id": number, "node_id": "MDQ6VXNlcjE=", "type": "User", "name": None,
            "email": None, "plan": {"name": "pro", "space": 1}, **more, "emails": emails,
        }  # fmt: skip
        return self.user

    def of_user(self, part):
        def answer(request):
            if not request.fields.get("user-agent"):
                return Reply(b"Request forbidden by administrative rules.", 403, "text/html")
            user = self.tokens.get(request.bearer)
            if user is None:
                return Reply({"message": "Bad credentials", "documentation_url": "https://docs"}, 401)
            told = part(user)
            if isinstance(told, dict):
                told = {name: value for name, value in told.items() if name != "emails"}
            return Reply(told)

        return answer

    def more_of_token(self, user):
        return {"scope": "read:user,user:email"}

    def refuse(self, error):
        """With status 200."""
        names = {
            "invalid_grant": "bad_verification_code",
            "invalid_client": "incorrect_client_credentials",
        }
        return Reply({"error": names[error], "error_description": "It is incorrect or expired."})

    def form_or_json(self, request, document):
        if "application/json" in request.fields.get("accept", ""):
            return Reply(document)
        return form_reply(**document)


class Orcid(OAuth2Service):
    """info.orcid.org: who it is stands in the answer with the token, and nowhere an e-mail."""

    title = "ORCID"
    authorize_path = "/oauth/authorize"
    token_path = "/oauth/token"

    def __init__(self, remember):
        super().__init__(remember)
        self.expires_in = 631138518

    def person(self, orcid, name=""):
        self.user = {"orcid": orcid, "name": name}
        return self.user

    def more_of_token(self, user):
        return {"scope": "/authenticate", **user}
