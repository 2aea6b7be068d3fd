"""RFC 6749 section 2.3: how clients authenticate, and how little a failure tells."""

import base64
import statistics
import time
import urllib.parse

from harness.case import ServedCase
from harness.http_client import basic
from harness.planted import opened

GRANT = {"grant_type": "client_credentials"}
ODD_SECRET = '50%-off + colons:and=ümläute&☃ \\ " 100%25 until midnight'


def header(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


class Methods(ServedCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.poster = cls.site.client("poster", "--auth-method", "client_secret_post")
        cls.public = cls.site.client("spa", "--public", "--redirect-uri", "https://spa.example/cb")
        cls.odd = cls.site.client("odd", "--id", "a.b-c_D.9", secret=ODD_SECRET)
        cls.odd_poster = cls.site.client(
            "odd poster", "--auth-method", "client_secret_post", "--id", "p.o_s-t", secret=ODD_SECRET + "!"
        )

    def ask(self, auth=None, form=(), path="/oauth/token"):
        return self.remembered(self.http.post(path, {**GRANT, **dict(form)}, auth))

    def test_basic_is_form_urlencoded_before_it_is_base64(self):
        self.assertEqual(self.ask(self.odd.basic).status, 200)

    def test_basic_takes_every_spelling_of_an_encoding(self):
        everything = "".join(f"%{byte:02x}" for byte in ODD_SECRET.encode())
        self.assertEqual(self.ask(header(f"{self.odd.id}:{everything}")).status, 200)
        self.assertEqual(self.ask(header(f"a%2Eb-c_D.9:{urllib.parse.quote(ODD_SECRET)}")).status, 200)

    def test_a_plain_secret_with_a_percent_sign_is_not_decoded_twice(self):
        self.assert_error(self.ask(header(f"{self.odd.id}:{ODD_SECRET}")), 401, "invalid_client")

    def test_post_takes_any_secret_too(self):
        self.assertEqual(self.ask(form=self.odd_poster.post).status, 200)

    def test_the_scheme_has_no_case_and_may_be_followed_by_more_blanks(self):
        credentials = self.app.basic.partition(" ")[2]
        for scheme in ("basic", "BASIC", "bAsIc", "Basic "):
            with self.subTest(scheme):
                self.assertEqual(self.ask(f"{scheme} {credentials}").status, 200)

    def test_the_method_is_the_one_that_is_registered(self):
        self.assert_error(self.ask(form=self.app.post), 401, "invalid_client")
        self.assert_error(self.ask(self.poster.basic), 401, "invalid_client")
        self.assertEqual(self.ask(form=self.poster.post).status, 200)

    def test_a_changed_method_counts_at_once(self):
        client = self.site.client("changing")
        self.site.ctl("client", "update", client.id, "--auth-method", "client_secret_post")
        self.assert_error(self.ask(client.basic), 401, "invalid_client")
        self.assertEqual(self.ask(form=client.post).status, 200)

    def test_two_methods_at_once_are_an_invalid_request(self):
        for form in (
            self.app.post,
            {"client_secret": self.app.secret},
            {"client_id": "x", "client_secret": "y"},
        ):
            with self.subTest(form):
                self.assert_error(self.ask(self.app.basic, form), 400, "invalid_request")

    def test_client_id_in_the_form_must_be_the_one_of_the_header(self):
        self.assertEqual(self.ask(self.app.basic, {"client_id": self.app.id}).status, 200)
        self.assert_error(self.ask(self.app.basic, {"client_id": self.api.id}), 400, "invalid_request")

    def test_a_secret_without_a_client_is_an_invalid_request(self):
        self.assert_error(self.ask(form={"client_secret": self.poster.secret}), 400, "invalid_request")

    def test_two_authorization_headers_are_an_invalid_request(self):
        body = "grant_type=client_credentials"
        request = (
            f"POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Authorization: {self.app.basic}\r\nAuthorization: {self.app.basic}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        self.assertIn(self.http.raw(request.encode())[:12], (b"HTTP/1.1 400", b"HTTP/1.1 401"))

    def test_no_credentials_at_all_are_an_invalid_client(self):
        for path in ("/oauth/token", "/oauth/introspect", "/oauth/revoke"):
            with self.subTest(path):
                answer = self.ask(form={"token": "x"}, path=path)
                self.assert_error(answer, 401, "invalid_client")
                self.assertEqual(answer.json().get("error_description"),
                                 "the request names no client: client_id is missing")

    def test_of_a_client_that_is_named_nothing_is_told(self):
        for auth, form in (
            (None, {"client_id": self.app.id}),
            (None, {"client_id": "nobody-knows-this-client"}),
            (None, {"client_id": self.poster.id, "client_secret": "wrong"}),
            (basic(self.app.id, "wrong"), {}),
            (basic("", "x"), {}),
        ):
            with self.subTest(form):
                answer = self.ask(auth, form)
                self.assert_error(answer, 401, "invalid_client")
                self.assertEqual(list(answer.json()), ["error"])

    def test_a_malformed_header_is_an_invalid_client_and_never_a_failure(self):
        for value in (
            "Basic",
            "Basic ",
            "Basic !!!",
            "Basic =",
            "Basic YQ",
            "Basic YQ==",
            header(""),
            header(":"),
            header(":secret"),
            header("no-colon"),
            header(f"{self.app.id}:%zz"),
            header(f"{self.app.id}:%"),
            header(f"{self.app.id}:%00"),
            "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
            header(f"{self.app.id}:%ff"),
            "Basic " + "A" * 9000,
            "Bearer o2a_x",
            "Digest username=x",
            "x",
            "Basic\tYTpi",
            self.app.basic + " x",
            "Basic " + self.app.basic,
        ):
            with self.subTest(value[:60]):
                self.assert_error(self.ask(value), 401, "invalid_client")

    def test_an_id_or_secret_longer_than_any_is_refused_quietly(self):
        self.assert_error(self.ask(basic("x" * 4000, "y" * 4000)), 401, "invalid_client")
        self.assert_error(
            self.ask(form={"client_id": "x" * 30000, "client_secret": "y" * 30000}), 401, "invalid_client"
        )

    def test_a_secret_that_is_nearly_right_is_wrong(self):
        secret = self.app.secret
        for wrong in (
            secret[:-1],
            secret + "x",
            secret.swapcase(),
            " " + secret,
            secret + " ",
            secret + "\0",
        ):
            with self.subTest(repr(wrong)):
                self.assertEqual(self.ask(basic(self.app.id, wrong)).status, 401)

    def test_the_hash_that_is_stored_is_no_secret(self):
        with opened(self.site.db) as connection:
            hashes = [row[0] for row in connection.execute("SELECT secret_hash FROM client_secrets")]
        self.assertTrue(hashes)
        for stored in hashes:
            self.assertEqual(self.ask(basic(self.app.id, stored)).status, 401)

    def test_the_client_id_is_compared_exactly(self):
        for wrong in (self.app.id.swapcase(), self.app.id[:-1], "app", self.app.id + " ", self.app.id + "%"):
            with self.subTest(wrong):
                self.assertEqual(self.ask(basic(wrong, self.app.secret)).status, 401)

    def test_a_public_client_that_presents_a_secret_is_refused(self):
        form = {"client_id": self.public.id, "client_secret": "anything-at-all"}
        for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect"):
            with self.subTest(path):
                self.assert_error(self.ask(form={**form, "token": "x"}, path=path), 401, "invalid_client")
                self.assert_error(
                    self.ask(basic(self.public.id, "x"), {"token": "x"}, path), 401, "invalid_client"
                )

    def test_a_confidential_client_without_its_secret_is_refused(self):
        for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect"):
            with self.subTest(path):
                form = {"client_id": self.app.id, "token": "x"}
                self.assert_error(self.ask(form=form, path=path), 401, "invalid_client")

    def test_a_public_client_may_not_introspect(self):
        answer = self.ask(form={"client_id": self.public.id, "token": self.token()}, path="/oauth/introspect")
        self.assert_error(answer, 401, "invalid_client")


class Enumeration(ServedCase):
    flags = ("--rate-limit-failures", "0")

    @classmethod
    def populate(cls):
        super().populate()
        cls.disabled = cls.site.client("disabled")
        cls.site.ctl("client", "disable", cls.disabled.id)
        cls.site.user("olga")
        cls.owned = cls.site.client("owned", "--owner", "olga")
        cls.site.ctl("user", "disable", "olga")
        cls.failures = {
            "unknown client": basic("nobody-knows-this-client", cls.app.secret),
            "wrong secret": basic(cls.app.id, "o2s_wrong"),
            "disabled client": cls.disabled.basic,
            "disabled client, wrong secret": basic(cls.disabled.id, "o2s_wrong"),
            "disabled owner": cls.owned.basic,
        }

    def test_an_unknown_client_and_a_wrong_secret_look_alike(self):
        seen = set()
        for auth in self.failures.values():
            answer = self.http.post("/oauth/token", GRANT, auth)
            self.assert_error(answer, 401, "invalid_client")
            fields = sorted(field for field in answer.fields if field[0] not in ("Date", "X-Request-Id"))
            seen.add((answer.body, str(fields)))
        self.assertEqual(len(seen), 1, seen)

    def test_an_unknown_client_and_a_wrong_secret_take_the_same_time(self):
        connection = self.http.connection()
        times = {name: [] for name in self.failures}
        for _ in range(200):
            for name, auth in self.failures.items():
                began = time.perf_counter()
                self.http.post("/oauth/token", GRANT, auth, connection=connection)
                times[name].append(time.perf_counter() - began)
        connection.close()
        medians = {name: statistics.median(values) for name, values in times.items()}
        self.assertLess(max(medians.values()), 3 * min(medians.values()) + 0.001, medians)
