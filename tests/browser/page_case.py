"""What the tests in the browser share: a server, people, and an application that waits for their answers."""

import http.server
import re
import secrets
import threading
import unittest
import urllib.parse

from chromium import Window
from harness.case import find_secrets
from harness.person import Person
from harness.planted import opened
from harness.postgres import free_port
from harness.site import Site

PASSWORD = "correct horse battery staple"
HOME = "/account/settings/applications/"  # where a sign-in leads that nothing waits for

# RFC 7636 appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
OURS = re.compile(r"(http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?/|org\.example\.phone:|data:)")


class Application:
    """Where clients are sent back to: by 127.0.0.1, by localhost and, where the machine has it, by ::1."""

    def __init__(self):
        self.arrived = []  # the query of each answer

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(handler):
                parts = urllib.parse.urlsplit(handler.path)
                if parts.path == "/cb":
                    self.arrived.append(dict(urllib.parse.parse_qsl(parts.query)))
                body = b"<!doctype html><html lang=en><title>App</title><h1>Back in the application</h1>"
                handler.send_response(200 if parts.path == "/cb" else 404)
                handler.send_header("Content-Type", "text/html")
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body)

            def log_message(handler, *_):
                pass

        class Six(http.server.ThreadingHTTPServer):
            address_family = 10  # AF_INET6

        self._servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)]
        self.port = self._servers[0].server_port
        try:
            self._servers.append(Six(("::1", self.port), Handler))
        except OSError:
            pass
        self.has_ipv6 = len(self._servers) == 2
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def callback(self, host="127.0.0.1"):
        return f"http://{host}:{self.port}/cb"

    def close(self):
        for server in self._servers:
            server.shutdown()
            server.server_close()


class PageCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        port = free_port()
        cls.site = Site(f"http://127.0.0.1:{port}")
        cls.addClassCleanup(cls.site.close)
        cls.app = Application()
        cls.addClassCleanup(cls.app.close)
        cls.populate()
        cls.server = cls.site.server(listen=(f"127.0.0.1:{port}",))
        cls.addClassCleanup(cls._stop_and_search_for_secrets)

    @classmethod
    def populate(cls):
        cls.site.ctl("scope", "create", "records:read", "--description", "Read your records")
        cls.site.ctl("scope", "create", "records:write", "--description", "Change your records")
        cls.site.remember(PASSWORD)
        for name in ("alice", "bob"):
            cls.person(name)
        cls.web = cls.client("Records", "--website", "https://records.example", "--owner", "bob")

    @classmethod
    def client(cls, name, *flags):
        hosts = ("127.0.0.1", "localhost", "[::1]")
        uris = [word for host in hosts for word in ("--redirect-uri", cls.app.callback(host))]
        return cls.site.client(
            name,
            "--grant", "authorization_code", "--grant", "refresh_token", *uris,
            "--scope", "records:read", "--scope", "records:write", *flags,
        )  # fmt: skip

    @classmethod
    def person(cls, name):
        mail = f"{name}@example.org"
        cls.site.ctl("user", "create", name, "--email", mail, "--password-from", "-", stdin=PASSWORD)

    @classmethod
    def _stop_and_search_for_secrets(cls):
        code = cls.server.stop()
        assert code == 0, f"oauth2d ended with exit code {code}: {cls.server.stderr()}"
        found = find_secrets(cls.site, cls.server.stderr())
        assert not found, f"secrets in plain sight: {found}"

    def window(self, **options):
        """Closed after the test, which fails when a page's policy stopped anything, or it called elsewhere."""
        window = Window(self.site.issuer, **options)
        self.addCleanup(window.close)
        self.addCleanup(self.assert_clean, window)
        return window

    def assert_clean(self, window):
        self.assertEqual(window.policy_refusals(), [])
        self.assertEqual(window.events("error"), [])
        elsewhere = [event["url"] for event in window.events("request") if not OURS.match(event["url"])]
        self.assertEqual(elsewhere, [])

    def fresh_person(self, word="user"):
        """A user of the test's own, who has allowed nothing yet."""
        name = f"{word}-{secrets.token_hex(4)}"
        self.person(name)
        return name

    def request(self, client=None, host="127.0.0.1", **more):
        """The path of a usual authorization request."""
        return "/oauth/authorize?" + urllib.parse.urlencode(
            {
                "response_type": "code",
                "client_id": (client or self.web).id,
                "redirect_uri": self.app.callback(host),
                "scope": "records:read",
                "state": "xyz",
                "code_challenge": CHALLENGE,
                "code_challenge_method": "S256",
                **more,
            }
        )

    def signed_in(self, name="alice", **options):
        """Without the sign-in page, which has tests of its own."""
        person = Person(self.server.http)
        self.assertEqual(person.sign_in(name, PASSWORD).status, 303)
        window = self.window(**options)
        window.take_cookies(person.cookies)
        return window

    def asked(self, name, client=None, **more):
        """A window on the consent page of a person who is asked for the first time."""
        window = self.signed_in(name)
        self.assertEqual(window.open(self.request(client, **more)), 200)
        self.assertIn("asks for access", window.heading)
        return window

    def assert_fits(self, window):
        widths = window.look("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        self.assertLessEqual(widths[0], widths[1])

    def look_at(self, window, name, locale="en-GB"):
        """Pictures of the page as it stands; it has one heading, keeps nobody out, and fits."""
        self.assertEqual(window.do("count", "h1"), 1)
        if locale.startswith("fr"):
            self.assertEqual(window.look("document.documentElement.lang"), "fr")
            window.screenshot(f"{name}-fr-360")
            return self.assert_fits(window)
        for scheme in ("dark", "light"):
            window.do("emulateMedia", {"colorScheme": scheme})
            window.screenshot(f"{name}-{scheme}")
            self.assertEqual(window.audit(), [], scheme)
        size = window.do("viewportSize")
        window.do("setViewportSize", {"width": 360, "height": 740})
        window.screenshot(f"{name}-360")
        self.assert_fits(window)
        window.do("setViewportSize", size)

    def assert_arrived(self, window, host="127.0.0.1"):
        """At the application, with what the server answered; the query."""
        window.wait_for("Back in the application")
        parts = urllib.parse.urlsplit(window.url)
        self.assertEqual(f"{parts.scheme}://{parts.netloc}{parts.path}", self.app.callback(host))
        query = dict(urllib.parse.parse_qsl(parts.query))
        self.assertEqual((query.get("state"), query.get("iss")), ("xyz", self.site.issuer))
        return query

    def codes(self, client=None):
        """How many codes the client was ever given."""
        sql = "SELECT count(*) FROM authorization_codes WHERE client_id = ?"
        with opened(self.site.db) as connection:
            return connection.execute(sql, ((client or self.web).id,)).fetchone()[0]
