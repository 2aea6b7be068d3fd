"""What holds for every path: methods, unknown paths, request ids, headers, CORS."""

import re

from harness.case import ServedCase
from harness.http_client import FORM

METHODS = {
    "/oauth/token": {"POST"},
    "/oauth/introspect": {"POST"},
    "/oauth/revoke": {"POST"},
    "/oauth/ping": {"GET", "HEAD", "POST"},
    "/oauth/info": {"GET", "HEAD"},
    "/.well-known/oauth-authorization-server": {"GET", "HEAD"},
    "/healthz": {"GET", "HEAD"},
    "/readyz": {"GET", "HEAD"},
}


def words(text):
    return set(re.split(r"\s*,\s*", text))


class Methods(ServedCase):
    def test_a_wrong_method_is_405_and_told_the_right_ones(self):
        for path, allowed in METHODS.items():
            for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} - allowed:
                with self.subTest(path=path, method=method):
                    answer = self.http.request(method, path, headers={"Content-Type": FORM})
                    self.assertEqual(answer.status, 405)
                    self.assertEqual(words(answer.field("Allow")), allowed | {"OPTIONS"})

    def test_a_wrong_method_has_no_effect(self):
        for method in ("PUT", "PATCH", "DELETE"):
            answer = self.http.request(
                method,
                "/oauth/token",
                b"grant_type=client_credentials",
                {"Content-Type": FORM, "Authorization": self.app.basic},
            )
            self.assertIn(answer.status, (400, 405))
            self.assertNotIn(b"access_token", answer.body)

    def test_options_tells_the_methods_without_any_credentials(self):
        for path, allowed in METHODS.items():
            with self.subTest(path):
                answer = self.http.request("OPTIONS", path)
                self.assertEqual((answer.status, answer.body), (204, b""))
                self.assertEqual(words(answer.field("Allow")), allowed | {"OPTIONS"})

    def test_head_is_get_without_the_body(self):
        for path in (
            "/healthz",
            "/.well-known/oauth-authorization-server",
            "/oauth/ping",
            "/nowhere",
            "/oauth/token",
        ):
            with self.subTest(path):
                connection = self.http.connection()
                connection.request("HEAD", path)
                head = connection.getresponse()
                self.assertEqual(head.read(), b"")
                get = self.http.request("GET", path, connection=connection)  # the connection is still in step
                connection.close()
                self.assertEqual(head.status, get.status)
                for name in ("Content-Type", "Content-Length", "Cache-Control", "Allow"):
                    self.assertEqual(head.getheader(name), get.field(name), name)

    def test_trace_and_connect_are_off(self):
        for method in ("TRACE", "CONNECT", "TRACK", "PROPFIND"):
            with self.subTest(method):
                answer = self.http.request(method, "/oauth/ping", headers={"X-Probe": "echo-me"})
                self.assertIn(answer.status, (405, 501))
                self.assertNotIn(b"echo-me", answer.body)

    def test_a_method_has_case(self):
        self.assertTrue(
            self.http.raw(b"get /healthz HTTP/1.1\r\nHost: a\r\n\r\n").startswith(b"HTTP/1.1 501 ")
        )


class Paths(ServedCase):
    def test_an_unknown_path_is_404_whatever_the_method(self):
        for path in (
            "/x",
            "/oauth",
            "/oauth/",
            "/oauth/token/",
            "/oauth/tokens",
            "/healthz/x",
            "/oauth//token",
            "/.well-known/",
            "/OAUTH/token",
            "/oauth/token;x",
        ):
            for method in ("GET", "POST", "OPTIONS"):
                with self.subTest(path=path, method=method):
                    answer = self.http.request(method, path, headers={"Content-Type": FORM})
                    self.assertEqual(answer.status, 404)
                    self.assertIsNone(answer.field("Allow"))

    def test_a_path_has_one_spelling(self):
        for path in (
            "/oauth/%74oken",
            "/oauth/../oauth/token",
            "/./healthz",
            "/oauth/token%2f",
            "/healthz%00",
        ):
            with self.subTest(path):
                self.assertEqual(self.http.request("POST", path, b"", {"Content-Type": FORM}).status, 400)

    def test_the_health_pages_need_nothing_and_say_little(self):
        for path, body in (("/healthz", {"status": "ok"}), ("/readyz", {"status": "ready"})):
            answer = self.http.get(path)
            self.assertEqual((answer.status, answer.json()), (200, body))


class Headers(ServedCase):
    def answers(self):
        yield self.http.get("/healthz")
        yield self.http.get("/nowhere")
        yield self.http.get("/oauth/token")
        yield self.http.get("/oauth/ping")
        yield self.http.request("OPTIONS", "/oauth/token")
        yield self.http.request("TRACE", "/")
        yield self.http.get("/a%20b")
        yield self.ask_token()
        yield self.http.post("/oauth/token", {}, "Basic x")

    def test_every_answer_has_an_id_of_its_own(self):
        ids = [answer.field("X-Request-Id") for answer in self.answers()]
        self.assertEqual(len(set(ids)), len(ids))
        for request_id in ids:
            self.assertRegex(request_id, r"\A[0-9A-Za-z._-]{8,64}\Z")

    def test_an_id_of_the_client_is_not_taken_over(self):
        answer = self.http.get("/healthz", X_Request_Id="forged\tid")
        self.assertNotIn("forged", answer.field("X-Request-Id"))

    def test_no_answer_names_product_or_version(self):
        for answer in self.answers():
            names = {name.lower() for name, _ in answer.fields}
            self.assertFalse(names & {"server", "x-powered-by", "via", "exception_what"}, answer)
            self.assertNotRegex(
                str(answer.fields).lower() + str(answer.body).lower(), "httplib|openssl|sqlite|postgres|libpq"
            )

    def test_every_answer_has_a_date_and_is_not_sniffed(self):
        for answer in self.answers():
            self.assertRegex(
                answer.field("Date"), r"\A[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\Z"
            )
            self.assertEqual(answer.field("X-Content-Type-Options"), "nosniff")

    def test_no_answer_sets_a_cookie(self):
        for answer in self.answers():
            self.assertIsNone(answer.field("Set-Cookie"))

    def test_ranges_and_compression_are_without_effect(self):
        plain = self.http.get("/.well-known/oauth-authorization-server")
        answer = self.http.get(
            "/.well-known/oauth-authorization-server", Range="bytes=0-1", Accept_Encoding="gzip, br"
        )
        self.assertEqual((answer.status, answer.body), (200, plain.body))
        self.assertIsNone(answer.field("Content-Encoding"))


class Cors(ServedCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.site.client(
            "spa",
            "--public",
            "--redirect-uri",
            "https://spa.example/cb?x=1",
            "--redirect-uri",
            "https://port.example:8443/cb",
            "--redirect-uri",
            "http://127.0.0.1/cb",
            "--redirect-uri",
            "com.example.app:/cb",
        )
        cls.site.client("web", "--grant", "authorization_code", "--redirect-uri", "https://web.example/cb")

    def ask(self, method, path, origin):
        headers = {"Origin": origin, "Content-Type": FORM}
        if method == "OPTIONS":
            headers["Access-Control-Request-Method"] = "POST"
            headers["Access-Control-Request-Headers"] = "authorization,content-type"
        return self.http.request(method, path, headers=headers)

    def test_origins_of_public_clients_may_use_token_and_revoke(self):
        for path in ("/oauth/token", "/oauth/revoke"):
            for origin in ("https://spa.example", "https://port.example:8443"):
                with self.subTest(path=path, origin=origin):
                    answer = self.ask("OPTIONS", path, origin)
                    self.assertEqual(answer.status, 204)
                    self.assertEqual(answer.field("Access-Control-Allow-Origin"), origin)
                    self.assertIn("POST", words(answer.field("Access-Control-Allow-Methods")))
                    self.assertLessEqual(
                        {"authorization", "content-type"},
                        words(answer.field("Access-Control-Allow-Headers").lower()),
                    )
                    self.assertEqual(
                        self.ask("POST", path, origin).field("Access-Control-Allow-Origin"), origin
                    )

    def test_errors_carry_the_header_too(self):
        answer = self.http.post(
            "/oauth/token", {"grant_type": "x"}, "Basic x", {"Origin": "https://spa.example"}
        )
        self.assertEqual(answer.status, 401)
        self.assertEqual(answer.field("Access-Control-Allow-Origin"), "https://spa.example")

    def test_other_origins_get_nothing(self):
        for origin in (
            "https://evil.example",
            "https://web.example",
            "http://spa.example",
            "https://spa.example:443",
            "https://spa.example.evil.example",
            "https://SPA.example",
            "null",
            "*",
            "http://127.0.0.1",
            "https://port.example",
            "com.example.app",
            "https://spa.example/cb",
            "x" * 2000,
        ):
            with self.subTest(origin[:50]):
                for method in ("OPTIONS", "POST"):
                    answer = self.ask(method, "/oauth/token", origin)
                    self.assertIsNone(answer.field("Access-Control-Allow-Origin"))

    def test_the_answer_varies_with_the_origin(self):
        for origin in ("https://spa.example", "https://evil.example"):
            self.assertIn("Origin", words(self.ask("POST", "/oauth/token", origin).field("Vary") or ""))

    def test_credentials_are_never_allowed(self):
        for path in METHODS:
            for method in ("OPTIONS", "POST"):
                answer = self.ask(method, path, "https://spa.example")
                self.assertIsNone(answer.field("Access-Control-Allow-Credentials"))

    def test_metadata_is_for_everybody(self):
        for origin in ("https://evil.example", "null"):
            answer = self.ask("GET", "/.well-known/oauth-authorization-server", origin)
            self.assertEqual(answer.field("Access-Control-Allow-Origin"), "*")

    def test_introspection_and_bearer_endpoints_are_for_no_origin(self):
        for path in ("/oauth/introspect", "/oauth/ping", "/oauth/info", "/healthz"):
            for method in ("OPTIONS", "POST"):
                with self.subTest(path=path, method=method):
                    answer = self.ask(method, path, "https://spa.example")
                    self.assertIsNone(answer.field("Access-Control-Allow-Origin"))

    def test_a_deleted_client_takes_its_origin_along(self):
        client = self.site.client("gone", "--public", "--redirect-uri", "https://gone.example/cb")
        self.assertTrue(
            self.ask("OPTIONS", "/oauth/token", "https://gone.example").field("Access-Control-Allow-Origin")
        )
        self.site.ctl("client", "delete", client.id, "--yes")
        self.assertIsNone(
            self.ask("OPTIONS", "/oauth/token", "https://gone.example").field("Access-Control-Allow-Origin")
        )
