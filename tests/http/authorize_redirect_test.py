"""Where the authorization endpoint sends browsers, and where it never does (RFC 9700 section 2.1)."""

import urllib.parse

from browser_case import PASSWORD, BrowserCase
from grant_case import BOTH, CALLBACK, SCOPES, VERIFIER

LOOPBACK = "http://127.0.0.1/cb"
LOOPBACK6 = "http://[::1]:5100/cb?a=b"
PRIVATE = "com.example.app:/cb"
WITH_QUERY = "https://web.example/cb?tenant=a%20b&x"
CODE = ("--grant", "authorization_code", *SCOPES)

# What looks like https://web.example/cb and is not the same string.
VARIATIONS = (
    "https://web.example.evil.org/cb",
    "https://web.exampl/cb",
    "https://evil.org/https://web.example/cb",
    "https://user@web.example/cb",
    "https://web.example@evil.org/cb",
    "https://web.example:secret@evil.org/cb",
    "https://web.example/../cb",
    "https://web.example/x/../cb",
    "https://web.example/./cb",
    "https://web.example//cb",
    "https://web.example/cb/../evil",
    "https://web.example/cb%2e",
    "https://web.example/%2e%2e/cb",
    "https://web.example/cb%2f",
    "https://web.example%2fcb",
    "https://web.example/cb%252f",
    "https://web.example/%63b",
    "https://web.example/x/..;/cb",
    "https://web.example/cb;x",
    "https://web.example/CB",
    "https://WEB.example/cb",
    "HTTPS://web.example/cb",
    "https://web.example/cb?",
    "https://web.example/cb?x=1",
    "https://web.example/cb/",
    "https://web.example/cb.",
    "https://web.example./cb",
    "https://web.example:443/cb",
    "https://web.example:/cb",
    "https://web.example:8443/cb",
    "https://web.example/cb#",
    "https://web.example/cb#evil",
    "https://web.example\\cb",
    "https:\\\\web.example\\cb",
    "https://web.example/cb\\",
    "https://web.example/cb\t",
    "https://web.example/\tcb",
    "https://web.example/cb\n",
    "https://web.example/cb\r\nSet-Cookie: a=b",
    " https://web.example/cb",
    "https://web.example/cb ",
    "https://web.example/c b",
    "https://wéb.example/cb",
    "https://xn--wb-bja.example/cb",
    "https://web。example/cb",
    "http://web.example/cb",
    "//web.example/cb",
    "/cb",
    "web.example/cb",
    "https://*.example/cb",
    "https://web.example/*",
    "*",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://web.example/cb\"><script>alert(1)</script>",
    "https://web.example/cb&amp;x",
    "https://web.example/" + "c" * 4000,
)


class Redirects(BrowserCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.native = cls.site.client("native", "--public", *CODE, "--redirect-uri", LOOPBACK)
        cls.native6 = cls.site.client("native 6", "--public", *CODE, "--redirect-uri", LOOPBACK6)
        cls.phone = cls.site.client("phone", "--public", *CODE, "--redirect-uri", PRIVATE)
        cls.queried = cls.site.client("queried", *CODE, "--redirect-uri", WITH_QUERY)
        cls.several = cls.site.client(
            "several", *CODE, "--redirect-uri", CALLBACK, "--redirect-uri", CALLBACK + "2"
        )
        cls.local = cls.site.client("local", *CODE, "--redirect-uri", "http://localhost:3000/cb")

    def setUp(self):
        self.visitor = self.person()

    def raw_request(self, query, person=None):
        return (person or self.visitor).open("/oauth/authorize?" + query)

    def assert_nowhere(self, page, sent=""):
        """The error page, which repeats nothing of what was sent as markup."""
        self.assert_error_page(page)
        self.assertIsNone(page.answer.field("Refresh"))
        body = page.answer.body.decode()
        self.assertNotIn("<script", body)
        self.assertNotIn("http-equiv", body.lower())
        if sent:
            self.assertNotIn(sent, page.text)
            for place in page.links + [form.action for form in page.forms]:
                self.assertTrue(place.startswith("/"), place)

    def test_every_variation_of_a_registered_redirect_uri_ends_on_the_error_page(self):
        signed_in = self.signed_in()
        for sent in VARIATIONS:
            with self.subTest(sent[:60]):
                self.assert_nowhere(self.ask_for_code(self.visitor, redirect_uri=sent), sent)
                self.assert_nowhere(self.ask_for_code(signed_in, redirect_uri=sent), sent)

    def test_a_redirect_uri_with_nul_or_broken_utf8_ends_on_the_error_page(self):
        rest = urllib.parse.urlencode(self.request_of(redirect_uri=None))
        for sent in ("https://web.example/cb%00", "https://web.example/cb%FF", "https://web.example/%zz", "%"):
            with self.subTest(sent):
                self.assert_nowhere(self.raw_request(f"{rest}&redirect_uri={sent}"))

    def test_no_error_of_the_request_makes_it_follow_an_untrusted_redirect_uri(self):
        for change in (
            {"response_type": None},
            {"response_type": "token"},
            {"scope": "nonsense"},
            {"code_challenge_method": "plain"},
            {"request": "x"},
        ):
            with self.subTest(change):
                page = self.ask_for_code(self.visitor, redirect_uri="https://evil.org/", **change)
                self.assert_nowhere(page, "https://evil.org/")

    def test_the_consent_form_and_post_requests_judge_the_redirect_uri_too(self):
        page = self.visitor.post("/oauth/authorize", self.request_of(redirect_uri="https://evil.org/cb"))
        self.assert_nowhere(page, "https://evil.org/cb")

    def test_redirect_uri_twice_ends_on_the_error_page_identical_too(self):
        query = urllib.parse.urlencode(self.request_of())
        for second in (CALLBACK, "https://evil.org/", ""):
            with self.subTest(second):
                self.assert_nowhere(
                    self.raw_request(query + "&" + urllib.parse.urlencode({"redirect_uri": second}))
                )

    def test_client_id_twice_ends_on_the_error_page_identical_too(self):
        query = urllib.parse.urlencode(self.request_of())
        for second in (self.web.id, self.spa.id, ""):
            with self.subTest(second):
                self.assert_nowhere(self.raw_request(f"{query}&client_id={second}"))

    def test_what_came_twice_is_not_called_unknown(self):
        query = urllib.parse.urlencode(self.request_of())
        for more in (f"client_id={self.spa.id}", "redirect_uri=https://evil.org/", "request_id=a&request_id=b"):
            with self.subTest(more):
                page = self.raw_request(f"{query}&{more}")
                self.assert_nowhere(page)
                self.assertIn("asked in a way that we do not understand", page.text)

    def test_an_unknown_missing_or_empty_client_ends_on_the_error_page(self):
        for client_id in ("nobody", "", None, "<b>x</b>", self.web.id + " ", self.web.id.swapcase(), "a" * 3000):
            with self.subTest(client_id):
                page = self.ask_for_code(self.visitor, client_id=client_id)
                self.assert_nowhere(page, (client_id or "").strip())

    def test_a_disabled_client_and_one_of_a_disabled_owner_end_on_the_same_error_page(self):
        owner = self.fresh_user()
        owned = self.site.client("owned", "--owner", owner, *BOTH, *SCOPES)
        closed = self.site.client("closed", *BOTH, *SCOPES)
        self.site.ctl("user", "disable", owner)
        self.site.ctl("client", "disable", closed.id)
        unknown = self.ask_for_code(self.visitor, client_id="nobody")
        for client in (owned, closed):
            page = self.ask_for_code(self.visitor, client)
            self.assert_nowhere(page)
            self.assertEqual(page.headings, unknown.headings)
            self.assertNotIn(client.id, page.text)
        self.site.ctl("client", "enable", closed.id)
        self.site.ctl("user", "enable", owner)
        for client in (owned, closed):
            self.assertEqual(self.ask_for_code(self.visitor, client).status, 303)

    def test_a_redirect_uri_of_another_client_ends_on_the_error_page(self):
        self.assert_nowhere(self.ask_for_code(self.visitor, self.phone, redirect_uri=CALLBACK), CALLBACK)

    def test_the_error_page_says_what_is_wrong_and_how_to_go_on(self):
        page = self.ask_for_code(self.visitor, redirect_uri="https://evil.org/")
        self.assert_nowhere(page)
        self.assertIn("invalid_request", page.text)
        self.assertIn("redirect_uri", page.text)
        self.assertIn("Go back to the application", page.text)
        request_id = page.answer.field("X-Request-Id")
        self.assertIn(request_id, page.text)
        self.assertIn("redirect_uri", self.server.log_line(request_id)["reason"])

    def test_the_error_page_for_others_shows_only_names_of_the_rfcs(self):
        for query, shown in (
            ("error=invalid_scope", "invalid_scope"),
            ("error=<script>alert(1)</script>", None),
            ("error=Call+0123+456+now&error_description=evil&error_uri=https://evil.org", None),
            ("", None),
            ("error=%zz", None),
            ("error=invalid_scope&error=x", None),
        ):
            with self.subTest(query):
                page = self.visitor.open("/oauth/errors?" + query)
                self.assert_nowhere(page)
                self.assertEqual(shown is not None, "invalid_scope" in page.text, page.text)
                self.assertNotIn("evil", page.answer.body.decode())

    def test_the_error_page_blames_the_application_only_where_it_is_to_blame(self):
        blame = {"en": "The application that sent you here asked", "fr": "L’application qui vous a envoyé ici"}
        titles = {
            "access_denied": {"en": "This was not allowed", "fr": "Ceci n’a pas été autorisé"},
            "server_error": {"en": "Something went wrong", "fr": "Une erreur est survenue"},
            "temporarily_unavailable": {"en": "Not available for a moment", "fr": "Momentanément indisponible"},
            "invalid_scope": {"en": "This request cannot be answered", "fr": "Impossible de répondre"},
            "nonsense": {"en": "This request cannot be answered", "fr": "Impossible de répondre"},
        }
        for error, title in titles.items():
            for language in ("en", "fr"):
                with self.subTest(error=error, language=language):
                    page = self.person(language).open("/oauth/errors?error=" + error)
                    self.assert_nowhere(page)
                    self.assertIn(title[language], page.text)
                    self.assertEqual(blame[language] in page.text, error in ("invalid_scope", "nonsense"), page.text)
                    self.assertEqual(error in page.text, error != "nonsense")

    # A2, A6

    def allowed_at(self, client, redirect_uri):
        """The code, after consent at this redirect URI."""
        page = self.authorized(self.signed_in(), client, redirect_uri=redirect_uri)
        self.assertEqual(page.status, 303, page)
        self.assertTrue(page.location.startswith(redirect_uri.rstrip("?")), page)
        return self.site.remember(page.query()["code"])

    def test_any_port_of_a_loopback_literal_is_taken_and_answered(self):
        for client, sent in (
            (self.native, "http://127.0.0.1/cb"),
            (self.native, "http://127.0.0.1:1/cb"),
            (self.native, "http://127.0.0.1:49152/cb"),
            (self.native, "http://127.0.0.1:65535/cb"),
            (self.native6, "http://[::1]/cb?a=b"),
            (self.native6, "http://[::1]:49152/cb?a=b"),
        ):
            with self.subTest(sent):
                self.allowed_at(client, sent)

    def test_the_token_request_must_repeat_the_loopback_port_that_was_sent(self):
        code = self.allowed_at(self.native, "http://127.0.0.1:49152/cb")
        form = {
            "client_id": self.native.id,
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": VERIFIER,
        }
        for other in ("http://127.0.0.1:49153/cb", LOOPBACK, None):
            sent = form if other is None else {**form, "redirect_uri": other}
            self.refused(self.http.post("/oauth/token", sent))
        answer = self.http.post("/oauth/token", {**form, "redirect_uri": "http://127.0.0.1:49152/cb"})
        self.given(self.remembered(answer))

    def test_what_only_looks_like_the_loopback_literal_ends_on_the_error_page(self):
        for client, sent in (
            (self.native, "http://127.0.0.1:1@evil.org/cb"),
            (self.native, "http://127.0.0.1@evil.org/cb"),
            (self.native, "http://127.0.0.1.evil.org/cb"),
            (self.native, "http://127.0.0.1:80.evil.org/cb"),
            (self.native, "http://127.1/cb"),
            (self.native, "http://127.0.0.01/cb"),
            (self.native, "http://2130706433/cb"),
            (self.native, "http://0x7f.1/cb"),
            (self.native, "http://127.0.0.2/cb"),
            (self.native, "http://[::1]/cb"),
            (self.native, "http://[::ffff:127.0.0.1]/cb"),
            (self.native, "http://localhost/cb"),
            (self.native, "http://127.0.0.1:0/cb"),
            (self.native, "http://127.0.0.1:65536/cb"),
            (self.native, "http://127.0.0.1:99999999999/cb"),
            (self.native, "http://127.0.0.1:+80/cb"),
            (self.native, "http://127.0.0.1:-1/cb"),
            (self.native, "http://127.0.0.1:080/cb"),
            (self.native, "http://127.0.0.1:8 0/cb"),
            (self.native, "http://127.0.0.1:/cb"),
            (self.native, "http://127.0.0.1:80"),
            (self.native, "http://127.0.0.1:80/cb/"),
            (self.native, "http://127.0.0.1:80/cb?x"),
            (self.native, "http://127.0.0.1:80/cb#x"),
            (self.native, "http://127.0.0.1:80\\@evil.org/cb"),
            (self.native, "https://127.0.0.1/cb"),
            (self.native6, "http://[::1]:5100/cb"),
            (self.native6, "http://[::1%25lo]:5100/cb?a=b"),
            (self.native6, "http://[0:0:0:0:0:0:0:1]:5100/cb?a=b"),
            (self.native6, "http://::1:5100/cb?a=b"),
            (self.local, "http://localhost:3001/cb"),
            (self.local, "http://localhost/cb"),
            (self.local, "http://127.0.0.1:3000/cb"),
        ):
            with self.subTest(sent):
                self.assert_nowhere(self.ask_for_code(self.visitor, client, redirect_uri=sent))

    def test_without_a_redirect_uri_the_one_that_is_registered_is_taken(self):
        page = self.authorized(self.signed_in(), redirect_uri=None)
        self.assertTrue(page.location.startswith(CALLBACK + "?"), page)
        self.given(self.redeem(self.site.remember(page.query()["code"]), redirect_uri=None))

    def test_without_a_redirect_uri_and_with_several_registered_it_is_the_error_page(self):
        for sent in (None, ""):
            self.assert_nowhere(self.ask_for_code(self.visitor, self.several, redirect_uri=sent))

    def test_each_of_several_registered_ones_is_taken(self):
        for sent in (CALLBACK, CALLBACK + "2"):
            self.allowed_at(self.several, sent)

    # A7, A13 to A17

    def test_a_registered_query_is_kept_and_ours_follows(self):
        page = self.authorized(self.signed_in(), self.queried, redirect_uri=WITH_QUERY)
        self.assertRegex(page.location, r"\Ahttps://web\.example/cb\?tenant=a%20b&x&code=o2c_\w+&state=xyz&iss=")
        self.site.remember(page.query()["code"])
        refused = self.ask_for_code(self.visitor, self.queried, redirect_uri=WITH_QUERY, scope="nonsense")
        self.assertTrue(refused.location.startswith(WITH_QUERY + "&error=invalid_scope&"), refused)

    def test_a_private_use_scheme_gets_its_code_in_the_query(self):
        page = self.authorized(self.signed_in(), self.phone, redirect_uri=PRIVATE)
        self.assertTrue(page.location.startswith(PRIVATE + "?code="), page)
        self.site.remember(page.query()["code"])

    def test_every_redirect_is_303_and_is_not_stored(self):
        person = self.signed_in()
        sign_in_first = self.ask_for_code(self.visitor)
        refused = self.ask_for_code(self.visitor, scope="nonsense")
        after_post = self.visitor.post("/oauth/authorize", self.request_of())
        allowed = self.authorized(person)
        self.site.remember(allowed.query()["code"])
        at_once = self.ask_for_code(person)
        self.site.remember(at_once.query()["code"])
        for page in (sign_in_first, refused, after_post, allowed, at_once):
            self.assertEqual(page.status, 303, page)
            self.assertEqual(page.answer.field("Cache-Control"), "no-store")
            self.assertEqual(page.answer.field("Referrer-Policy"), "no-referrer")

    def test_a_code_comes_in_the_query_only(self):
        page = self.authorized(self.signed_in())
        parts = urllib.parse.urlsplit(page.location)
        self.assertEqual(parts.fragment, "")
        self.assertEqual(list(dict(urllib.parse.parse_qsl(parts.query))), ["code", "state", "iss"])
        self.site.remember(page.query()["code"])

    def test_nothing_that_is_sent_can_start_a_header_line(self):
        for value in ("a\r\nSet-Cookie: evil=1", "a\nLocation: https://evil.org", "a\r\n\r\n<html>", "a\0b"):
            for name in ("state", "scope", "nonce", "response_type", "redirect_uri", "client_id"):
                with self.subTest(name=name, value=value):
                    page = self.ask_for_code(self.visitor, **{name: value})
                    self.assertIn(page.status, (303, 400))
                    for key, field in page.answer.fields:
                        self.assertNotRegex(field, r"[\r\n\0]")
                        if key.lower() == "set-cookie":
                            self.assertNotIn("evil=", field)


class LocalPaths(BrowserCase):
    """A11: `next` is a path of this server, whatever it looks like."""

    ELSEWHERE = (
        "https://evil.org/",
        "//evil.org",
        "///evil.org",
        "/\\evil.org",
        "\\\\evil.org",
        "\\/evil.org",
        "/%09/evil.org",
        "/\t/evil.org",
        "/%5Cevil.org",
        "/%5cevil.org",
        "/%2Fevil.org",
        "/%2f%2fevil.org",
        "/\n/evil.org",
        "/x\r\nLocation: https://evil.org",
        "/x?y=\r\nSet-Cookie: a=b",
        "/%0d%0aLocation:x",
        "/%00",
        "/%zz",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.org",
        " /x",
        "\t//evil.org",
        "@evil.org",
        ".evil.org",
        "",
        "/" + "x" * 5000,
    )

    def test_next_leads_nowhere_else_after_signing_in(self):
        for sent in self.ELSEWHERE:
            with self.subTest(sent[:40]):
                person = self.person()
                page = person.open("/login", next=sent)
                self.assertEqual(page.form("/login").fields["next"], "/")
                done = person.submit(
                    page.form("/login"), username="alice", password=PASSWORD, next=sent
                )
                self.assertEqual((done.status, done.location), (303, "/"), done)

    def test_next_leads_nowhere_else_for_one_who_is_signed_in(self):
        person = self.signed_in()
        for sent in self.ELSEWHERE:
            with self.subTest(sent[:40]):
                self.assertEqual(person.open("/login", next=sent).location, "/")

    def test_next_leads_nowhere_else_after_signing_out(self):
        for sent in ("https://evil.org/", "//evil.org", "/\\evil.org"):
            with self.subTest(sent):
                person = self.signed_in()
                page = person.submit(person.open("/logout").form("/logout"), next=sent)
                self.assertEqual((page.status, page.location), (303, "/"))

    def test_next_twice_or_malformed_is_refused(self):
        person = self.person()
        for query in ("next=/a&next=//evil.org", "next=%zz", "next=%00"):
            page = person.open("/login?" + query)
            self.assert_error_page(page)

    def test_a_rooted_path_with_its_query_is_kept_as_it_is(self):
        person = self.signed_in()
        for path in ("/", "/x", "/x?y=//evil.org", "/x?y=%2F%2F&z=%5C", "/a%20b", "/x?next=https://a.example"):
            with self.subTest(path):
                self.assertEqual(person.open("/login", next=path).location, path)

    def test_a_next_that_is_no_ascii_makes_no_broken_header(self):
        person = self.signed_in()
        for path in ("/é", "/😀?x=ü", "/a b"):
            with self.subTest(path):
                page = person.open("/login", next=path)
                self.assertEqual(page.status, 303)
                self.assertRegex(page.location, r"\A/[\x21-\x7e]*\Z")

    def test_an_authorization_request_comes_back_after_signing_in_as_it_was_sent(self):
        person = self.person()
        sent = self.request_of(state="a&b=c +%25é/?#")
        page = person.open("/oauth/authorize", **sent)
        login = person.follow(page)
        done = person.submit(login.form("/login"), username="alice", password=PASSWORD)
        self.assertEqual(urllib.parse.urlsplit(done.location).path, "/oauth/authorize")
        self.assertEqual(dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(done.location).query)), sent)
        page = self.allow(person, person.open(done.location))
        self.assertEqual(page.query()["state"], sent["state"])
        self.site.remember(page.query()["code"])
