"""Pushed authorization requests (RFC 9126)."""

import urllib.parse

from harness.case import DESCRIPTION
from harness.http_client import basic
from harness.planted import opened

from browser_case import PASSWORD, RequestCase
from grant_case import BOTH, CALLBACK, SCOPES

URN = "urn:ietf:params:oauth:request_uri:"


class PushCase(RequestCase):
    def push(self, client=None, auth=None, **changes):
        """As the client authenticates, unless `auth` says otherwise."""
        client = client or self.web
        form = {**self.request_of(client), **changes}
        form = {name: value for name, value in form.items() if value is not None}
        if auth is None and client is not self.spa:
            auth = client.basic
        return self.http.post("/oauth/par", form, auth or None)

    def pushed(self, client=None, **changes):
        answer = self.push(client, **changes)
        self.assertEqual(answer.status, 201, answer)
        return self.site.remember(answer.json()["request_uri"])

    def open_pushed(self, request_uri, person=None, client=None, **more):
        person = person or self.visitor
        return person.open(
            "/oauth/authorize", client_id=(client or self.web).id, request_uri=request_uri, **more
        )

    def fresh_person(self):
        return self.signed_in(self.fresh_user())

    def sign_in_from(self, page, person):
        login = person.follow(page)
        return person.submit(login.form("/login"), username=self.fresh_user(), password=PASSWORD)

    def navigating(self):
        """A browser that says so (Fetch Metadata)."""
        person = self.person()
        person.headers["Sec-Fetch-Mode"] = "navigate"
        return person

    def rows(self):
        with opened(self.site.db) as connection:
            return connection.execute("SELECT count(*) FROM authorization_requests").fetchone()[0]

    def age(self, seconds):
        with opened(self.site.db) as connection:
            connection.execute(
                "UPDATE authorization_requests SET expires_at = expires_at - ? WHERE pushed = 1", (seconds,)
            )


class Push(PushCase):
    def test_it_is_201_with_a_request_uri_and_its_lifetime(self):
        answer = self.push()
        self.assertEqual(answer.status, 201, answer)
        document = answer.json()
        self.assertEqual(set(document), {"request_uri", "expires_in"})
        self.assertRegex(self.site.remember(document["request_uri"]), rf"\A{URN}[\w-]{{22,}}\Z")
        self.assertIsInstance(document["expires_in"], int)
        self.assertTrue(5 <= document["expires_in"] <= 600)
        self.assertTrue(answer.field("Content-Type").startswith("application/json"))
        self.assertIn("no-store", answer.field("Cache-Control"))
        self.assertIsNone(answer.field("Set-Cookie"))

    def test_every_push_has_a_name_of_its_own(self):
        names = {self.pushed() for _ in range(20)}
        self.assertEqual(len(names), 20)

    def test_the_name_is_stored_hashed_only(self):
        secret = self.pushed().removeprefix(URN)
        self.site.remember(secret)  # searched for when the class ends

    def test_credentials_are_never_stored(self):
        """client_secret_post: the secret comes in the same form as the request."""
        poster = self.site.client("poster", *BOTH, *SCOPES, "--auth-method", "client_secret_post")
        form = {**self.request_of(poster), "client_secret": poster.secret}
        answer = self.http.post("/oauth/par", form)
        self.assertEqual(answer.status, 201, answer)
        with opened(self.site.db) as connection:
            stored = [row[0] for row in connection.execute("SELECT parameters FROM authorization_requests")]
        self.assertNotIn(True, [poster.secret in row for row in stored])
        page = self.open_pushed(self.site.remember(answer.json()["request_uri"]), client=poster)
        self.assertIn("/login", page.location)

    def test_a_confidential_client_must_authenticate(self):
        before = self.rows()
        for auth in (
            basic(self.web.id, "wrong"),
            basic(self.web.id, ""),
            basic("nobody", "x"),
            basic(self.spa.id, "x"),
            "Basic !!!",
            "Bearer x",
        ):
            with self.subTest(auth):
                self.assert_error(self.push(auth=auth, client_id=None), 401, "invalid_client")
        unauthenticated = self.http.post("/oauth/par", self.request_of())
        self.assert_error(unauthenticated, 401, "invalid_client")
        self.assert_error(self.http.post("/oauth/par", {}), 401, "invalid_client")
        self.assertEqual(self.rows(), before)

    def test_a_public_client_names_itself(self):
        request_uri = self.pushed(self.spa)
        self.assertIn("/login", self.open_pushed(request_uri, client=self.spa).location)
        with_secret = self.http.post("/oauth/par", {**self.request_of(self.spa), "client_secret": "x"})
        self.assert_error(with_secret, 401, "invalid_client")

    def test_two_authentication_methods_and_another_client_id_are_refused(self):
        self.assert_error(self.push(client_secret=self.web.secret), 400, "invalid_request")
        self.assert_error(self.push(client_id=self.spa.id), 400, "invalid_request")

    def test_client_id_may_be_left_out_where_the_header_names_it(self):
        self.assertIn("/login", self.open_pushed(self.pushed(client_id=None)).location)

    def test_a_disabled_client_cannot_push(self):
        client = self.site.client("disabled pusher", *BOTH, *SCOPES)
        self.site.ctl("client", "disable", client.id)
        self.assert_error(self.push(client), 401, "invalid_client")

    def test_what_would_be_refused_later_is_refused_now_as_json(self):
        before = self.rows()
        for error, changes in (
            ("invalid_request", {"redirect_uri": "https://evil.org/cb"}),
            ("invalid_request", {"redirect_uri": CALLBACK + "/"}),
            ("invalid_request", {"response_type": None}),
            ("unsupported_response_type", {"response_type": "id_token"}),
            ("unauthorized_client", {"response_type": "token"}),
            ("invalid_request", {"response_mode": "form_post"}),
            ("invalid_request", {"code_challenge_method": "plain"}),
            ("invalid_request", {"code_challenge": "short"}),
            ("invalid_scope", {"scope": "nonsense"}),
            ("invalid_request", {"state": "a\nb"}),
            ("request_not_supported", {"request": "eyJ"}),
        ):
            with self.subTest(changes):
                answer = self.push(**changes)
                self.assert_error(answer, 400, error)
                self.assertRegex(answer.json()["error_description"], DESCRIPTION)
                self.assertIsNone(answer.field("Location"))
        public = self.push(self.spa, code_challenge=None, code_challenge_method=None)
        self.assert_error(public, 400, "invalid_request")
        self.assertEqual(self.rows(), before)

    def test_a_request_uri_inside_is_refused(self):
        for request_uri in (self.pushed(), "https://web.example/request.jwt", URN + "x"):
            self.assert_error(self.push(request_uri=request_uri), 400, "invalid_request")

    def test_a_parameter_twice_is_refused(self):
        for name in ("state", "redirect_uri", "client_id", "scope"):
            pairs = [*self.request_of().items(), (name, self.request_of()[name])]
            answer = self.http.post("/oauth/par", urllib.parse.urlencode(pairs), self.web.basic)
            self.assert_error(answer, 400, "invalid_request")

    def test_only_a_posted_form_counts(self):
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            answer = self.http.request(method, "/oauth/par")
            self.assertEqual((answer.status, answer.field("Allow")), (405, "POST, OPTIONS"))
        query = urllib.parse.urlencode(self.request_of())
        self.assert_error(self.http.post("/oauth/par?" + query, {}, self.web.basic), 400, "invalid_request")
        answer = self.http.post(
            "/oauth/par", "{}", self.web.basic, headers={"Content-Type": "application/json"}
        )
        self.assert_error(answer, 400, "invalid_request")


class Use(PushCase):
    def test_a_pushed_request_gives_a_code(self):
        person = self.fresh_person()
        page = self.assert_page(self.open_pushed(self.pushed(scope="read write", state="pushed"), person))
        answer = self.allow(person, page)
        self.assertEqual((answer.query()["state"], answer.query()["iss"]), ("pushed", self.issuer))
        self.assertEqual(sorted(self.given(self.redeem(self.code_of(answer)))["scope"].split()), ["read", "write"])

    def test_only_what_was_pushed_counts(self):
        person = self.fresh_person()
        page = self.open_pushed(
            self.pushed(scope="read", state="pushed"),
            person,
            scope="read write user:email",
            state="sent",
            redirect_uri="https://evil.org/",
            response_type="token",
            code_challenge="x" * 43,
        )
        answer = self.allow(person, self.assert_page(page))
        self.assertEqual(answer.query()["state"], "pushed")
        self.assertEqual(self.given(self.redeem(self.code_of(answer)))["scope"], "read")

    def test_values_that_were_not_pushed_cannot_be_added(self):
        person = self.fresh_person()
        page = self.open_pushed(self.pushed(state=None), person, state="added")
        answer = self.allow(person, self.assert_page(page))
        self.assertNotIn("state", answer.query())
        self.code_of(answer)

    def test_another_clients_request_uri_ends_on_the_error_page(self):
        request_uri = self.pushed()
        for client_id in (self.spa.id, "nobody", None, ""):
            with self.subTest(client_id):
                more = {} if client_id is None else {"client_id": client_id}
                page = self.visitor.open("/oauth/authorize", request_uri=request_uri, **more)
                self.assert_error_page(page)
        twice = urllib.parse.urlencode(
            [("client_id", self.web.id), ("client_id", self.web.id), ("request_uri", request_uri)]
        )
        self.assert_error_page(self.visitor.open("/oauth/authorize?" + twice))
        self.assertIn("/login", self.open_pushed(request_uri).location)

    def test_an_unknown_request_uri_ends_on_the_error_page(self):
        for request_uri in (URN, URN + "x" * 43, URN.upper() + "x", self.pushed() + "x", self.pushed()[:-1]):
            page = self.open_pushed(request_uri)
            if not page.location:
                self.assert_error_page(page)
            self.assertNotIn("/login", page.location or "")

    def test_two_request_uris_are_refused(self):
        query = urllib.parse.urlencode(
            [("client_id", self.web.id), ("request_uri", self.pushed()), ("request_uri", self.pushed())]
        )
        self.assert_error_page(self.visitor.open("/oauth/authorize?" + query))

    def test_it_cannot_be_opened_by_our_own_parameter(self):
        secret = self.pushed().removeprefix(URN)
        self.assert_error_page(self.visitor.open("/oauth/authorize", request_id=secret))

    def test_a_stored_request_is_no_pushed_one(self):
        page = self.assert_page(self.ask_for_code(self.fresh_person()))
        request_id = page.form("/oauth/authorize").fields["request_id"]
        self.assert_error_page(self.open_pushed(URN + request_id))

    def test_a_consent_to_a_pushed_request_is_no_pushed_request(self):
        person = self.fresh_person()
        page = self.assert_page(self.open_pushed(self.pushed(), person))
        request_id = page.form("/oauth/authorize").fields["request_id"]
        self.assert_error_page(self.open_pushed(URN + request_id, person))

    def test_it_expires(self):
        request_uri = self.pushed()
        self.age(300)
        page = self.assert_error_page(self.open_pushed(request_uri))
        self.assertIn("too old", page.text)
        self.assert_error_page(self.open_pushed(request_uri, self.fresh_person()))

    def test_a_long_link_to_it_makes_it_live_no_longer(self):
        """What is sent beside request_uri does not count; that it is long does not either."""
        person = self.person()
        page = self.open_pushed(self.pushed(), person, junk="x" * 3000)
        with opened(self.site.db) as connection:
            connection.execute("UPDATE authorization_requests SET expires_at = expires_at - 301")
        login = person.follow(page)
        if login.forms:
            back = person.submit(login.form("/login"), username=self.fresh_user(), password=PASSWORD)
            self.assert_error_page(person.open(back.location))

    def test_it_may_be_reloaded_before_and_after_signing_in(self):
        request_uri = self.pushed()
        person = self.person()
        for _ in range(3):
            page = self.open_pushed(request_uri, person)
            self.assertEqual(page.status, 303)
        back = self.sign_in_from(page, person)
        for _ in range(3):
            page = self.assert_page(person.open(back.location))
        self.code_of(self.allow(person, page))

    def test_whose_browser_opened_it_in_time_may_take_longer_to_sign_in(self):
        person = self.navigating()
        page = self.open_pushed(self.pushed(), person)
        self.age(301)
        back = self.sign_in_from(page, person)
        self.code_of(self.allow(person, self.assert_page(person.open(back.location))))

    def test_but_not_for_ever(self):
        person = self.navigating()
        page = self.open_pushed(self.pushed(), person)
        self.age(3601)
        self.sign_in_from(page, person)
        self.assertIn("too old", self.assert_error_page(person.open(self.next_of(page))).text)

    def test_signing_in_for_it_in_two_tabs_gives_one_code(self):
        person = self.navigating()
        request_uri = self.pushed()
        tabs = [self.open_pushed(request_uri, person) for _ in range(2)]
        addresses = [self.next_of(tab) for tab in tabs]
        self.sign_in_from(tabs[0], person)
        asked = [self.assert_page(person.open(address)) for address in addresses]
        self.code_of(self.allow(person, asked[0]))
        for page in (
            self.allow(person, asked[1]),
            *(person.open(address) for address in addresses),
            self.open_pushed(request_uri, person),
        ):
            self.assertIn("already", self.assert_error_page(page).headings[0])

    def test_a_copy_whose_original_is_gone_is_too_old(self):
        person = self.navigating()
        page = self.open_pushed(self.pushed(), person)
        with opened(self.site.db) as connection:
            connection.execute("DELETE FROM authorization_requests WHERE source_hash IS NULL")
        self.sign_in_from(page, person)
        self.assertIn("too old", self.assert_error_page(person.open(self.next_of(page))).text)

    def next_of(self, page):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(page.location).query)["next"][0]

    def test_it_gives_one_code_and_one_denial_uses_it_up_too(self):
        for button in ("yes", "no"):
            person = self.fresh_person()
            request_uri = self.pushed()
            one, two = self.open_pushed(request_uri, person), self.open_pushed(request_uri, person)
            answer = person.submit(one.form("/oauth/authorize"), button)
            self.assertEqual(answer.status, 303)
            self.site.remember(answer.query().get("code"))
            self.assert_error_page(self.allow(person, two))
            self.assert_error_page(self.open_pushed(request_uri, person))
            self.assert_error_page(self.open_pushed(request_uri))

    def test_where_consent_is_remembered_it_gives_one_code_too(self):
        person = self.fresh_person()
        self.code_of(self.authorized(person))
        request_uri = self.pushed()
        answers = self.at_once(20, lambda: self.open_pushed(request_uri, person.copy()))
        given = [answer for answer in answers if answer.location]
        self.assertEqual(len(given), 1, answers)
        self.code_of(given[0])

    def test_a_head_request_uses_nothing_up(self):
        """As a link checker or a preview sends it (RFC 9110 section 9.2.1)."""
        person = self.fresh_person()
        self.code_of(self.authorized(person))
        request_uri = self.pushed()
        query = urllib.parse.urlencode({"client_id": self.web.id, "request_uri": request_uri})
        head = self.http.request("HEAD", "/oauth/authorize?" + query, headers=person._headers({}))
        self.assertNotIn("code=", head.field("Location") or "")
        self.code_of(self.open_pushed(request_uri, person))

    def test_a_head_request_stores_nothing(self):
        query = urllib.parse.urlencode({"client_id": self.web.id, "request_uri": self.pushed()})

        before = self.rows()
        self.http.request("HEAD", "/oauth/authorize?" + query, headers={"Sec-Fetch-Mode": "navigate"})
        self.assertEqual(self.rows(), before)

    def test_a_page_that_was_shown_in_time_can_be_answered_a_while(self):
        person = self.fresh_person()
        page = self.open_pushed(self.pushed(), person)
        self.age(300)
        self.code_of(self.allow(person, page))

    def test_policy_is_judged_again_when_it_is_used(self):
        client = self.site.client("changing", *BOTH, *SCOPES)
        person = self.fresh_person()
        shown, pushed = self.open_pushed(self.pushed(client), person, client), self.pushed(client)
        self.site.ctl("client", "update", client.id, "--scope", "write")
        self.assert_sent_back(self.open_pushed(pushed, person, client), "invalid_scope")
        self.assert_sent_back(self.allow(person, shown), "invalid_scope")
        self.site.ctl("client", "update", client.id, "--scope", "read")
        self.site.ctl("client", "disable", client.id)
        self.assert_error_page(self.open_pushed(pushed, person, client))

    def test_a_pushed_token_request_is_answered_in_the_fragment(self):
        person = self.fresh_person()
        page = self.open_pushed(self.pushed(self.implicit, response_type="token"), person, self.implicit)
        answer = person.submit(page.form("/oauth/authorize"), "no")
        self.assert_sent_back(answer, "access_denied", fragment=True)


class RequiredPerClient(PushCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.strict = cls.site.client("strict", *BOTH, *SCOPES, "--require-par")

    def test_a_client_that_must_push_is_refused_without(self):
        for person in (self.visitor, self.fresh_person()):
            answer = self.assert_refused("invalid_request", self.strict, person)
            self.assertIn("pushed", answer["error_description"])
        page = self.visitor.post("/oauth/authorize", self.request_of(self.strict))
        self.assert_sent_back(page, "invalid_request")

    def test_a_long_request_is_no_way_around_it(self):
        self.assert_refused("invalid_request", self.strict, state="xyz", nonce="n" * 3000)

    def test_a_request_that_waits_is_no_way_around_it(self):
        client = self.site.client("strict later", *BOTH, *SCOPES)
        person = self.fresh_person()
        page = self.assert_page(self.ask_for_code(person, client))
        self.site.ctl("client", "update", client.id, "--require-par")
        self.assert_sent_back(self.allow(person, page), "invalid_request")

    def test_pushed_it_works_through_sign_in_and_consent(self):
        person = self.person()
        back = self.sign_in_from(self.open_pushed(self.pushed(self.strict), person, self.strict), person)
        answer = self.allow(person, self.assert_page(person.open(back.location)))
        self.given(self.redeem(self.code_of(answer), self.strict))

    def test_others_need_not(self):
        self.assert_taken(self.web)


class RequiredForAll(PushCase):
    flags = ("--require-par", "true")

    def test_everybody_must_push_and_the_metadata_says_so(self):
        document = self.http.get("/.well-known/oauth-authorization-server").json()
        self.assertIs(document["require_pushed_authorization_requests"], True)
        self.assert_refused("invalid_request", self.web)
        self.assert_refused("invalid_request", self.spa)
        self.assertIn("/login", self.open_pushed(self.pushed()).location)


class Limit(PushCase):
    flags = ("--rate-limit-par", "5", "--rate-limit-failures", "5", "--trusted-proxies", "127.0.0.1")

    def test_the_sixth_push_in_a_minute_is_429(self):
        for _ in range(5):
            self.pushed()
        answer = self.push()
        self.assertEqual(answer.status, 429, answer)
        self.assertRegex(answer.field("Retry-After"), r"\A[1-9]\d*\Z")
        self.pushed(self.implicit, response_type="token")

    def test_guessing_at_the_secret_is_slowed(self):
        client = self.site.client("guessed", *BOTH, *SCOPES)
        for _ in range(5):
            self.assert_error(self.push(client, basic(client.id, "wrong")), 401, "invalid_client")
        self.assertEqual(self.push(client).status, 429)


class StoredLimit(PushCase):
    flags = ("--rate-limit-authorize", "3")

    def test_where_too_many_opened_theirs_a_pushed_request_works_while_it_lives(self):
        for _ in range(6):
            person = self.navigating()
            page = self.open_pushed(self.pushed(), person)
            self.assertIn("/login", page.location)
        login = person.follow(page)
        self.assertIn("request_uri=", login.form("/login").fields["next"])
        back = person.submit(login.form("/login"), username=self.fresh_user(), password=PASSWORD)
        self.code_of(self.allow(person, self.assert_page(person.open(back.location))))
