"""What the tests of reverse proxies share: a server, an API behind the proxy, and the rules for all."""

from harness.api import Api
from harness.case import ServedCase
from harness.person import Person

PASSWORD = "correct horse battery staple"
BARE = 'Bearer realm="oauth2d"'
INVALID = BARE + ', error="invalid_token"'
FORGED = {
    "X-Auth-User": "root",
    "X-Auth-Client": "root",
    "X-Auth-Scope": "admin",
    "X-Auth-Token": "root",
    "x-auth-user": "root",
    "X_Auth_User": "root",
    "X-Auth_User": "root",
}


class ProxyCase(ServedCase):
    """Of one proxy: its `start_proxy(oauth2d)` starts it, in front of another server where one is named."""

    @classmethod
    def populate(cls):
        cls.site.scopes("read", "write", "admin")
        every = [word for scope in ("read", "write", "admin") for word in ("--scope", scope)]
        cls.app = cls.site.client("app", *every)
        cls.api = cls.site.client("api")
        cls.alice = cls.site.user_with_password("alice", PASSWORD)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = Api()
        cls.addClassCleanup(cls.service.close)
        cls.proxy = cls.start_proxy()
        cls.addClassCleanup(cls.proxy.close)

    @classmethod
    def api_address(cls):
        return f"127.0.0.1:{cls.service.port}"

    @classmethod
    def server_address(cls):
        return f"127.0.0.1:{cls.server.port}"

    def assert_nothing_passes(self, proxy, paths, status, **fields):
        """Through a proxy that cannot ask, or has no keys."""
        before = len(self.service.seen)
        for path in paths:
            self.assertEqual(proxy.http.get(path, **fields).status, status)
        self.assertEqual(len(self.service.seen), before)

    def refusal_of_two_tokens(self):
        """The answer, as bytes; the API saw nothing."""
        line = f"Authorization: Bearer {self.token(scope='read')}\r\n"
        before = len(self.service.seen)
        answer = self.proxy.http.raw(
            f"GET /api/reports/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{line}{line}\r\n".encode()
        )
        self.assertEqual(len(self.service.seen), before)
        return answer

    def ask(self, path, token=None, method="GET", body=None, **headers):
        """Through the proxy; what the API saw of it is in `self.seen`, a list."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            fields["Authorization"] = f"Bearer {token}"
        return self.send(path, method, body, fields)

    def send(self, path, method="GET", body=None, fields=()):
        before = len(self.service.seen)
        answer = self.proxy.http.request(method, path, body, fields)
        self.seen = self.service.seen[before:]
        return answer

    def told(self):
        """What the API was told about the one request that reached it, in any spelling."""
        (seen,) = self.seen
        return {
            name: value
            for name, value in seen["fields"]
            if name.replace("_", "-") in ("x-auth-user", "x-auth-client", "x-auth-scope", "x-auth-token")
        }

    def assert_refused(self, answer, status, challenge):
        self.assertEqual((answer.status, answer.field("WWW-Authenticate")), (status, challenge), answer)
        self.assertEqual(self.seen, [])

    def assert_passed(self, answer):
        self.assertEqual((answer.status, len(self.seen)), (200, 1), answer)


class Paths:
    """A path has one meaning, for the proxy and for the API behind it."""

    def test_a_path_in_another_spelling_is_the_same_path(self):
        token = self.token(scope="write")
        for path in (
            "/api/reports",
            "/api/reports/../reports/x",
            "/api/./reports/",
            "/api//reports/x",
            "//api/reports/x",
            "/api/%72eports/x",
            "/api/x/../reports/x",
            "/api/public/../reports/x",
            "/api/public/..%2freports/x",
            "/api/public/%2e%2e/reports/x",
        ):
            with self.subTest(path):
                answer = self.ask(path, token)
                self.assertNotEqual(answer.status, 200)
                self.assertEqual(self.seen, [])


class ProtectedApi(Paths):
    """/api/reports/ needs the scope read, /api/news/ takes everybody and tells whose a token is."""

    def test_a_token_with_the_scope_passes_and_the_api_is_told_whose_it_is(self):
        token = self.token(scope="read write")
        self.assert_passed(self.ask("/api/reports/1?x=1&scope=admin", token))
        self.assertEqual(self.seen[0]["target"], "/api/reports/1?x=1&scope=admin")
        told = self.told()
        self.assertEqual(told.pop("x-auth-token"), self.introspect(token)["jti"])
        self.assertEqual(
            (told.pop("x-auth-client"), sorted(told.pop("x-auth-scope").split())),
            (self.app.id, ["read", "write"]),
        )
        self.assertEqual(told, {})

    def test_a_personal_token_names_its_user(self):
        token = self.site.personal_token("alice", "laptop " + self.id(), "--scope", "read")
        self.assert_passed(self.ask("/api/reports/", token))
        told = self.told()
        self.assertEqual((told["x-auth-user"], told["x-auth-scope"]), ("alice", "read"))
        self.assertNotIn("x-auth-client", told)

    def test_without_a_token_it_is_401_without_an_error_code(self):
        for headers in ({}, {"Authorization": self.app.basic}):
            self.assert_refused(self.send("/api/reports/", fields=headers), 401, BARE)

    def test_a_token_that_is_none_is_401_invalid_token(self):
        for path in ("/api/reports/", "/api/news/"):
            for token in ("x", "o2a_" + 49 * "0"):
                self.assert_refused(self.ask(path, token), 401, INVALID)

    def test_a_token_without_the_scope_is_403_and_says_which_is_needed(self):
        challenge = BARE + ', error="insufficient_scope", scope="read"'
        self.assert_refused(self.ask("/api/reports/", self.token(scope="write")), 403, challenge)

    def test_what_a_client_says_of_itself_does_not_reach_the_api(self):
        token = self.token(scope="read")
        self.assert_passed(self.send("/api/reports/", fields={**FORGED, "Authorization": f"Bearer {token}"}))
        told = self.told()
        self.assertEqual((told["x-auth-client"], told["x-auth-scope"]), (self.app.id, "read"))
        self.assertNotIn("root", told.values())
        self.assertNotIn("admin", told.values())
        for path in ("/api/news/", "/api/public/"):
            self.assert_passed(self.send(path, fields=FORGED))
            self.assertEqual(self.told(), {}, path)

    def test_a_revoked_token_stops_at_once(self):
        token = self.token(scope="read")
        self.assert_passed(self.ask("/api/reports/", token))
        self.revoke(token)
        self.assert_refused(self.ask("/api/reports/", token), 401, INVALID)

    def test_every_method_and_its_body_reach_the_api(self):
        token = self.token(scope="read")
        for method, body in (
            ("GET", None),
            ("HEAD", None),
            ("POST", "a=b"),
            ("PUT", "x" * 100_000),
            ("PATCH", "{}"),
            ("DELETE", None),
            ("OPTIONS", None),
        ):
            with self.subTest(method):
                self.assert_passed(self.ask("/api/reports/", token, method, body))
                seen = self.seen[0]
                self.assertEqual((seen["method"], seen["body"]), (method, body or ""))
                self.assert_refused(self.ask("/api/reports/", None, method, body), 401, BARE)

    def test_where_it_is_optional_nobody_is_known_without_a_token(self):
        self.assert_passed(self.ask("/api/news/"))
        self.assertEqual(self.told(), {})
        self.assert_passed(self.ask("/api/news/", self.token()))
        self.assertEqual(self.told()["x-auth-client"], self.app.id)

    def test_the_query_of_a_request_does_not_change_what_is_asked(self):
        for path in ("/api/reports/?optional=1", "/api/reports/?scope=&optional=1&session=1"):
            self.assert_refused(self.ask(path), 401, BARE)

    def test_with_the_server_gone_nothing_passes(self):
        token = self.token(scope="read")
        other = self.start_proxy("127.0.0.1:1")
        self.addCleanup(other.close)
        before = len(self.service.seen)
        for path in ("/api/reports/", "/api/news/"):
            answer = other.http.get(path, Authorization=f"Bearer {token}")
            self.assertGreaterEqual(answer.status, 500, answer)
        self.assertEqual(len(self.service.seen), before)


class BrowserApplication:
    """/app/ takes the person who is signed in at the same host, by the session's cookie."""

    def signed_in(self, http=None):
        person = Person(http or self.http)
        page = person.sign_in("alice", PASSWORD)
        self.assertEqual(page.status, 303, page)
        return person

    def cookie(self, person):
        return "; ".join(f"{name}={value}" for name, value in person.cookies.items())

    def csrf_token(self, person):
        return person.open("/oauth/csrf").answer.json()["csrf_token"]

    def test_a_session_passes_by_a_safe_method_and_by_others_with_its_csrf_token(self):
        person, other = self.signed_in(), self.signed_in()
        cookie = self.cookie(person)
        for method in ("GET", "HEAD"):
            self.assert_passed(self.ask("/app/api/x", method=method, Cookie=cookie))
            self.assertEqual(self.told(), {"x-auth-user": "alice"})
        for method in ("POST", "PUT", "DELETE"):
            for more in ({}, {"X_CSRF_Token": "x"}, {"X_CSRF_Token": self.csrf_token(other)}):
                answer = self.ask("/app/api/x", method=method, body="a=b", Cookie=cookie, **more)
                self.assertEqual((answer.status, self.seen), (403, []), answer)
            right = {"Cookie": cookie, "X_CSRF_Token": self.csrf_token(person)}
            self.assert_passed(self.ask("/app/api/x", method=method, body="a=b", **right))
            self.assertEqual(self.told(), {"x-auth-user": "alice"})

    def test_a_client_cannot_call_its_method_safe(self):
        cookie = self.cookie(self.signed_in())
        for name in ("X-Original-Method", "X-Forwarded-Method", "X-HTTP-Method-Override"):
            fields = {"Cookie": cookie, name: "GET"}
            answer = self.send("/app/api/x", "POST", "a=b", fields)
            self.assertEqual((answer.status, self.seen), (403, []), name)

    def test_a_token_passes_there_too_and_a_bad_one_does_not_fall_back(self):
        self.assert_passed(self.ask("/app/api/x", self.token(), "POST", "a=b"))
        cookie = self.cookie(self.signed_in())
        self.assert_refused(self.ask("/app/api/x", "x", Cookie=cookie), 401, INVALID)

    def test_a_session_that_was_ended_stops_at_once(self):
        person = self.signed_in()
        cookie = self.cookie(person)
        self.assert_passed(self.ask("/app/api/x", Cookie=cookie))
        person.submit(person.open("/logout").form("/logout"))
        self.assert_refused(self.ask("/app/api/x", Cookie=cookie), 401, BARE)

    def test_the_session_reaches_the_api_only_as_a_name(self):
        self.assert_passed(self.ask("/app/api/x", Cookie=self.cookie(self.signed_in())))
        self.assertNotIn("cookie", [name for name, _ in self.seen[0]["fields"]])
