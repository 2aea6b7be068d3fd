"""The user's consent: asked for what, bound to whom, counted once."""

import urllib.parse

from browser_case import PASSWORD
from consent_case import ConsentCase
from grant_case import BOTH, CALLBACK, SCOPES

PRIVATE = "com.example.app:/cb"
LOOPBACK = "http://127.0.0.1:5100/cb"


class ConsentPage(ConsentCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.site.user("olga")
        cls.described = cls.site.client(
            "Shop <b>&\"'", *BOTH, *SCOPES, "--description", "Sells <i>things</i>",
            "--website", "https://shop.example/?a=1&b='2'", "--owner", "olga",
        )  # fmt: skip
        cls.site.ctl("scope", "create", "pay", "--description", "Pay <for> you", "--group", "Money & more")
        cls.payer = cls.site.client("payer", *BOTH, "--scope", "pay", "--scope", "read")

    def test_it_shows_client_owner_website_and_where_the_browser_goes_afterwards(self):
        page = self.consent(client=self.described)
        self.assertIn("Shop <b>&\"'", page.headings[0])
        self.assertIn("Sells <i>things</i>", page.text)
        self.assertIn("olga", page.text)
        self.assertIn("https://shop.example/?a=1&b='2'", page.links)
        self.assertIn("web.example", page.text)
        self.assertIn(self.user, page.text)
        self.assertNotIn(b"<b>", page.answer.body)
        self.assertNotIn(b"<i>", page.answer.body)

    def test_it_shows_each_scopes_description_by_group(self):
        page = self.consent(client=self.payer, scope="pay read")
        self.assertIn("Pay <for> you", page.text)
        self.assertIn("Money & more", page.text)
        self.assertIn("read", page.text)

    def test_its_buttons_are_allow_and_deny_with_the_values_of_the_contract(self):
        form = self.consent().form("/oauth/authorize")
        self.assertEqual(
            [tuple(["".join(text).strip(), name, value]) for text, name, value in form.buttons],
            [("Allow", "confirm", "yes"), ("Deny", "confirm", "no")],
        )
        self.assertEqual(set(form.fields), {"csrf_token", "request_id"})

    def test_it_holds_nothing_of_the_request_but_the_name_of_the_stored_one(self):
        body = self.consent(state="a-state-of-the-client").answer.body.decode()
        self.assertNotIn("a-state-of-the-client", body)
        self.assertNotIn("code_challenge", body)

    def test_its_form_may_lead_where_the_clients_scheme_does_and_nowhere_else(self):
        native = self.site.client(
            "native csp", "--public", *BOTH, *SCOPES,
            "--redirect-uri", LOOPBACK, "--redirect-uri", PRIVATE, "--redirect-uri", "http://[::1]/cb",
        )  # fmt: skip
        for redirect_uri, source in (
            (CALLBACK, "https:"),
            (LOOPBACK, "http: https:"),
            ("http://127.0.0.1:6000/cb", "http: https:"),
            (PRIVATE, "com.example.app:"),
            ("http://[::1]:7000/cb", "http: https:"),
        ):
            with self.subTest(redirect_uri):
                page = self.consent(client=native, redirect_uri=redirect_uri)
                policy = page.answer.field("Content-Security-Policy")
                self.assertIn(f"form-action 'self' {source};", policy)

    def test_it_says_where_the_answer_leads_in_words_that_a_person_can_judge(self):
        native = self.site.client(
            "native words", "--public", *BOTH, *SCOPES, "--redirect-uri", LOOPBACK, "--redirect-uri", PRIVATE
        )
        for redirect_uri, words in (
            (LOOPBACK, "takes you to 127.0.0.1"),
            (PRIVATE, "takes you to the app com.example.app on this device."),
        ):
            self.assertIn(words, self.consent(client=native, redirect_uri=redirect_uri).text)

    def test_a_get_never_approves(self):
        page = self.consent()
        form = page.form("/oauth/authorize")
        query = urllib.parse.urlencode({**form.fields, "confirm": "yes"})
        self.assert_page(self.browser.open("/oauth/authorize?" + query))
        query = urllib.parse.urlencode({**self.request_of(), "confirm": "yes", **form.fields})
        self.assert_page(self.browser.open("/oauth/authorize?" + query))
        self.assertEqual((self.codes(), self.grants()), (0, []))

    def test_it_can_be_reloaded_and_each_showing_can_be_answered(self):
        self.consent()
        self.got_code(self.allow(self.browser, self.consent()))


class Deny(ConsentCase):
    def test_denying_gives_access_denied_state_and_iss_and_nothing_else(self):
        page = self.deny(self.browser, self.consent())
        answer = self.assert_sent_back(page, "access_denied")
        self.assertEqual(set(answer), {"error", "error_description", "state", "iss"})
        self.assertEqual((self.codes(), self.grants()), (0, []))

    def test_denying_is_not_remembered(self):
        self.deny(self.browser, self.consent())
        self.consent()

    def test_denying_takes_nothing_away_that_was_allowed_before(self):
        self.got_code(self.allow(self.browser, self.consent(scope="read")))
        self.deny(self.browser, self.consent(scope="read write"))
        self.got_code(self.ask_for_code(self.browser, scope="read"))

    def test_denying_of_a_token_request_comes_in_the_fragment(self):
        page = self.consent(client=self.implicit, response_type="token")
        self.assert_sent_back(self.deny(self.browser, page), "access_denied", fragment=True)

    def test_denying_is_judged_as_allowing_is(self):
        """Whatever refuses an Allow refuses a Deny alike: no redirect that an attacker can make."""
        form = self.consent().form("/oauth/authorize")
        strangers = self.signed_in(self.fresh_user())
        strangers_token = strangers.open("/logout").form("/logout").fields["csrf_token"]
        for name, person, fields, status in (
            ("no token", self.browser, {"csrf_token": None}, 400),
            ("a wrong token", self.browser, {"csrf_token": "x.y.z"}, 403),
            ("another's token", self.browser, {"csrf_token": strangers_token}, 403),
            ("another session", strangers, {"csrf_token": strangers_token}, 400),
            ("an unknown request", self.browser, {"request_id": "x" * 43}, 400),
            ("no request", self.browser, {"request_id": None}, 400),
            ("nobody signed in", self.person(), {}, 403),
        ):
            for button in ("yes", "no"):
                with self.subTest(name, button=button):
                    self.assert_nothing_given(person.submit(form, button, **fields), status)



class Bound(ConsentCase):
    def test_an_approval_counts_once(self):
        page = self.consent()
        self.got_code(self.allow(self.browser, page))
        for button in ("yes", "no", "yes"):
            again = self.assert_error_page(self.browser.submit(page.form("/oauth/authorize"), button))
            self.assertIn("already", again.headings[0])
        self.assertEqual(self.codes(), 1)

    def test_of_fifty_answers_at_once_one_gives_a_code(self):
        page = self.consent()
        answers = self.at_once(50, lambda: self.allow(self.browser.copy(), page))
        given = [answer for answer in answers if answer.location]
        self.assertEqual(len(given), 1, answers)
        self.got_code(given[0])
        self.assertEqual({answer.status for answer in answers}, {303, 400})
        self.assertEqual(self.codes(), 1)

    def test_of_allow_and_deny_at_once_the_first_one_counts(self):
        for _ in range(5):
            page = self.consent(scope="read write user:email")
            buttons = ["yes", "no"] * 5
            answers = self.at_once(
                10, lambda: self.browser.copy().submit(page.form("/oauth/authorize"), buttons.pop())
            )
            given = [answer for answer in answers if answer.location]
            self.assertEqual(len(given), 1, answers)
            self.site.remember(given[0].query().get("code"))
            self.site.ctl("grant", "revoke", "--user", self.user, "--yes")

    def test_two_tabs_with_two_requests_are_answered_each_by_itself(self):
        one = self.consent(state="one")
        two = self.consent(state="two")
        second = self.allow(self.browser, two)
        first = self.allow(self.browser, one)
        self.assertEqual((first.query()["state"], second.query()["state"]), ("one", "two"))
        self.assertNotEqual(self.got_code(first), self.got_code(second))

    def test_two_tabs_with_the_same_request_get_one_answer(self):
        for first, second in (("yes", "yes"), ("yes", "no"), ("no", "yes")):
            with self.subTest(f"{first}, then {second}"):
                one, two = self.consent(), self.consent()
                self.site.remember(self.browser.submit(one.form("/oauth/authorize"), first).query().get("code"))
                page = self.assert_error_page(self.browser.submit(two.form("/oauth/authorize"), second))
                self.assertIn("already", page.headings[0])
                self.site.ctl("grant", "revoke", "--user", self.user, "--yes")

    def test_the_same_request_of_another_session_waits_on(self):
        elsewhere = self.signed_in(self.user)
        page, other = self.consent(), self.consent(elsewhere)
        self.deny(self.browser, page)
        self.got_code(self.allow(elsewhere, other))

    def test_an_expired_page_gives_nothing_and_says_so(self):
        for button in ("yes", "no"):
            page = self.consent()
            self.change_rows("UPDATE authorization_requests SET expires_at = expires_at - 3601")
            answer = self.browser.submit(page.form("/oauth/authorize"), button)
            self.assert_nothing_given(answer, 400)
            self.assertIn("too old", answer.text)

    def test_what_waits_for_one_session_cannot_be_answered_by_another_of_the_same_user(self):
        page = self.consent()
        elsewhere = self.signed_in(self.user)
        own = self.consent(elsewhere).form("/oauth/authorize")
        for button in ("yes", "no"):
            answer = elsewhere.submit(own, button, request_id=page.form("/oauth/authorize").fields["request_id"])
            self.assert_nothing_given(answer, 400)
        self.got_code(self.allow(self.browser, page))

    def test_what_waits_for_one_user_cannot_be_answered_by_another(self):
        page = self.consent()
        other = self.signed_in(self.fresh_user())
        own = self.consent(other).form("/oauth/authorize")
        for button in ("yes", "no"):
            answer = other.submit(own, button, request_id=page.form("/oauth/authorize").fields["request_id"])
            self.assert_nothing_given(answer, 400)

    def test_another_users_request_id_asks_whoever_opens_it_anew(self):
        request_id = self.consent().form("/oauth/authorize").fields["request_id"]
        name = self.fresh_user()
        other = self.signed_in(name)
        page = self.assert_page(other.open("/oauth/authorize", request_id=request_id))
        self.assertIn(name, page.text)
        self.assertNotIn(self.user, page.text)
        self.assertNotEqual(page.form("/oauth/authorize").fields["request_id"], request_id)
        self.assertEqual(self.got_code(self.allow(other, page))[:4], "o2c_")
        self.assertEqual(self.codes(), 0)

    def test_a_request_id_that_was_answered_in_another_showing_is_used_up(self):
        first = self.consent()
        request_id = first.form("/oauth/authorize").fields["request_id"]
        second = self.assert_page(self.browser.open("/oauth/authorize", request_id=request_id))
        self.got_code(self.allow(self.browser, second))
        self.assert_error_page(self.allow(self.browser, first))
        self.assert_error_page(self.browser.open("/oauth/authorize", request_id=request_id))
        self.assertEqual(self.codes(), 1)

    def test_a_browser_keeps_an_address_that_asks_once(self):
        """Who goes back in its history comes to the stored request, which is answered, and gets no second code."""
        page = self.ask_for_code(self.navigating())
        self.assertEqual(page.status, 303, page)
        self.assertRegex(page.location, r"\A/oauth/authorize\?request_id=[0-9A-Za-z]{43}\Z")
        for _ in range(2):  # a reload asks again
            asked = self.assert_page(self.browser.open(page.location))
        self.got_code(self.allow(self.browser, asked))
        again = self.assert_error_page(self.browser.open(page.location))
        self.assertIn("already", again.headings[0])
        self.assertEqual(self.codes(), 1)
        self.got_code(self.ask_for_code(self.browser))  # a new request of the client is a new one

    def test_a_browser_s_two_tabs_with_the_same_request_get_one_answer_and_neither_keeps_an_address_that_asks(self):
        tabs = [self.ask_for_code(self.navigating()).location for _ in range(2)]
        one, two = (self.assert_page(self.browser.open(address)) for address in tabs)
        self.got_code(self.allow(self.browser, one))
        for page in (self.allow(self.browser, two), *(self.browser.open(address) for address in tabs)):
            self.assertIn("already", self.assert_error_page(page).headings[0])
        self.assertEqual(self.codes(), 1)

    def test_a_browser_that_was_asked_before_is_answered_where_it_is(self):
        self.got_code(self.allow(self.browser, self.consent()))
        self.got_code(self.ask_for_code(self.navigating()))

    def navigating(self):
        """The browser, saying so as all do (Fetch Metadata)."""
        self.browser.headers["Sec-Fetch-Mode"] = "navigate"
        return self.browser

    def test_use_another_account_takes_the_request_along(self):
        page = self.consent(state="kept")
        done = self.browser.submit(page.form("/logout"))
        login = self.browser.follow(done)
        self.assertEqual(login.form("/login").fields["next"], done.location)
        name = self.fresh_user()
        back = self.browser.submit(
            login.form("/login"), username=name, password=PASSWORD
        )
        asked = self.assert_page(self.browser.open(back.location))
        self.assertIn(name, asked.text)
        answer = self.allow(self.browser, asked)
        self.assertEqual(answer.query()["state"], "kept")
        self.got_code(answer)

    def test_nothing_that_is_added_to_the_form_counts(self):
        page = self.consent(scope="read")
        answer = self.browser.submit(
            page.form("/oauth/authorize"),
            "yes",
            scope="read write user:email",
            redirect_uri="https://evil.org/",
            client_id=self.spa.id,
            state="evil",
            response_type="token",
            code_challenge="x" * 43,
            user_id=self.user_id,
            username="alice",
            session_id="x",
        )
        self.assertEqual(answer.query()["state"], "xyz")
        document = self.given(self.redeem(self.got_code(answer)))
        self.assertEqual((document["scope"], document["user"]["id"]), ("read", self.person_id))

    def test_a_field_twice_or_a_strange_confirm_gives_nothing(self):
        form = self.consent().form("/oauth/authorize")
        body = urllib.parse.urlencode(form.fields)
        for more in ("confirm=yes&confirm=no", "confirm=yes&confirm=yes", "confirm=YES", "confirm=1", "confirm=maybe"):
            with self.subTest(more):
                self.assert_nothing_given(self.browser.post("/oauth/authorize", f"{body}&{more}"), 400)
        answer = self.browser.post("/oauth/authorize", f"{body}&confirm=yes&request_id={'x' * 43}")
        self.assert_nothing_given(answer, 400)

    def test_a_request_id_is_kept_as_a_hash_only(self):
        request_id = self.site.remember(self.consent().form("/oauth/authorize").fields["request_id"])
        self.assertGreaterEqual(len(request_id), 22)


class Csrf(ConsentCase):
    def test_without_a_token_it_is_400_and_with_a_wrong_one_403(self):
        form = self.consent().form("/oauth/authorize")
        mine = form.fields["csrf_token"]
        elsewhere = self.signed_in(self.user).open("/oauth/csrf").answer.json()["csrf_token"]
        anonymous = self.person().open("/oauth/csrf").answer.json()["csrf_token"]
        for token, status in (
            (None, 400),
            ("", 400),
            ("x", 403),
            ("a.b.c", 403),
            (mine[:-1], 403),
            (mine + "x", 403),
            ("eyJhbGciOiJub25lIn0." + mine.split(".")[1] + ".", 403),
            (elsewhere, 403),
            (anonymous, 403),
        ):
            with self.subTest(token):
                self.assert_nothing_given(self.browser.submit(form, "yes", csrf_token=token), status)
        self.got_code(self.browser.submit(form, "yes"))

    def test_a_wrong_token_leaves_a_way_to_go_on(self):
        form = self.consent(state="kept").form("/oauth/authorize")
        refused = self.browser.submit(form, "yes", csrf_token="x")
        self.assert_nothing_given(refused, 403)
        onward = [link for link in refused.links if link and "request_id" in link]
        self.assertEqual(len(onward), 1, refused.links)
        answer = self.allow(self.browser, self.assert_page(self.browser.open(onward[0])))
        self.assertEqual(answer.query()["state"], "kept")
        self.got_code(answer)

    def test_the_token_is_taken_from_the_header_too_and_the_header_wins(self):
        form = self.consent().form("/oauth/authorize")
        token = form.fields.pop("csrf_token")
        answer = self.browser.post("/oauth/authorize", {**form.fields, "confirm": "yes"}, X_CSRF_Token="x")
        self.assert_nothing_given(answer, 403)
        answer = self.browser.post("/oauth/authorize", {**form.fields, "confirm": "yes"}, X_CSRF_Token=token)
        self.got_code(answer)

    def test_who_signed_in_anew_meanwhile_is_told_and_may_go_on(self):
        page = self.consent()
        newer = self.browser.copy()
        newer.submit(newer.open("/logout").form("/logout"))
        newer.sign_in(self.user, PASSWORD)
        refused = self.allow(newer, page)
        self.assert_nothing_given(refused, 403)
        onward = [link for link in refused.links if link and "request_id" in link]
        self.got_code(self.allow(newer, self.assert_page(newer.open(onward[0]))))

    def test_our_own_form_is_never_judged_by_its_origin(self):
        for origin in ("null", "https://evil.org", self.issuer):
            form = self.consent(scope="read write user:email").form("/oauth/authorize")
            answer = self.browser.post("/oauth/authorize", {**form.fields, "confirm": "yes"}, Origin=origin)
            self.got_code(answer)
            self.site.ctl("grant", "revoke", "--user", self.user, "--yes")
