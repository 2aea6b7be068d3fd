"""A stand-in authorization server for tests of a client: it says whatever the test wants, also what none should."""

import base64
import hashlib
import http.server
import json
import ssl
import threading
import urllib.parse


class StandIn:
    """`answers` maps a path to what it answers: a dict (JSON), (status, dict or bytes, fields), a list of these in
    turn, or a function of the form that was posted. `requests` has what came: (path, form, fields)."""

    def __init__(self, tls=None, issuer_path=""):
        self.requests = []
        self.answers = {}
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                owner.answer(self, {})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                owner.answer(self, urllib.parse.parse_qs(body, keep_blank_values=True))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.origin = f"{scheme}://127.0.0.1:{self.server.server_address[1]}"
        self.issuer = self.origin + issuer_path
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        self.metadata_path = "/.well-known/oauth-authorization-server" + issuer_path
        self.set_metadata()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def set_metadata(self, **members):
        document = {
            "issuer": self.issuer,
            "authorization_endpoint": self.origin + "/authorize",
            "token_endpoint": self.origin + "/token",
            "device_authorization_endpoint": self.origin + "/device",
            "pushed_authorization_request_endpoint": self.origin + "/par",
            **members,
        }
        self.answers[self.metadata_path] = {k: v for k, v in document.items() if v is not None}

    def answer(self, handler, form):
        path = handler.path.partition("?")[0]
        self.requests.append((handler.path, form, dict(handler.headers)))
        answer = self.answers.get(path, (404, b"not here", {}))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer = answer(form)
        status, body, fields = answer if isinstance(answer, tuple) else (200, answer, {})
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            handler.send_response(status)
            for name, value in {"Content-Type": "application/json", **fields}.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data)
        except OSError:
            pass  # the client has seen enough

    def asked(self, path):
        """The requests for `path`, oldest first."""
        return [request for request in self.requests if request[0].partition("?")[0] == path]


def challenge_of(verifier):
    """RFC 7636 section 4.2"""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
