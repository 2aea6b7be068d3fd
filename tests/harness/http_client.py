"""Requests as a client library makes them, and as none would."""

import base64
import http.client
import json
import socket
import ssl
import urllib.parse

from .programs import PATIENCE

FORM = "application/x-www-form-urlencoded"


class Answer:
    def __init__(self, status, fields, body):
        self.status = status
        self.fields = fields
        self.body = body

    def field(self, name):
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        assert len(values) < 2, f"{name} came twice: {values}"
        return values[0] if values else None

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.fields} {self.body!r}"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.path)


def encode_form(form):
    """A dict, or pairs where a name may repeat, or the body itself."""
    if isinstance(form, (bytes, str)):
        return form.encode() if isinstance(form, str) else form
    return urllib.parse.urlencode(form, doseq=True).encode()


def basic(client_id, client_secret):
    """RFC 6749 section 2.3.1: form-urlencoded first, base64 then."""
    pair = f"{urllib.parse.quote_plus(client_id)}:{urllib.parse.quote_plus(client_secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


class HttpClient:
    """One server, by its address as it printed it: http://…, https://… or unix:PATH."""

    def __init__(self, address):
        self.address = address
        self.tls = None
        if address.startswith("https:"):
            self.tls = ssl.create_default_context()
            self.tls.check_hostname = False
            self.tls.verify_mode = ssl.CERT_NONE

    def connection(self):
        if self.address.startswith("unix:"):
            return UnixConnection(self.address.removeprefix("unix:"))
        where = urllib.parse.urlsplit(self.address)
        if self.tls:
            return http.client.HTTPSConnection(where.hostname, where.port, timeout=PATIENCE, context=self.tls)
        return http.client.HTTPConnection(where.hostname, where.port, timeout=PATIENCE)

    def socket(self):
        where = urllib.parse.urlsplit(self.address)
        return socket.create_connection((where.hostname, where.port), timeout=PATIENCE)

    def request(self, method, target, body=None, headers=(), connection=None):
        """`connection` is used and left open; without one, each request has its own."""
        own = connection or self.connection()
        try:
            own.request(method, target, body, dict(headers))
            response = own.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            if connection is None:
                own.close()

    def get(self, target, **headers):
        return self.request(
            "GET", target, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def post(self, target, form=None, auth=None, headers=(), connection=None):
        fields = {"Content-Type": FORM, **dict(headers)}
        if auth is not None:
            fields["Authorization"] = auth
        return self.request("POST", target, encode_form(form or {}), fields, connection)

    def raw(self, request):
        """The bytes as they are; everything that comes back until the server closes."""
        with self.socket() as raw:
            raw.sendall(request)
            raw.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: raw.recv(65536), b""))
