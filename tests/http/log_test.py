"""The log: one line a request, enough to find it again, and never a secret."""

import re

from harness.case import ServedCase, find_secrets
from harness.http_client import FORM, basic
from harness.server import eventually


class Lines(ServedCase):
    def line(self, answer):
        line = self.server.log_line(answer.field("X-Request-Id"))
        self.assertIsNotNone(line, f"no log line for {answer}\n{self.server.stderr()}")
        return line

    def test_a_request_has_one_line_with_method_path_status_time_client_and_id(self):
        answer = self.ask_token()
        line = self.line(answer)
        self.assertEqual(
            (line["method"], line["path"], line["status"], line["client_id"]),
            ("POST", "/oauth/token", 200, self.app.id),
        )
        self.assertIsInstance(line["ms"], (int, float))
        self.assertGreaterEqual(line["ms"], 0)
        self.assertEqual(line["address"], "127.0.0.1")
        self.assertRegex(line["time"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
        same = [other for other in self.server.log() if other.get("request_id") == line["request_id"]]
        self.assertEqual(len(same), 1)

    def test_the_id_of_every_answer_is_in_the_log(self):
        answers = [
            self.http.get("/healthz"),
            self.http.get("/nowhere"),
            self.http.get("/oauth/token"),
            self.http.get("/oauth/ping"),
            self.http.request("OPTIONS", "/oauth/token"),
            self.http.request("TRACE", "/healthz"),
            self.http.get("/%41"),
            self.http.post("/oauth/token", {"grant_type": "x"}, self.app.basic),
            self.http.post("/oauth/introspect", {"token": "x"}, self.api.basic),
        ]
        for answer in answers:
            self.assertEqual(self.line(answer)["status"], answer.status)

    def test_the_client_is_named_where_it_has_authenticated(self):
        answer = self.http.post("/oauth/introspect", {"token": "x"}, self.api.basic)
        self.assertEqual(self.line(answer)["client_id"], self.api.id)
        refused = self.http.post(
            "/oauth/token", {"grant_type": "client_credentials"}, basic(self.api.id, "wrong")
        )
        self.assertEqual(refused.status, 401)
        self.line(refused)

    def test_the_reason_of_a_refusal_is_told_to_the_log_where_the_client_is_not_told(self):
        reasons = set()
        for auth in (basic("nobody", "wrong"), basic(self.app.id, "wrong")):
            answer = self.http.post("/oauth/token", {"grant_type": "client_credentials"}, auth)
            self.assertEqual(set(answer.json()), {"error"})
            reasons.add(self.line(answer)["reason"])
        self.assertEqual(len(reasons), 2, reasons)

    def test_a_line_cannot_be_forged(self):
        forged = 'x\n{"event":"forged"}\x1b[31m\r\x00\u0085\u2028"'
        self.http.post("/oauth/token", {"grant_type": forged, "client_id": forged, "client_secret": forged})
        self.http.get("/a?x=%0a%7b%22event%22%3a%22forged%22%7d")
        self.http.request("GET", "/healthz", headers={"User-Agent": 'x"} {"event":"forged"}'})
        self.http.raw(b'GET /\x1b[31m\n{"event":"forged"} HTTP/1.1\r\nHost: a\r\n\r\n')
        last = self.line(self.http.get("/healthz"))
        self.assertIsNotNone(last)
        self.assertNotIn("forged", [line["event"] for line in self.server.log()])
        self.assertNotRegex(self.server.stderr(), r"[\x00-\x09\x0b-\x1f\x7f]")


class NoSecrets(ServedCase):
    """Every way in which a secret can reach the server; all that it keeps and tells is searched."""

    flags = ("--allow-query-tokens", "true")

    @classmethod
    def populate(cls):
        super().populate()
        cls.site.user("alice")
        cls.site.ctl(
            "user",
            "set-password",
            "alice",
            "--password-from",
            "-",
            stdin=cls.site.remember("correct horse battery staple 42"),
        )
        cls.poster = cls.site.client("poster", "--auth-method", "client_secret_post")
        cls.chosen = cls.site.client("chosen", secret="a chosen secret of more than 32 characters")

    def test_neither_log_nor_database_nor_wal_holds_a_secret(self):
        site, http = self.site, self.http
        access = self.token()
        self.token(self.chosen)
        personal = site.personal_token("alice", "laptop")
        site.remember(site.ctl_json("token", "rotate", "laptop")["token"])
        site.remember(site.ctl_json("client", "rotate-secret", self.poster.id, "--yes")["client_secret"])
        site.remember(site.ctl_json("client", "secret", "add", self.app.id)["client_secret"])
        for token in (access, personal):
            self.introspect(token)
            self.bearer(token)
            http.get(f"/oauth/ping?access_token={token}")
            http.get(f"/nowhere/{token}?token={token}")
            http.get(f"/healthz?{token}")
            http.raw(f"GET /?{token} HTTP/9.9\r\nHost: a\r\n\r\n".encode())
            http.raw(f"GET /\x01?{token} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            http.post("/oauth/ping", {"access_token": token})
            http.post("/oauth/revoke", {"token": token}, basic(self.app.id, token))
            http.post("/oauth/token", {"grant_type": token, "scope": token}, self.app.basic)
            http.post("/oauth/token", {"grant_type": "client_credentials", "client_id": token})
            http.post("/oauth/revoke", {"token": token}, self.app.basic)
        http.post("/oauth/token", {"grant_type": "client_credentials", **self.poster.post})
        http.post(
            f"/oauth/token?client_secret={self.app.secret}",
            {"grant_type": "client_credentials"},
            self.app.basic,
        )
        http.request(
            "POST",
            "/oauth/token",
            f"client_secret={self.app.secret}".encode(),
            {"Content-Type": "text/plain"},
        )
        http.request(
            "POST", "/oauth/token", f"client_secret={self.app.secret}&%zz".encode(), {"Content-Type": FORM}
        )
        http.request(
            "GET",
            "/healthz",
            headers={
                "Authorization": f"Bearer {access}",
                "Cookie": f"x={access}",
                "User-Agent": access,
                "Referer": access,
                "X-Request-Id": access,
            },
        )
        last = http.get("/healthz")
        self.server.log_line(last.field("X-Request-Id"))
        # Secrets in the path are their sender's doing: only that one line may show them.
        log = "\n".join(line for line in self.server.stderr().splitlines() if "/nowhere/" not in line)
        audit = site.ctl("audit", "list", "-o", "json").stdout
        listed = site.ctl("token", "list", "--all", "-o", "json").stdout + site.ctl("client", "list").stdout
        self.assertGreater(len(site.secrets), 9)
        self.assertEqual(find_secrets(site, log, audit, listed), [])

    @classmethod
    def _stop_and_search_for_secrets(cls):
        cls.server.stop()  # done above, without the lines of the path


class Text(ServedCase):
    def test_text_lines_have_the_same_fields(self):
        with self.site.server(log_format="text") as server:
            answer = server.http.get("/nowhere")
            request_id = answer.field("X-Request-Id")
            self.assertTrue(eventually(lambda: request_id in server.stderr()))
            line = next(line for line in server.stderr().splitlines() if request_id in line)
        self.assertTrue(
            re.search(r" info request method=GET path=/nowhere status=404 ms=\d+\.\d", line), line
        )
        self.assertTrue(line.endswith(f"request_id={request_id}"), line)
