"""examples/nginx/nginx.conf in Debian's nginx."""

import os
import re

from harness.programs import ROOT
from harness.proxy import TEMPORARY, Proxy, needs, protecting_nginx
from harness.server import eventually

from proxy_case import BARE, BrowserApplication, ProtectedApi, ProxyCase

@needs("nginx")
class Nginx(ProtectedApi, BrowserApplication, ProxyCase):
    @classmethod
    def start_proxy(cls, oauth2d=None):
        return protecting_nginx(oauth2d or cls.server_address(), cls.api_address())

    def test_words_of_one_item_are_all_needed_and_one_item_is_enough(self):
        for scope, status in (("read", 403), ("write", 403), ("read write", 200), ("admin", 200)):
            with self.subTest(scope):
                answer = self.ask("/api/admin/", self.token(scope=scope))
                self.assertEqual(answer.status, status)
        answer = self.ask("/api/admin/", self.token(scope="write"))
        challenge = BARE + ', error="insufficient_scope", scope="read write"'
        self.assert_refused(answer, 403, challenge)

    def test_any_token_will_do_where_no_scope_is_named(self):
        self.assert_passed(self.ask("/api/x", self.token()))
        self.assert_refused(self.ask("/api/x"), 401, BARE)

    def test_the_apis_own_403_has_no_challenge_of_ours(self):
        answer = self.ask("/api/refused", self.token())
        self.assertEqual((answer.status, answer.field("WWW-Authenticate")), (403, None))

    def test_the_questions_are_not_for_clients(self):
        for name in ("any", "read", "admin", "optional", "session", ""):
            self.assertEqual(self.ask(f"/_check/{name}", self.token(scope="read")).status, 404)

    def test_the_token_and_the_cookie_do_not_reach_the_api(self):
        self.assert_passed(self.ask("/api/x", self.token(), Cookie="a=b"))
        names = [name for name, _ in self.seen[0]["fields"]]
        self.assertNotIn("authorization", names)
        self.assertNotIn("cookie", names)

    def test_a_page_sends_whom_nobody_knows_to_sign_in_and_back(self):
        person = self.signed_in()
        for path, page in (("/app/", "/app/"), ("/app/a?next=x&b=c", "/app/a"), ("/app/a%0d%0aX:y", None)):
            answer = self.ask(path)
            location = answer.field("Location")
            self.assertEqual((answer.status, self.seen), (303, []))
            self.assertEqual(location, "/login?next=" + (page or "/app/a%0d%0aX:y"))
        self.assert_passed(self.ask("/app/", Cookie=self.cookie(person)))
        self.assertEqual(self.ask("/app/", "x").status, 303)

    def test_a_browser_signs_in_through_the_proxy_and_uses_the_application(self):
        person = self.signed_in(self.proxy.http)
        self.assert_passed(self.ask("/app/", Cookie=self.cookie(person)))
        self.assertEqual(self.told(), {"x-auth-user": "alice"})

    def test_a_body_in_chunks_reaches_the_api_and_not_the_question(self):
        fields = {"Authorization": f"Bearer {self.token(scope='read')}"}
        self.assert_passed(self.send("/api/reports/", "POST", iter([b"a=", b"b"]), fields))
        self.assertEqual(self.seen[0]["body"], "a=b")

    def test_the_questions_share_connections(self):
        token = self.token(scope="read")

        # The id of a request ends in its number on its connection. Each worker of nginx has connections of its own,
        # and which one answers is the kernel's choice: asked until one of them must have been asked five times.
        def shared():
            self.assert_passed(self.ask("/api/reports/", token))
            asked = [line["request_id"] for line in self.server.log() if line.get("path") == "/oauth/check"]
            return [one for one in asked if int(one.rpartition("-")[2]) > 4]

        self.assertTrue(eventually(shared))

    def test_what_else_a_client_sends_does_not_reach_the_question(self):
        """oauth2d takes 64 fields; an API may take more."""
        fields = {f"X-Field-{number}": "x" for number in range(80)}
        fields["Authorization"] = f"Bearer {self.token(scope='read')}"
        self.assert_passed(self.send("/api/reports/", fields=fields))

    def test_two_tokens_at_once_do_not_pass(self):
        self.assertRegex(self.refusal_of_two_tokens(), rb"\AHTTP/1.1 (400|401) ")


SMALLEST = """
pid {folder}/nginx.pid;
%s
events {{}}
http {{
%s
  access_log off;
  upstream oauth2d {{ server %s; }}
  upstream api {{ server %s; }}
  server {{
    listen 127.0.0.1:{port};
%s
  }}
}}
"""


@needs("nginx")
class Heart(ProxyCase):
    """The lines that the README begins with, and no others."""

    @classmethod
    def start_proxy(cls):
        readme = (ROOT / "examples/nginx/README.md").read_text()
        lines = re.search(r"```nginx\n(.*?)```", readme, re.DOTALL).group(1)
        assert lines in (ROOT / "README.md").read_text(), "the README of the project shows others"
        assert lines.count(";") <= 6, "the heart has grown"
        user = "user www-data;" if os.geteuid() == 0 else ""
        escaped = lines.replace("{", "{{").replace("}", "}}")
        text = SMALLEST % (user, TEMPORARY, cls.server_address(), cls.api_address(), escaped)
        command = ("nginx", "-c", "{folder}/smallest.conf", "-e", "stderr", "-g", "daemon off;")
        return Proxy("nginx/README.md", command, {}, files={"smallest.conf": text})

    def test_five_lines_protect_an_api(self):
        token = self.token(scope="read")
        self.assert_passed(self.ask("/api/x", token))
        for body in ("a=b", iter([b"a=", b"b"])):
            self.assert_passed(self.ask("/api/x", token, "POST", body))
            self.assertEqual(self.seen[0]["body"], "a=b")
        self.assert_refused(self.ask("/api/x"), 401, BARE)
        self.assert_refused(self.ask("/api/x", "x"), 401, BARE + ', error="invalid_token"')
        answer = self.ask("/api/x?optional=1&scope=", self.token(scope="write"))
        self.assertEqual((answer.status, self.seen), (403, []))
        self.assertEqual(self.ask("/_check/read", token).status, 404)
