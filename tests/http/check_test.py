"""/oauth/check: what a reverse proxy is told about a request that it holds back."""

import time
import urllib.parse

from harness.planted import plant_tokens
from harness.server import eventually

from session_case import SessionCase

BARE = 'Bearer realm="oauth2d"'
INVALID = BARE + ', error="invalid_token"'
REQUEST = BARE + ', error="invalid_request"'
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TOLD = ("X-Auth-User", "X-Auth-Client", "X-Auth-Scope", "X-Auth-Token")
ELSEWHERE = "https://api.example/v1"


def lacking(scope):
    return f'{BARE}, error="insufficient_scope", scope="{scope}"'


def query_of(*pairs, **more):
    return "?" + urllib.parse.urlencode([*pairs, *more.items()])


class CheckCase(SessionCase):
    def check(self, query="", token=None, method="GET", body=None, **headers):
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            fields["Authorization"] = f"Bearer {token}"
        return self.http.request(method, "/oauth/check" + query, body, fields)

    def told(self, answer):
        return {name: answer.field(name) for name in TOLD if answer.field(name) is not None}

    def assert_passes(self, answer, told=None):
        self.assertEqual((answer.status, answer.body), (204, b""), answer)
        self.assertIsNone(answer.field("WWW-Authenticate"))
        self.assert_not_stored(answer)
        if told is not None:
            self.assertEqual(self.told(answer), told)

    def assert_refused(self, answer, status, challenge):
        self.assertEqual((answer.status, answer.field("WWW-Authenticate")), (status, challenge), answer)
        self.assertEqual(self.told(answer), {})
        self.assertEqual(answer.field("Content-Type"), "application/json")
        self.assert_not_stored(answer)


class Scopes(CheckCase):
    def test_words_of_one_item_are_all_needed_and_one_item_of_several_is_enough(self):
        both, read, none = self.token(scope="read write"), self.token(scope="read"), self.token(self.api)
        for pairs, passing, challenge in (
            ([], (both, read, none), None),
            ([("scope", "read")], (both, read), lacking("read")),
            ([("scope", "read write")], (both,), lacking("read write")),
            ([("scope", "write read")], (both,), lacking("write read")),
            ([("scope", "write"), ("scope", "read")], (both, read), lacking("write")),
            ([("scope", "x y"), ("scope", "x")], (), lacking("x")),
            ([("scope", "READ")], (), lacking("READ")),
        ):
            for token in (both, read, none):
                with self.subTest(pairs=pairs, scope=self.introspect(token)["scope"]):
                    answer = self.check(query_of(*pairs), token)
                    if token in passing:
                        self.assert_passes(answer)
                    else:
                        self.assert_refused(answer, 403, challenge)

    def test_the_scope_that_is_asked_for_lacks_the_fewest_words(self):
        token = self.token(scope="read")
        query = query_of(("scope", "a b"), ("scope", "read write"), ("scope", "a"))
        self.assert_refused(self.check(query, token), 403, lacking("read write"))

    def test_a_slip_in_the_query_lets_nobody_pass(self):
        """An administrator wrote it: it is 403 for all, with a reason that tells what is wrong."""
        token = self.token(scope="read write")
        for query in (
            "?scope=",
            "?scope",
            "?scope=%20",
            "?scope=%22",
            "?scope=%zz",
            "?scpoe=admin",
            "?optional=true",
            "?optional=1&optional=1",
            "?session=on",
            "?resource=",
            "?resource=a&resource=b",
            "?=",
            "?\\",
        ):
            for given in (token, None, "x"):
                with self.subTest(query=query, token=given is not None):
                    answer = self.check(query, given)
                    self.assert_refused(answer, 403, REQUEST)
                    self.assertTrue(answer.json()["error_description"])
        self.assert_passes(self.check("?", token))
        self.assert_passes(self.check("?&", token))


class Tokens(CheckCase):
    @classmethod
    def populate(cls):
        super().populate()
        in_an_hour = int(time.time()) + 3600
        who = {"client": cls.app.id, "user": cls.user_id}
        (cls.refresh,) = plant_tokens(cls.site, kind="refresh", expires_at=in_an_hour, **who)
        (cls.expired,) = plant_tokens(
            cls.site, created_at=in_an_hour - 9999, expires_at=in_an_hour - 3601, **who
        )
        (cls.elsewhere,) = plant_tokens(cls.site, audience=ELSEWHERE, expires_at=in_an_hour, **who)
        (cls.both,) = plant_tokens(
            cls.site, audience=f"{ELSEWHERE} {cls.issuer}", expires_at=in_an_hour, **who
        )

    def test_the_api_is_told_user_client_scope_and_id_and_never_the_token(self):
        token = self.token(scope="read write")
        answer = self.check("", token)
        document = self.introspect(token)
        told = {"X-Auth-Client": self.app.id, "X-Auth-Scope": document["scope"]}
        self.assert_passes(answer, {**told, "X-Auth-Token": document["jti"]})
        self.assertNotIn(token, str(answer.fields))
        given = self.first()["access_token"]
        told = {"X-Auth-User": "alice", "X-Auth-Client": self.web.id, "X-Auth-Scope": "read write"}
        self.assert_passes(self.check("", given), {**told, "X-Auth-Token": self.introspect(given)["jti"]})

    def test_what_a_token_does_not_have_is_not_told(self):
        personal = self.site.personal_token("alice", "laptop")
        told = {"X-Auth-User": "alice", "X-Auth-Token": self.introspect(personal)["jti"]}
        self.assert_passes(self.check("", personal), told)

    def test_a_name_that_is_no_header_is_percent_encoded(self):
        for name, shown in (("jürgen", "j%C3%BCrgen"), ("100%", "100%25"), ("a&b=c", "a&b=c")):
            self.site.user(name)
            answer = self.check("", self.site.personal_token(name, "x"))
            self.assertEqual(self.told(answer)["X-Auth-User"], shown)

    def test_without_a_token_there_is_no_error_code(self):
        for headers in ({}, {"Authorization": self.app.basic}, {"Authorization": "Digest x"}):
            answer = self.check(**headers)
            self.assert_refused(answer, 401, BARE)
            self.assertNotIn(b"error", answer.body)

    def test_a_token_that_is_none_or_not_any_more_is_invalid(self):
        revoked = self.token()
        self.revoke(revoked)
        for token in (revoked, self.expired, self.refresh, "x", "o2a_x", "", self.app.secret, self.elsewhere):
            for query in ("", "?optional=1", "?session=1", "?optional=1&session=1"):
                with self.subTest(token=token[:8], query=query):
                    self.assert_refused(self.check(query, token), 401, INVALID)

    def test_a_token_is_for_the_audience_that_is_asked_for(self):
        plain = self.token()
        elsewhere = query_of(resource=ELSEWHERE)
        issuer = query_of(resource=self.issuer)
        for query, passing in (
            ("", (plain, self.both)),
            (issuer, (plain, self.both)),
            (elsewhere, (self.elsewhere, self.both)),
            (query_of(resource="https://api.example"), ()),
            (query_of(resource=ELSEWHERE + " " + self.issuer), ()),
        ):
            for token in (plain, self.elsewhere, self.both):
                with self.subTest(query=query, aud=token == self.elsewhere or token == self.both):
                    answer = self.check(query, token)
                    if token in passing:
                        self.assert_passes(answer)
                    else:
                        self.assert_refused(answer, 401, INVALID)

    def test_where_it_is_optional_an_absent_token_passes_and_nobody_is_known(self):
        for query in ("?optional=1", "?optional=1&scope=read", "?optional=1&session=1"):
            self.assert_passes(self.check(query), {})
        self.assert_refused(self.check("?optional=0"), 401, BARE)
        self.assert_refused(self.check("?optional=1&scope=read", self.token(self.api)), 403, lacking("read"))
        self.assertIn("X-Auth-Client", self.told(self.check("?optional=1", self.token())))

    def test_who_is_disabled_stops_at_once_and_comes_back(self):
        client = self.site.client("fleeting", "--scope", "read")
        self.site.ctl("client", "update", client.id, "--owner", self.user)
        token = self.token(client)
        personal = self.site.personal_token(self.user, "mine")
        for noun, name, stopped in (
            ("client", client.id, (token,)),
            ("user", self.user, (token, personal)),
        ):
            for verb, status in (("disable", 401), ("enable", 204)):
                self.site.ctl(noun, verb, name, "--yes")
                for each in stopped:
                    with self.subTest(noun=noun, verb=verb):
                        self.assertEqual(self.check("", each).status, status)

    def test_a_use_is_noted_only_where_it_passes(self):
        for name, query in (("used", ""), ("refused", "?scope=write")):
            token = self.site.personal_token(self.user, name)
            self.check(query, token)

        def last_used(name):
            rows = self.site.ctl_json("token", "list", "--user", self.user)
            return next(row["last_used_at"] for row in rows if row["name"] == name)

        self.assertTrue(eventually(lambda: last_used("used")))
        self.assertIsNone(last_used("refused"))


class Methods(CheckCase):
    def test_a_proxy_may_ask_by_any_method(self):
        token = self.token(scope="read")
        for method in METHODS:
            with self.subTest(method):
                self.assert_passes(self.check("?scope=read", token, method))
                for query, given, status, challenge in (
                    ("", None, 401, BARE),
                    ("", "x", 401, INVALID),
                    ("?scope=write", token, 403, lacking("write")),
                    ("?scope=", token, 403, REQUEST),
                ):
                    answer = self.check(query, given, method)
                    self.assert_refused(answer, status, challenge)
                    self.assertEqual(answer.body == b"", method == "HEAD")

    def test_a_body_that_a_proxy_passes_on_is_not_read(self):
        for method in ("POST", "PUT", "PATCH"):
            for body in ("access_token=x", "access_token=x&access_token=y", "%zz", "\0"):
                answer = self.check("", self.token(), method, body, Content_Type="application/json")
                self.assert_passes(answer)

    def test_another_site_may_not_read_the_answer(self):
        token = self.token()
        for method in METHODS:
            answer = self.check(
                "", token, method, Origin="https://web.example", Access_Control_Request_Method="GET"
            )
            self.assertIsNone(answer.field("Access-Control-Allow-Origin"))

    def test_two_tokens_at_once_are_401(self):
        line = f"Authorization: Bearer {self.token()}\r\n"
        text = self.http.raw(f"GET /oauth/check HTTP/1.1\r\nHost: a\r\n{line}{line}\r\n".encode())
        self.assertTrue(text.startswith(b"HTTP/1.1 401 "), text)
        self.assertIn(b'error="invalid_request"', text)

    def test_no_field_about_the_request_counts_for_a_token(self):
        token = self.token()
        for name in ("X_Original_Method", "X_Forwarded_Method", "X_Forwarded_Uri", "X_Forwarded_Host"):
            self.assert_passes(self.check("", token, **{name: "POST"}))

    def test_the_method_and_the_path_are_in_the_log_and_the_query_is_not(self):
        answer = self.check("?scope=write", self.token(scope="read"), "DELETE")
        line = self.server.log_line(answer.field("X-Request-Id"))
        self.assertEqual((line["method"], line["path"], line["status"]), ("DELETE", "/oauth/check", 403))


class Sessions(CheckCase):
    def headers(self, person, **more):
        cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        return {"Cookie": cookie, **{name: value for name, value in more.items() if value is not None}}

    def session(self, person, query="?session=1", **more):
        return self.check(query, **self.headers(person, **more))

    def csrf_of(self, person):
        return person.open("/oauth/csrf").answer.json()["csrf_token"]

    def assert_csrf_refused(self, answer):
        self.assert_refused(answer, 403, REQUEST)
        self.assertIn("X-CSRF-Token", answer.json()["error_description"])

    def test_a_session_counts_only_where_it_is_asked_for(self):
        person = self.signed_in(self.user)
        for query in ("", "?session=0"):
            self.assert_refused(self.session(person, query, X_Original_Method="GET"), 401, BARE)
        self.assert_passes(self.session(person, "?optional=1"), {})
        self.assert_passes(self.session(person, X_Original_Method="GET"), {"X-Auth-User": self.user})

    def test_a_person_has_every_scope_and_is_no_tokens_audience(self):
        person = self.signed_in(self.user)
        query = "?session=1&scope=read%20write&resource=https://api.example"
        self.assert_passes(self.session(person, query, X_Original_Method="GET"), {"X-Auth-User": self.user})

    def test_a_safe_method_needs_no_csrf_token_and_every_other_does(self):
        person = self.signed_in(self.user)
        token = self.csrf_of(person)
        for name in ("X_Original_Method", "X_Forwarded_Method"):
            for method in ("GET", "HEAD", "OPTIONS"):
                self.assert_passes(self.session(person, **{name: method}))
            for method in ("POST", "PUT", "PATCH", "DELETE", "PROPFIND", "TRACE", "get", "GET, POST", "x"):
                with self.subTest(name=name, method=method):
                    self.assert_csrf_refused(self.session(person, **{name: method}))
                    self.assert_passes(self.session(person, **{name: method}, X_CSRF_Token=token))

    def test_when_in_doubt_the_method_is_unsafe(self):
        person = self.signed_in(self.user)
        for fields in (
            {},
            {"X_Original_Method": "GET", "X_Forwarded_Method": "POST"},
            {"X_Original_Method": "POST", "X_Forwarded_Method": "GET"},
            {"X_Original_Method": ""},
            {"X_HTTP_Method_Override": "GET"},
        ):
            with self.subTest(fields):
                self.assert_csrf_refused(self.session(person, **fields))
                self.assert_passes(self.session(person, **fields, X_CSRF_Token=self.csrf_of(person)))
        for method in METHODS:
            cookie = self.headers(person)
            self.assertEqual(self.check("?session=1", method=method, **cookie).status, 403, method)
        cookie = self.headers(person)["Cookie"]
        lines = "X-Original-Method: GET\r\nX-Original-Method: GET\r\n"
        text = self.http.raw(
            f"GET /oauth/check?session=1 HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n{lines}\r\n".encode()
        )
        self.assertTrue(text.startswith(b"HTTP/1.1 403 "), text)

    def test_the_csrf_token_is_this_sessions_and_has_not_expired(self):
        person, other = self.signed_in(self.user), self.signed_in(self.user)
        stranger = self.person()
        right = self.csrf_of(person)
        for token in ("", "x", self.csrf_of(other), self.csrf_of(stranger), right[:-1], right + "," + right):
            with self.subTest(token[:9]):
                answer = self.session(person, X_Original_Method="POST", X_CSRF_Token=token)
                self.assert_csrf_refused(answer)
        self.assert_passes(self.session(person, X_Original_Method="POST", X_CSRF_Token=right))

    def test_a_csrf_token_alone_is_nobody(self):
        person = self.signed_in(self.user)
        answer = self.check("?session=1", X_CSRF_Token=self.csrf_of(person), X_Original_Method="POST")
        self.assert_refused(answer, 401, BARE)

    def test_a_browser_that_is_not_signed_in_is_401_and_gets_no_cookie(self):
        anonymous = self.person()
        anonymous.open("/login")
        out = self.signed_in(self.user)
        cookie = dict(out.cookies)
        out.submit(out.open("/logout").form("/logout"))
        out.cookies = cookie
        for person in (self.person(), anonymous, out):
            answer = self.session(person, X_Original_Method="GET")
            self.assert_refused(answer, 401, BARE)
            self.assertIsNone(answer.field("Set-Cookie"))
            self.assert_passes(self.session(person, "?session=1&optional=1"), {})

    def test_where_it_is_optional_the_csrf_rule_stands(self):
        person = self.signed_in(self.user)
        self.assert_csrf_refused(self.session(person, "?session=1&optional=1", X_Original_Method="POST"))

    def test_a_session_ends_at_once(self):
        for end in (
            lambda: self.site.ctl("user", "disable", self.user, "--yes"),
            lambda: self.change_sessions("revoked_at = 1"),
            lambda: self.change_sessions("expires_at = 1"),
        ):
            self.user = self.fresh_user()
            person = self.signed_in(self.user)
            self.assert_passes(self.session(person, X_Original_Method="GET"))
            end()
            self.assert_refused(self.session(person, X_Original_Method="GET"), 401, BARE)

    def test_a_token_comes_first_and_a_bad_one_does_not_fall_back_to_the_session(self):
        person = self.signed_in(self.user)
        fields = self.headers(person, X_Original_Method="GET")
        answer = self.check("?session=1", self.token(scope="read"), **fields)
        self.assertEqual(self.told(answer)["X-Auth-Client"], self.app.id)
        self.assertNotIn("X-Auth-User", self.told(answer))
        self.assert_refused(self.check("?session=1", "x", **fields), 401, INVALID)
        refused = self.check("?session=1&scope=write", self.token(scope="read"), **fields)
        self.assert_refused(refused, 403, lacking("write"))
        posted = self.check("?session=1", self.token(), **self.headers(person, X_Original_Method="POST"))
        self.assert_passes(posted)

    def test_two_session_cookies_are_none(self):
        person = self.signed_in(self.user)
        cookie = self.headers(person)["Cookie"]
        answer = self.check("?session=1", Cookie=f"{cookie}; {cookie}", X_Original_Method="GET")
        self.assert_refused(answer, 401, BARE)


class QueryTokens(CheckCase):
    flags = (*CheckCase.flags, "--allow-query-tokens", "true")

    def test_where_allowed_a_token_in_the_query_works_and_two_at_once_are_401(self):
        token = self.token(scope="read")
        self.assert_passes(self.check(query_of(("scope", "read"), ("scope", "x"), access_token=token)))
        for query, given in (
            (query_of(access_token=token), token),
            (query_of(("access_token", token), ("access_token", token)), None),
        ):
            self.assert_refused(self.check(query, given), 401, REQUEST)
        self.assert_refused(self.check("?access_token=x"), 401, INVALID)
        self.assert_refused(self.check("?access_token="), 401, BARE)


class NoQueryTokens(CheckCase):
    def test_by_default_a_token_in_the_query_is_none(self):
        self.assert_refused(self.check(query_of(access_token=self.token())), 401, BARE)
