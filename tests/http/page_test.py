"""What every page has in common: header fields, status, language, and the issuer's address."""

import urllib.parse

from harness.person import Person

from browser_case import PASSWORD, BrowserCase
from grant_case import CALLBACK
from session_case import SessionCase

APPLICATIONS = "/account/settings/applications/"
SECURITY = "/account/settings/security/"

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


class PageCase(BrowserCase):
    def all_pages(self):
        """(what, page): each page of the server once, errors included."""
        nobody, person = self.person(), self.signed_in(self.fresh_user())
        ask = self.request_of()
        broken = {**ask, "redirect_uri": "https://evil.org/"}
        yield "sign-in", nobody.open("/login")
        yield "sign-in refused", nobody.sign_in("nobody-at-all", "wrong password")
        yield "sign-in without token", nobody.post("/login", {"username": "a", "password": "b"})
        yield "applications", person.open(APPLICATIONS)
        yield "security", person.open(SECURITY)
        yield "security refused", person.submit(person.open(SECURITY).form(SECURITY))
        yield "security without token", person.post(SECURITY, {})
        yield "a session that is not there", person.post(
            SECURITY + "sessions/x/",
            {"revoke": "yes", "csrf_token": person.open(SECURITY).form(SECURITY).fields["csrf_token"]},
        )
        yield "sign-out", person.open("/logout")
        yield "sign-out without token", person.post("/logout", {})
        yield "consent", person.open("/oauth/authorize", **ask)
        yield "consent without token", person.post("/oauth/authorize", {"confirm": "yes"})
        yield "consent with a wrong token", person.post(
            "/oauth/authorize", {"confirm": "yes", "csrf_token": "x", "request_id": "y"}
        )
        yield "untrusted", nobody.open("/oauth/authorize", **broken)
        yield "untrusted, signed in", person.open("/oauth/authorize", **broken)
        yield "stale", person.open("/oauth/authorize", request_id="x")
        yield "device", nobody.open("/device")
        yield "dead reset link", nobody.open("/reset")
        yield "malformed", nobody.open("/oauth/authorize?%zz")
        yield "errors", nobody.open("/oauth/errors")
        yield "not found", nobody.open("/nowhere")
        yield "wrong method", nobody.post("/oauth/errors", {})
        for what, page in self.too_large(nobody):
            yield what, page

    def too_large(self, person):
        yield "a long address", person.open("/oauth/authorize", state="s" * 9000)
        yield "a large form", person.post("/login", {"username": "u" * 70_000})
        crowded = person.copy()
        crowded.cookies["other"] = "c" * 17_000
        yield "many cookies", crowded.open("/login")


class Headers(PageCase):
    def test_every_page_forbids_framing_scripts_and_storing(self):
        for what, page in self.all_pages():
            with self.subTest(what):
                self.assert_page(page, page.status)
                answer = page.answer
                policy = answer.field("Content-Security-Policy")
                self.assertEqual(policy.replace(" https:;", ";"), POLICY)
                self.assertEqual(answer.field("X-Frame-Options"), "DENY")
                self.assertEqual(answer.field("Referrer-Policy"), "no-referrer")
                self.assertEqual(answer.field("X-Content-Type-Options"), "nosniff")
                self.assertEqual(answer.field("Cache-Control"), "no-store")
                self.assertEqual(answer.field("Content-Type"), "text/html; charset=utf-8")
                self.assertEqual(answer.field("Content-Language"), "en")
                self.assertIsNone(answer.field("Strict-Transport-Security"))
                self.assertTrue(answer.field("X-Request-Id"))
                self.assertIsNone(answer.field("Access-Control-Allow-Origin"))

    def test_no_page_needs_a_script_or_a_style_of_its_own(self):
        for what, page in self.all_pages():
            body = page.answer.body.decode().lower()
            for word in ("<script", "javascript:", " style=", "<style", " onclick", " onload", "<iframe"):
                self.assertNotIn(word, body, what)

    def test_every_page_is_a_document_in_one_language_with_one_heading(self):
        for what, page in self.all_pages():
            with self.subTest(what):
                self.assertEqual(page.language, "en")
                self.assertEqual(len(page.headings), 1)
                self.assertTrue(page.headings[0])
                self.assertNotIn("{", page.text)

    def test_every_form_of_ours_is_a_post_with_a_csrf_token(self):
        for what, page in self.all_pages():
            for form in page.forms:
                with self.subTest(what, action=form.action):
                    self.assertEqual(form.method, "post")
                    self.assertIn("csrf_token", form.fields)
                    self.assertTrue(form.action.startswith("/"), form.action)

    def test_head_answers_as_get_without_a_body(self):
        for path in ("/login", "/oauth/errors", "/nowhere"):
            get = self.http.get(path, Accept="text/html")
            head = self.http.request("HEAD", path, headers={"Accept": "text/html"})
            self.assertEqual((head.status, head.body), (get.status, b""))
            self.assertEqual(head.field("Content-Type"), get.field("Content-Type"))
        large = self.http.request("HEAD", "/login?next=/" + "n" * 9000)
        self.assertEqual((large.status, large.body), (414, b""))
        self.assertEqual(large.field("Content-Type"), "text/html; charset=utf-8")

    def test_an_unknown_path_is_a_page_for_browsers_and_json_for_programs(self):
        browsers = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        for accept, content_type in (
            (browsers, "text/html; charset=utf-8"),
            ("application/json", "application/json"),
            ("*/*", "application/json"),
            ("", "application/json"),
        ):
            answer = self.http.get("/nowhere", Accept=accept)
            self.assertEqual((answer.status, answer.field("Content-Type")), (404, content_type))

    def test_a_wrong_method_is_405_and_the_right_ones_are_named(self):
        both, get = "GET, HEAD, POST, OPTIONS", "GET, HEAD, OPTIONS"
        for path, allow in (
            ("/oauth/authorize", both),
            ("/login", both),
            ("/logout", both),
            ("/", get),
            ("/oauth/errors", get),
            ("/oauth/csrf", get),
        ):
            for method in ("PUT", "DELETE", "PATCH", *(["POST"] if allow == get else [])):
                with self.subTest(path, method=method):
                    answer = self.http.request(method, path)
                    self.assertEqual(answer.status, 405)
                    self.assertEqual(sorted(answer.field("Allow").split(", ")), sorted(allow.split(", ")))
            options = self.http.request("OPTIONS", path)
            self.assertEqual(options.status, 204)
            self.assertIsNone(options.field("Access-Control-Allow-Origin"))

    def test_the_csrf_endpoint_answers_errors_as_json(self):
        answer = self.http.request("DELETE", "/oauth/csrf")
        self.assertEqual((answer.status, answer.field("Content-Type")), (405, "application/json"))

    def test_no_page_is_readable_for_other_origins(self):
        person = self.signed_in(self.fresh_user())
        person.headers["Origin"] = "https://web.example"
        for path in ("/", "/login", "/oauth/csrf", "/oauth/errors", "/logout", APPLICATIONS, SECURITY):
            answer = person.open(path).answer
            self.assertIsNone(answer.field("Access-Control-Allow-Origin"), path)

    def test_favicon_stylesheet_and_robots_txt_are_served(self):
        for path, content_type in (
            ("/favicon.ico", "image/svg+xml"),
            ("/favicon.svg", "image/svg+xml"),
            ("/robots.txt", "text/plain"),
            ("/static/style.css", "text/css"),
            ("/static/copy.js", "text/javascript"),
        ):
            answer = self.http.get(path)
            self.assertEqual(answer.status, 200, path)
            self.assertTrue(answer.field("Content-Type").startswith(content_type), answer)
            self.assertEqual(answer.field("X-Content-Type-Options"), "nosniff")
            self.assertIsNone(answer.field("Set-Cookie"))

    def test_the_root_leads_to_sign_in_or_to_the_persons_applications(self):
        self.assertEqual(self.person().open("/").location, "/login")
        person = self.signed_in()
        self.assertEqual((person.open("/").status, person.open("/").location), (303, APPLICATIONS))
        self.assert_page(person.open(APPLICATIONS))


class Language(PageCase):
    def test_the_language_follows_the_browser(self):
        for accepted, language in (
            ("fr", "fr"),
            ("FR", "fr"),
            ("fr-CA", "fr"),
            ("fr-CA,en;q=0.5", "fr"),
            ("de, fr;q=0.8, en;q=0.5", "fr"),
            ("en;q=0.1, fr;q=0.2", "fr"),
            ("en, fr;q=0.9", "en"),
            ("fr;q=0, en", "en"),
            ("fr;q=0", "en"),
            ("de", "en"),
            ("*", "en"),
            (None, "en"),
            ("fr;q=nonsense, en;q=0.9", "en"),
            (",;=;,", "en"),
            ("x" * 3000, "en"),
        ):
            with self.subTest((accepted or "")[:40]):
                page = self.assert_page(self.person(accepted).open("/login"))
                self.assertEqual((page.language, page.answer.field("Content-Language")), (language, language))

    def test_errors_and_the_consent_page_are_in_that_language_too(self):
        person = self.person("fr")
        self.assertEqual(person.open("/nowhere").language, "fr")
        self.assertEqual(person.open("/oauth/errors").language, "fr")
        refused = person.sign_in("nobody", "wrong password")
        self.assertEqual(refused.language, "fr")
        person.sign_in("alice", PASSWORD)
        self.assertEqual(self.assert_page(self.ask_for_code(person)).language, "fr")

    def test_names_of_fields_and_values_are_the_same_in_every_language(self):
        for language in ("en", "fr"):
            person = self.person(language)
            form = person.open("/login").form("/login")
            self.assertLessEqual({"username", "password", "next", "csrf_token"}, set(form.fields))


class HttpsIssuer(PageCase):
    """Behind a proxy that ends TLS."""

    issuer = "https://auth.example.org"

    def test_every_answer_has_hsts(self):
        for what, page in self.all_pages():
            self.assertRegex(page.answer.field("Strict-Transport-Security"), r"\Amax-age=[1-9]\d{6,}", what)
        self.assertTrue(self.http.get("/static/style.css").field("Strict-Transport-Security"))

    def test_the_cookie_has_the_host_prefix_and_is_secure(self):
        person = self.person()
        for page in (person.open("/login"), person.sign_in("alice", PASSWORD, remember="yes")):
            field = page.answer.field("Set-Cookie")
            self.assertTrue(field.startswith("__Host-oauth2d_session="), field)
            attributes = [part.strip() for part in field.split(";")[1:]]
            self.assertLessEqual({"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}, set(attributes))
            self.assertFalse([part for part in attributes if part.lower().startswith("domain")])

    def test_a_cookie_without_the_prefix_does_not_count(self):
        person = self.signed_in()
        person.cookies = {"oauth2d_session": person.cookies["__Host-oauth2d_session"]}
        self.assertEqual(person.open("/").location, "/login")

    def test_the_flow_works(self):
        page = self.authorized(self.signed_in())
        self.assertEqual(page.query()["iss"], self.issuer)
        self.given(self.redeem(self.site.remember(page.query()["code"])))


class PathIssuer(PageCase):
    """The proxy passes the issuer's path on."""

    issuer = "http://127.0.0.1:9000/auth"

    def test_redirects_links_and_forms_stay_below_the_issuers_path(self):
        person = Person(self.http)
        first = person.open("/auth/oauth/authorize", **self.request_of())
        self.assertTrue(first.location.startswith("/auth/login?next="), first)
        login = person.open(first.location)
        form = login.form("/login")
        self.assertEqual(form.action, "/auth/login")
        signed_in = person.submit(form, username="alice", password=PASSWORD)
        self.assertTrue(signed_in.location.startswith("/auth/oauth/authorize?"), signed_in)
        consent = self.assert_page(person.open(signed_in.location))
        self.assertEqual({form.action for form in consent.forms}, {"/auth/oauth/authorize", "/auth/logout"})
        refused = person.submit(consent.form("/oauth/authorize"), "yes", csrf_token="x")
        for link in refused.links:
            self.assertTrue(link.startswith("/auth/"), link)
        answer = person.submit(consent.form("/oauth/authorize"), "yes")
        self.assertTrue(answer.location.startswith(CALLBACK + "?"), answer)
        self.assertEqual(answer.query()["iss"], self.issuer)
        self.given(self.redeem(self.site.remember(answer.query()["code"])))

    def test_pages_find_their_stylesheet(self):
        body = Person(self.http).open("/auth/login").answer.body.decode()
        for piece in body.split('href="')[1:]:
            path = piece.partition('"')[0]
            if "static" in path or "favicon" in path:
                self.assertTrue(path.startswith("/auth/"), path)
                self.assertEqual(self.http.get(path).status, 200, path)

    def test_the_cookie_is_for_the_whole_host(self):
        field = Person(self.http).open("/auth/login").answer.field("Set-Cookie")
        self.assertIn("Path=/;", field + ";")

    def test_signing_out_and_the_root_stay_below_it_too(self):
        person = Person(self.http)
        self.assertEqual(person.open("/auth/").location, "/auth/login")
        page = person.open("/auth/login")
        person.submit(page.form("/login"), username="alice", password=PASSWORD)
        self.assertEqual(person.open("/auth/").location, "/auth" + APPLICATIONS)
        home = self.assert_page(person.open("/auth" + APPLICATIONS))
        for link in home.links:
            self.assertTrue(link.startswith(("/auth/", "#")), link)
        self.assertEqual(person.submit(home.form("/logout")).location, "/auth/login")

    def test_next_cannot_leave_the_host(self):
        person = Person(self.http)
        for sent in ("//evil.org", "/\\evil.org", "https://evil.org"):
            target = "/auth/login?" + urllib.parse.urlencode({"next": sent})
            self.assertEqual(person.open(target).form("/login").fields["next"], "/")


class IssuerBelowOauth(PageCase):
    """The issuer's path is the first part of our own paths too."""

    issuer = "http://127.0.0.1:9000/oauth"

    def test_endpoints_answer_with_the_path_and_without(self):
        for prefix in ("", "/oauth"):
            with self.subTest(prefix):
                self.assertEqual(self.http.get(prefix + "/oauth/token").status, 405)
                self.assertEqual(self.http.get(prefix + "/oauth/authorize").status, 400)
                self.assertEqual(self.http.get(prefix + "/oauth/csrf").status, 200)
                self.assertEqual(self.http.get(prefix + "/login").status, 200)


class StatusOfPages(PageCase):
    def test_pages_of_errors_have_the_status_of_the_error(self):
        person = self.person()
        for status, page in (
            (404, person.open("/nowhere")),
            (405, person.post("/oauth/errors", {})),
            (400, person.open("/oauth/errors")),
            (400, person.open("/oauth/authorize")),
            (400, person.post("/login", {})),
            (400, person.open("/oauth/authorize", request_id="unknown")),
        ):
            self.assert_page(page, status)
        statuses = {what: page.status for what, page in self.too_large(person)}
        self.assertEqual(statuses, {"a long address": 414, "a large form": 413, "many cookies": 431})

    def test_what_is_too_large_is_json_where_programs_ask_and_its_log_line_names_the_path(self):
        for method, path, body, status in (
            ("GET", "/oauth/check?scope=" + "s" * 9000, None, 414),
            ("POST", "/oauth/token", b"code=" + b"c" * 70_000, 413),
        ):
            answer = self.http.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"})
            self.assertEqual((answer.status, answer.json()["error"]), (status, "invalid_request"))
            line = self.server.log_line(answer.field("X-Request-Id"))
            self.assertEqual((line["method"], line["path"]), (method, path.partition("?")[0]))
