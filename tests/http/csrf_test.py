"""The browser's cookie and its CSRF tokens."""

import base64
import hashlib
import hmac
import json
import time

from browser_case import PASSWORD
from session_case import COOKIE, SessionCase


class Cookies(SessionCase):
    def test_of_two_cookies_with_our_name_none_counts(self):
        """One was planted by another host of the domain, and nobody knows which."""
        person, attacker = self.signed_in(self.user), self.signed_in("alice")
        for first, second in ((person, attacker), (attacker, person)):
            both = f"{COOKIE}={first.cookies[COOKIE]}; {COOKIE}={second.cookies[COOKIE]}"
            answer = self.http.get("/logout", Cookie=both, Accept="text/html")
            self.assertEqual(answer.status, 303, answer)
        twice = f"{COOKIE}={person.cookies[COOKIE]}; {COOKIE}={person.cookies[COOKIE]}"
        self.assertEqual(self.http.get("/logout", Cookie=twice).status, 303)

    def test_garbage_cookies_are_strangers_and_never_an_error(self):
        good = self.signed_in(self.user).cookies[COOKIE]
        for cookie in (
            "",
            ";",
            ";;;=;",
            "=",
            COOKIE,
            COOKIE + "=",
            f"{COOKIE}=x",
            f"{COOKIE}={good[:-1]}",
            f"{COOKIE}={good}x",
            f"{COOKIE}={good[:-1]}-",
            f"{COOKIE}={good.swapcase()}",
            f'{COOKIE}="{good}"',
            f"{COOKIE.upper()}={good}",
            f"__Host-{COOKIE}={good}",
            f"x{COOKIE}={good}",
            f"{COOKIE}2={good}",
            f"{COOKIE}={'A' * 43}",
            f"{COOKIE}={'A' * 4000}",
            f"{COOKIE}=%00",
            f"{COOKIE}=\xff\xfe",
            f"{COOKIE}=' OR 1=1 --",
            "; ".join(f"c{i}=x" for i in range(500)),
        ):
            with self.subTest(cookie[:60]):
                answer = self.http.get("/logout", Cookie=cookie, Accept="text/html")
                self.assertEqual(answer.status, 303, answer)
                self.assertEqual(self.http.get("/login", Cookie=cookie).status, 200)

    def test_the_cookie_is_found_among_others(self):
        good = self.signed_in(self.user).cookies[COOKIE]
        for cookie in (f"a=b; {COOKIE}={good}; c=d", f"a=b;{COOKIE}={good};c", f" {COOKIE}={good} "):
            self.assertEqual(self.http.get("/logout", Cookie=cookie).status, 200)

    def test_a_session_of_nobody_known_is_not_written_into_the_database(self):
        before = self.rows()
        self.http.get("/login", Cookie=f"{COOKIE}={'B' * 43}")
        self.assertEqual(self.rows(), before)


def read_claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class CsrfTokens(SessionCase):
    def token_of(self, person):
        answer = person.open("/oauth/csrf").answer
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.field("Content-Type"), "application/json")
        self.assert_not_stored(answer)
        self.assertIsNone(answer.field("Access-Control-Allow-Origin"))
        return answer.json()["csrf_token"]

    def test_it_is_a_jwt_that_names_user_and_session_for_an_hour(self):
        person = self.signed_in(self.user)
        token = self.token_of(person)
        header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
        self.assertEqual(header["alg"], "HS256")
        claims = read_claims(token)
        user = self.site.ctl_json("user", "show", self.user)
        self.assertEqual((claims["sub"], claims["sid"]), (user["id"], self.sessions()[0]["id"]))
        self.assertLessEqual(abs(claims["exp"] - 3600 - time.time()), 60)

    def test_before_signing_in_it_has_no_subject(self):
        claims = read_claims(self.token_of(self.person()))
        self.assertNotIn("sub", claims)
        self.assertIn("sid", claims)

    def test_it_holds_nothing_of_the_cookie(self):
        person = self.signed_in(self.user)
        self.assertNotIn(person.cookies[COOKIE], json.dumps(read_claims(self.token_of(person))))

    def test_it_is_taken_as_a_header(self):
        person = self.signed_in(self.user)
        page = person.post("/logout", {}, X_CSRF_Token=self.token_of(person))
        self.assertEqual(page.status, 303)
        self.assertFalse(self.is_signed_in(person))

    def test_signing_in_needs_the_token_of_this_browser(self):
        """Login CSRF: nobody is signed in to the attacker's account."""
        attacker = self.person()
        theirs = attacker.open("/login").form("/login").fields["csrf_token"]
        form = {"username": "alice", "password": PASSWORD}
        victim = self.person()
        victim.open("/login")
        for person, token, status in (
            (victim, None, 400),
            (victim, theirs, 403),
            (self.person(), theirs, 403),
            (self.person(), None, 400),
        ):
            more = {} if token is None else {"csrf_token": token}
            page = person.post("/login", {**form, **more})
            self.assert_page(page, status)
            self.assertEqual(person.open("/logout").status, 303)

    def test_a_refused_sign_in_form_can_be_sent_again(self):
        person = self.person()
        person.open("/login")
        page = person.post("/login", {"username": self.user, "password": PASSWORD, "next": "/oauth/csrf"})
        self.assert_page(page, 400)
        done = person.submit(page.form("/login"), password=PASSWORD)
        self.assertEqual((done.status, done.location), (303, "/oauth/csrf"))

    def test_a_post_without_our_cookie_sets_none(self):
        """As another site's form sends it: the cookie that the browser holds back must stay the browser's."""
        for path in ("/login", "/logout", "/device", "/reset", "/oauth/authorize"):
            for form in ({}, {"csrf_token": "x"}, {"csrf_token": "x", "confirm": "yes", "request_id": "x"}):
                with self.subTest(path=path, form=form):
                    answer = self.http.post(path, form)
                    self.assertIsNone(answer.field("Set-Cookie"))
                    self.assertIn(answer.status, (303, 400, 403))
        page = self.person().post("/login", {"csrf_token": "x", "next": "/oauth/csrf"})
        self.assertEqual(page.status, 403)
        self.assertIn("/login?next=%2Foauth%2Fcsrf", page.links)

    def test_the_token_from_before_signing_in_is_worth_nothing_afterwards(self):
        person = self.person()
        before = self.token_of(person)
        person.sign_in(self.user, PASSWORD)
        self.assertEqual(person.post("/logout", {"csrf_token": before}).status, 403)

    def forged(self, cookie, **changes):
        """A token as the server makes it for the owner of the cookie, with other claims."""
        person = self.person()
        person.cookies = {COOKIE: cookie}
        claims = read_claims(self.token_of(person))
        extracted = hmac.digest(claims["sid"].encode(), cookie.encode(), hashlib.sha256)
        key = hmac.digest(extracted, b"csrf tokens of a browser session\x01", hashlib.sha256)
        claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}

        def encode(part):
            return base64.urlsafe_b64encode(part).rstrip(b"=")

        signed = encode(b'{"alg":"HS256","typ":"JWT"}') + b"." + encode(json.dumps(claims).encode())
        return (signed + b"." + encode(hmac.digest(key, signed, hashlib.sha256))).decode()

    def test_an_expired_token_and_one_of_another_user_or_session_is_403(self):
        person = self.signed_in(self.user)
        cookie = person.cookies[COOKIE]
        now = int(time.time())
        for changes in (
            {"exp": now - 1},
            {"exp": 0},
            {"exp": None},
            {"sub": self.user_id},
            {"sub": None},
            {"sid": "another"},
            {"sid": None},
        ):
            with self.subTest(changes):
                page = person.post("/logout", {"csrf_token": self.forged(cookie, **changes)})
                self.assert_error_page(page, 403)
        page = person.post("/logout", {"csrf_token": self.forged(cookie, exp=now + 600)})
        self.assertEqual(page.status, 303, "the forged tokens are not like the server's")

    def test_an_anonymous_token_is_not_made_a_users_by_naming_one(self):
        person = self.person()
        person.open("/login")
        token = self.forged(person.cookies[COOKIE], sub=self.user_id)
        page = person.post("/login", {"username": self.user, "password": PASSWORD, "csrf_token": token})
        self.assert_page(page, 403)
