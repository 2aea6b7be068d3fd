"""Authorization requests that are posted, and those that are too long for a URL."""

import urllib.parse

from harness.planted import opened

from browser_case import PASSWORD, RequestCase


class PostedAndLong(RequestCase):
    def test_a_post_without_confirm_is_a_request_like_get_and_needs_no_csrf_token(self):
        person = self.signed_in(self.fresh_user())
        page = person.post("/oauth/authorize", self.request_of())
        self.assert_page(page)
        self.code_of(self.allow(person, page))
        page = self.visitor.post("/oauth/authorize", self.request_of())
        self.assertEqual((page.status, page.location[:12]), (303, "/login?next="))

    def test_a_post_is_judged_by_its_body_alone(self):
        query = urllib.parse.urlencode(self.request_of())
        self.assert_error_page(self.visitor.post("/oauth/authorize?" + query, {"state": "x"}))
        self.assert_error_page(self.visitor.post("/oauth/authorize?" + query, ""))
        page = self.visitor.post("/oauth/authorize?scope=nonsense", self.request_of())
        self.assertIn("/login", page.location)

    def test_a_post_of_another_type_is_refused(self):
        for content_type in ("application/json", "text/plain", "multipart/form-data; boundary=x", ""):
            page = self.visitor.post(
                "/oauth/authorize", urllib.parse.urlencode(self.request_of()), Content_Type=content_type
            )
            self.assert_error_page(page)

    def test_a_repeated_parameter_in_a_post_goes_back_to_the_client(self):
        page = self.visitor.post("/oauth/authorize", self.repeated("scope", "read", "read"))
        self.assert_sent_back(page, "invalid_request")

    def signs_in_and_allows(self, person, page):
        self.assertRegex(page.location, r"\A/login\?next=%2Foauth%2Fauthorize%3Frequest_id%3D\w+\Z")
        login = person.follow(page)
        done = person.submit(login.form("/login"), username=self.fresh_user(), password=PASSWORD)
        return self.allow(person, self.assert_page(person.open(done.location)))

    def test_a_long_request_is_stored_and_next_names_it(self):
        state = "s" * 7000
        person = self.person()
        page = self.ask_for_code(person, state=state)
        answer = self.signs_in_and_allows(person, page)
        self.assertEqual(answer.query()["state"], state)
        self.code_of(answer)

    def test_a_request_of_12_kb_may_be_posted(self):
        state = "é" * 2_000
        person = self.person()
        page = person.post("/oauth/authorize", self.request_of(state=state))
        answer = self.signs_in_and_allows(person, page)
        self.assertEqual(answer.query()["state"], state)
        self.code_of(answer)

    def test_one_that_is_too_long_to_be_kept_goes_back_to_the_client_with_a_state_that_fits(self):
        before = self.stored()
        for person in (self.person(), self.signed_in(self.fresh_user())):
            for changes, state in (
                ({"state": "s" * 17_000}, None),
                ({"state": "kept", "scope": "x" * 17_000}, "kept"),
            ):
                page = person.post("/oauth/authorize", self.request_of(**changes))
                self.assert_sent_back(page, "invalid_request", state=state)
        self.assertEqual(self.stored(), before)

    def test_one_that_is_just_short_enough_is_answered_to_the_end(self):
        form = self.request_of(self.spa, scope=None, state="")
        form["state"] = "s" * (16_384 - len(urllib.parse.urlencode({**form, "state": ""})))
        person = self.signed_in(self.fresh_user())
        for button in ("no", "yes"):
            page = self.assert_page(person.post("/oauth/authorize", form))
            answer = person.submit(page.form("/oauth/authorize"), button)
            self.assertEqual(answer.query()["state"], form["state"])
        self.code_of(answer)
        form["state"] += "s"
        page = person.post("/oauth/authorize", form)
        self.assert_sent_back(page, "invalid_request", state=None)

    def test_beyond_the_limits_of_the_gate_it_is_refused(self):
        self.assertEqual(self.ask_for_code(self.visitor, state="s" * 9000).status, 414)
        self.assertEqual(
            self.visitor.post("/oauth/authorize", self.request_of(state="s" * 70_000)).status, 413
        )

    def test_a_short_request_is_not_stored_before_anybody_signs_in(self):
        before = self.stored()
        for _ in range(5):
            self.ask_for_code(self.visitor)
        self.assertEqual(self.stored(), before)

    def test_a_refused_request_is_not_stored_however_long_it_is(self):
        before = self.stored()
        self.assert_refused("invalid_scope", scope="nonsense " + "x" * 3000)
        self.assert_error_page(self.ask_for_code(self.visitor, client_id="nobody", nonce="s" * 3000))
        self.assertEqual(self.stored(), before)

    def test_a_stored_request_keeps_no_credentials_that_a_careless_client_sent(self):
        """A browser's history has them already; the database must not."""
        secret = "careless-secret-" + "x" * 30
        self.ask_for_code(self.visitor, client_secret=secret, state="s" * 3000)
        self.ask_for_code(self.signed_in(self.fresh_user()), client_secret=secret)
        with opened(self.site.db) as connection:
            rows = connection.execute("SELECT parameters FROM authorization_requests").fetchall()
        self.assertNotIn(True, [secret in row[0] for row in rows])

    def test_a_request_that_expired_is_pruned_soon_and_not_after_the_time_that_tokens_are_kept(self):
        person = self.signed_in(self.fresh_user())
        self.ask_for_code(person, state="s" * 3000)
        with opened(self.site.db) as connection:
            connection.execute("UPDATE authorization_requests SET expires_at = expires_at - ?", (2 * 86400,))
        self.site.ctl("db", "prune", "--yes")
        self.assertEqual(self.stored(), 0)

    def stored(self):
        with opened(self.site.db) as connection:
            return connection.execute("SELECT count(*) FROM authorization_requests").fetchone()[0]


class StoredLimit(RequestCase):
    flags = ("--rate-limit-authorize", "5")

    def test_who_stores_many_long_requests_is_slowed(self):
        for _ in range(5):
            self.assertEqual(self.ask_for_code(self.visitor, state="s" * 3000).status, 303)
        page = self.ask_for_code(self.visitor, state="s" * 3000)
        self.assert_error_page(page, 429)
        self.assertRegex(page.answer.field("Retry-After"), r"\A[1-9]\d*\Z")
        self.assert_taken()

    def test_who_is_signed_in_and_opens_many_consent_pages_is_slowed_too(self):
        """Each page stores its request, of up to 64 kB."""
        person = self.signed_in(self.fresh_user())
        form = self.request_of(self.spa, state="s" * 12_000)
        statuses = [person.post("/oauth/authorize", form).status for _ in range(50)]
        self.assertIn(429, statuses)
