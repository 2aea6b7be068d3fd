"""Whatever goes wrong is a page that says what to do next; the log has the cause."""

import concurrent.futures
import urllib.parse

import services
from harness.fault_case import built_shim, needs_compiler
from harness.server import eventually
from openid_stand_in import OpenidStandIn
from remote_case import GitHub, Orcid, RemoteCase

TOKEN = "/login/oauth/access_token"
WHOM = {
    TOKEN: "token endpoint",
    "/user": "userinfo endpoint",
    "/user/emails": "list of e-mail addresses",
}


class FailureCase(RemoteCase):
    number = 0

    @classmethod
    def populate(cls):
        cls.github = cls.service(GitHub)
        cls.add_github(cls.github)

    def setUp(self):
        self.addCleanup(self.github.faults.clear)
        type(self).number += 1
        self.github.person(self.number, self.fresh("octo"))

    def assert_told(self, page, status, cause):
        """The page, and the cause in the log."""
        self.assert_failure(page, status=status)
        line = self.server.log_line(page.answer.field("X-Request-Id"))
        self.assertIsNotNone(line, page)
        self.assertIn(cause, str(line))
        return page


class AtTheProvider(FailureCase):
    def fails(self, path, fault, status, cause):
        self.github.faults[path] = fault
        browser = self.browser()
        page = self.assert_told(self.visit(browser, "github"), status, cause)
        self.assert_nobody(browser)
        self.github.faults.clear()
        return browser, page

    def test_every_failure_leaves_nobody_behind_and_the_next_try_works(self):
        users = len(self.users())
        browser, page = self.fails(TOKEN, services.silence, 502, "token endpoint")
        self.assertEqual(len(self.users()), users)
        links = [link for link in page.links if link and link.startswith(("/login", "/oauth/login/"))]
        self.assertTrue(links, page)
        page = browser.follow(browser.open(links[0]))
        if page.headings != ["Authorize for GitHub"]:
            page = browser.follow(browser.open("/oauth/login/github"))
        self.assert_signed_in(browser, browser.open(self.decide(browser, page).location))

    def test_denied(self):
        browser = self.browser()
        page = self.assert_told(self.visit(browser, "github", "no"), 400, "the person said no")
        self.assertIn("GitHub", page.text)
        self.assertNotIn("The user has denied your application access", page.text)
        self.assert_nobody(browser)

    def test_a_refusal_in_a_strange_hand_is_not_repeated_on_the_page(self):
        for error in ("<script>alert(1)</script>", "x" * 5000, "application_suspended", "\r\nX: y"):
            with self.subTest(error):
                browser = self.browser()
                parts = urllib.parse.urlsplit(self.answer(browser, "github", "no"))
                query = dict(urllib.parse.parse_qsl(parts.query), error=error, error_description="Ring us up")
                page = browser.open(parts._replace(query=urllib.parse.urlencode(query)).geturl())
                self.assertGreaterEqual(page.status, 400, page)
                self.assert_failure(page, status=page.status)
                self.assertNotIn("Ring us up", page.text)  # longer than an id has by chance
                self.assertNotIn("alert(1)", page.text)

    def test_down(self):
        for path in WHOM:
            with self.subTest(path):
                self.fails(path, services.silence, 502, WHOM[path])
                self.fails(path, services.answering(b"<h1>Unicorn!</h1>", 503), 502, "503")

    def test_too_many_requests(self):
        self.fails("/user", services.answering({"message": "API rate limit exceeded"}, 429), 502, "429")

    def test_malformed_json(self):
        for path in WHOM:
            for fault in (
                services.wrong_json,
                services.deep,
                services.answering(b""),
                services.answering(b"null"),
                services.answering(b'{"access_token": 5, "id": {"a": 1}}'),
                services.answering(b"\xff\xfe{}"),
                services.answering(b"<html>not JSON</html>", content_type="text/html"),
            ):
                with self.subTest(path, fault=fault):
                    self.github.faults[path] = fault
                    browser = self.browser()
                    self.assert_failure(self.visit(browser, "github"), status=502)
                    self.assert_nobody(browser)
                    self.github.faults.clear()

    def test_an_answer_without_end_is_given_up(self):
        for path in (TOKEN, "/user"):
            with self.subTest(path):
                self.fails(path, services.huge, 502, "endpoint")

    def test_a_redirect_is_not_followed(self):
        elsewhere = self.service(GitHub)
        for path in (TOKEN, "/user"):
            with self.subTest(path):
                away = services.redirect(elsewhere.origin + path)
                self.fails(path, lambda _, away=away: away, 502, "redirect")
        self.assertEqual(elsewhere.requests, [])

    def test_no_identity(self):
        for document in ({"login": "octo"}, {"id": None}, {"id": ""}, {"id": []}, {"id": "x" * 300}):
            with self.subTest(document):
                self.github.faults["/user"] = services.answering(document)
                browser = self.browser()
                self.assert_failure(self.visit(browser, "github"), status=502)
                self.assert_nobody(browser)
                self.github.faults.clear()

    def test_our_secret_is_wrong(self):
        secret, self.github.secret = self.github.secret, "rotated there"
        self.addCleanup(setattr, self.github, "secret", secret)
        browser = self.browser()
        self.assert_told(self.visit(browser, "github"), 502, "incorrect_client_credentials")
        self.assert_nobody(browser)

    def test_the_code_is_refused(self):
        browser = self.browser()
        location = self.answer(browser, "github")
        self.github.codes.clear()
        self.assert_told(browser.open(location), 502, "bad_verification_code")
        self.assert_nobody(browser)

    def test_the_token_is_refused(self):
        for path in ("/user", "/user/emails"):
            with self.subTest(path):
                self.fails(path, services.answering({"message": "Bad credentials"}, 401), 502, "401")

    def test_a_list_of_addresses_that_is_not_for_us_is_no_failure(self):
        """An app without the scope user:email."""
        self.github.faults["/user/emails"] = services.answering({"message": "Not Found"}, 404)
        browser = self.browser()
        who = self.assert_signed_in(browser, self.visit(browser, "github"))
        self.assertIsNone(self.users()[who]["email"])

    def test_a_page_of_failure_is_in_the_language_of_the_browser(self):
        browser = self.browser("fr")
        page = self.visit(browser, "github", "no")
        self.assertEqual(page.language, "fr")
        self.assert_failure(page)


class TooManyStarts(FailureCase):
    starts_a_minute = 3

    def test_who_starts_without_end_is_told_to_wait(self):
        browser = self.browser()
        pages = [browser.open("/oauth/login/github") for _ in range(8)]
        self.assertEqual({page.status for page in pages[:3]}, {303})
        self.assertEqual(pages[-1].status, 429)
        self.assertGreaterEqual(int(pages[-1].answer.field("Retry-After")), 1)
        self.assertEqual(len(pages[-1].headings), 1)


class ItNeverAnswers(FailureCase):
    def test_a_provider_that_never_answers_is_given_up_while_others_are_served(self):
        self.github.faults[TOKEN] = self.github.hang
        self.addCleanup(self.github.held.set)
        browsers = [self.browser() for _ in range(20)]
        locations = [self.answer(browser, "github") for browser in browsers]
        with concurrent.futures.ThreadPoolExecutor(len(browsers)) as pool:
            waiting = [pool.submit(one.open, where) for one, where in zip(browsers, locations)]
            self.assertTrue(eventually(lambda: len(self.github.asked(TOKEN)) == len(browsers)))
            self.assertEqual(self.browser().open("/login").status, 200)
            self.assertFalse(any(one.done() for one in waiting))
        for browser, one in zip(browsers, waiting):
            self.assert_told(one.result(), 502, "did not answer in time")
            self.assert_nobody(browser)

    def test_a_provider_where_nobody_listens_is_told(self):
        gone = self.service(GitHub)
        self.add_github(gone, name="gone")
        browser = self.browser()
        gone.person(5, self.fresh("octo"))
        location = self.answer(browser, "gone")
        gone.close()
        self.assert_told(browser.open(location), 502, "token endpoint")


class TheState(FailureCase):
    def test_missing(self):
        for query in ("", "?code=x", "?error=access_denied", "?code=x&state="):
            with self.subTest(query):
                browser = self.browser()
                self.assert_told(browser.open("/oauth/authorized/github" + query), 400, "no state")

    def test_garbage(self):
        for state in ("x", "a.b.c", "x" * 4000, "eyJhbGciOiJub25lIn0.e30."):
            with self.subTest(state):
                self.assert_failure(self.browser().open(f"/oauth/authorized/github?code=x&state={state}"))

    def test_a_query_that_cannot_be_read(self):
        for query in ("code=x&state=%00", "code=%ff&state=x", "state=%zz"):
            with self.subTest(query):
                self.assertEqual(self.browser().open(f"/oauth/authorized/github?{query}").status, 400)

    def test_changed_by_one_character(self):
        browser = self.browser()
        location = self.answer(browser, "github")
        parts = urllib.parse.urlsplit(location)
        query = dict(urllib.parse.parse_qsl(parts.query))
        last = query["state"][-2]
        state = query["state"][:-2] + ("A" if last != "A" else "B") + query["state"][-1]
        changed = parts._replace(query=urllib.parse.urlencode({**query, "state": state})).geturl()
        self.assert_failure(browser.open(changed))
        self.assert_signed_in(browser, browser.open(location))  # and it is not burnt

    def test_used_twice(self):
        browser = self.browser()
        location = self.answer(browser, "github")
        window = browser.copy()
        self.assert_signed_in(browser, browser.open(location))
        self.assert_failure(browser.open(location))
        self.assert_told(window.open(location), 400, "state")
        self.assert_nobody(window)

    def test_used_by_a_try_that_failed(self):
        browser = self.browser()
        location = self.answer(browser, "github")
        self.github.faults[TOKEN] = services.silence
        self.assert_failure(browser.open(location), status=502)
        self.github.faults.clear()
        self.assert_told(browser.open(location), 400, "used before")

    def test_of_another_browser_is_refused_and_not_burnt(self):
        browser, other = self.browser(), self.browser()
        location = self.answer(browser, "github")
        other.open("/login")
        asked = len(self.github.requests)
        self.assert_told(other.open(location), 400, "the state is not of this browser session")
        self.assert_failure(self.browser().open(location))
        self.assertEqual(len(self.github.requests), asked)
        self.assert_nobody(other)
        self.assert_signed_in(browser, browser.open(location))

    def test_a_parameter_twice(self):
        browser = self.browser()
        location = self.answer(browser, "github")
        for more in ("&code=other", "&state=other", "&error=access_denied&error=x"):
            with self.subTest(more):
                page = browser.open(location + more)
                self.assert_failure(page, status=page.status)
                self.assert_nobody(browser)


class TheTime(RemoteCase):
    """A server whose clock the test sets; it never goes back."""

    @classmethod
    def populate(cls):
        cls.github = cls.service(GitHub)
        cls.add_github(cls.github)
        cls.clock, cls.env = built_shim("clock_shim", cls.site.folder)
        cls.addClassCleanup(cls.clock.close)
        cls.offset = 0

    def later(self, seconds):
        type(self).offset += seconds
        self.clock.set(self.offset)

    @needs_compiler
    def test_a_state_is_good_for_300_seconds_and_no_longer(self):
        for wait, works in ((280, True), (301, False)):
            with self.subTest(wait):
                self.github.person(wait, self.fresh("octo"))
                browser = self.browser()
                location = self.answer(browser, "github")
                self.later(wait)
                page = browser.open(location)
                if works:
                    self.assert_signed_in(browser, page)
                else:
                    self.assert_failure(page)
                    line = self.server.log_line(page.answer.field("X-Request-Id"))
                    self.assertIn("expired", str(line))
                    self.assert_nobody(browser)

    @needs_compiler
    def test_a_form_of_who_signs_up_is_good_for_ten_minutes(self):
        self.add_github(self.github, "--signup", "ask", name="asking")
        self.github.person(1, self.fresh("octo"))
        browser = self.browser()
        form = browser.follow(self.visit(browser, "asking")).form("/oauth/signup/asking")
        users = self.users()
        self.later(601)
        page = self.assert_failure(browser.submit(form))
        self.assertIn("expired", str(self.server.log_line(page.answer.field("X-Request-Id"))))
        self.assertEqual(self.users(), users)


class TheClocks(RemoteCase):
    @classmethod
    def populate(cls):
        cls.openid = OpenidStandIn(cls.site.remember)
        cls.addClassCleanup(cls.openid.close)
        cls.provider(
            "campus", "oidc", cls.openid.secret,
            "--issuer", cls.openid.issuer, "--client-id", cls.openid.client_id,
        )  # fmt: skip

    def test_an_id_token_of_the_future_or_the_past_tells_of_clocks(self):
        for off in (-7200, -3700, 120, 7200):
            with self.subTest(off):
                self.openid.person("sub-1", clock=off)
                browser = self.browser()
                page = self.assert_failure(self.visit(browser, "campus"), "clock", status=502)
                line = self.server.log_line(page.answer.field("X-Request-Id"))
                self.assertIn("by the clock of this server", str(line))
                self.assert_nobody(browser)

    def test_clocks_may_differ_by_a_little(self):
        for off in (-50, 0, 50):
            with self.subTest(off):
                self.openid.person("sub-1", clock=off)
                browser = self.browser()
                self.assert_signed_in(browser, self.visit(browser, "campus"))


class NoAddress(RemoteCase):
    """Where a form asks for it."""

    @classmethod
    def populate(cls):
        cls.orcid = cls.service(Orcid)
        cls.add_orcid(cls.orcid, "--signup", "ask")

    def test_who_has_none_is_asked_and_may_leave_it_out(self):
        self.orcid.person("0000-0002-1825-0097", "Josiah Carberry")
        browser = self.browser()
        form = browser.follow(self.visit(browser, "orcid")).form("/oauth/signup/orcid")
        self.assertEqual(form.fields["email"], "")
        self.assertEqual(form.fields.get("name"), "Josiah Carberry")
        who = self.assert_signed_in(browser, browser.submit(form))
        self.assertIsNone(self.users()[who]["email"])
