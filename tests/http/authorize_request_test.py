"""What an authorization request may say, and in which order it is judged (RFC 6749 sections 4.1.1, 4.2.1)."""

import socket
import urllib.parse

from browser_case import RequestCase
from grant_case import CHALLENGE, VERIFIER

STATES = (
    "x",
    "a&b=c",
    "a=b",
    "100%",
    "%41",
    "%%%",
    "%2526",
    "a+b",
    "a b",
    " a ",
    "a/b?c#d",
    '"quoted"',
    "'<b>&amp;",
    "\\",
    "{\"json\": [1, 2]}",
    "é",
    "e\u0301",
    "ß→∞",
    "日本語",
    "😀👩‍👩‍👧",
    "\u202eright to left",
    "\ufeffmark",
    "\u00a0",
    "\uffff",
    "\U0010ffff",
    "~-._!$'()*,;:@",
    "code=1&error=2&iss=https://evil.example",
    "s" * 2000,
)


class Parameters(RequestCase):
    def test_a_parameter_twice_is_refused_identical_empty_and_unknown_ones_too(self):
        for name, first, second in (
            ("response_type", "code", "code"),
            ("scope", "read", "read"),
            ("scope", "read", "write"),
            ("scope", "read", ""),
            ("code_challenge", CHALLENGE, CHALLENGE),
            ("code_challenge_method", "S256", "plain"),
            ("nonce", "1", "2"),
            ("unknown", "", ""),
        ):
            with self.subTest(name=name, first=first, second=second):
                page = self.visitor.open("/oauth/authorize?" + self.repeated(name, first, second))
                self.assert_sent_back(page, "invalid_request")

    def test_a_state_that_came_twice_is_not_sent_back(self):
        page = self.visitor.open("/oauth/authorize?" + self.repeated("state", "a", "b"))
        self.assert_sent_back(page, "invalid_request", state=None)

    def test_a_name_spelt_in_two_encodings_is_the_same_name(self):
        page = self.visitor.open("/oauth/authorize?" + self.repeated("scope", "read", "read") + "&%73cope=read")
        self.assert_sent_back(page, "invalid_request")

    def test_resource_may_come_twice(self):
        query = self.repeated("resource", self.issuer, self.issuer)
        self.assertIn("/login", self.visitor.open("/oauth/authorize?" + query).location)

    def test_unknown_parameters_are_ignored(self):
        self.assert_taken(prompt="none", nonce="n", foo="bar", confirm="yes", csrf_token="x", user_id="1")

    def test_an_empty_parameter_counts_as_absent(self):
        self.assert_refused("invalid_request", response_type="")
        self.assert_refused("invalid_request", self.spa, code_challenge="", code_challenge_method="")
        self.assert_taken(code_challenge="", code_challenge_method="")
        self.assert_taken(request="", request_uri="", response_mode="", scope="")

    def test_the_checks_come_in_the_order_of_the_contract(self):
        """Each request breaks all later rules too, and the first one is told."""
        everything = {"response_type": "x", "code_challenge": "short", "scope": "nonsense", "resource": "x"}
        for error, word, changes in (
            ("unsupported_response_type", "response_type", everything),
            ("invalid_request", "code_challenge", {**everything, "response_type": "code"}),
            ("invalid_scope", "scope", {"scope": "nonsense", "resource": "x"}),
            ("invalid_target", "resource", {"resource": "x"}),
        ):
            with self.subTest(error):
                answer = self.assert_refused(error, **changes)
                self.assertIn(word, answer["error_description"])
        query = self.repeated("nonce", "1", "2").replace("response_type=code", "response_type=x")
        self.assert_sent_back(self.visitor.open("/oauth/authorize?" + query), "invalid_request")

    def test_every_error_has_a_description_that_names_no_value(self):
        for changes in (
            {"response_type": "secretvalue"},
            {"scope": "secretvalue"},
            {"code_challenge": "secretvalue"},
            {"code_challenge_method": "secretvalue"},
            {"response_mode": "secretvalue"},
            {"request": "secretvalue"},
            {"request_uri": "secretvalue"},
        ):
            with self.subTest(changes):
                page = self.ask_for_code(self.visitor, **changes)
                description = page.query()["error_description"]
                self.assertRegex(description, r"\A[\x20-\x21\x23-\x5B\x5D-\x7E]+\Z")
                self.assertNotIn("secretvalue", page.location)

    def test_the_reason_of_a_refusal_stands_in_the_log(self):
        page = self.ask_for_code(self.visitor, scope="nonsense")
        line = self.server.log_line(page.answer.field("X-Request-Id"))
        self.assertIn("scope", line["reason"])

    def test_the_log_names_the_client_whose_request_was_refused(self):
        page = self.ask_for_code(self.visitor, scope="nonsense")
        line = self.server.log_line(page.answer.field("X-Request-Id"))
        self.assertEqual(line.get("client_id"), self.web.id)

    def test_errors_are_told_before_anybody_signs_in_and_after_it_alike(self):
        person = self.signed_in()
        for changes in ({"scope": "nonsense"}, {"response_type": "x"}, {"code_challenge": "x"}):
            before = self.ask_for_code(self.visitor, **changes)
            self.assertEqual(self.ask_for_code(person, **changes).location, before.location)

    def test_too_many_parameters_are_refused_by_the_page(self):
        query = urllib.parse.urlencode({**self.request_of(), **{f"p{i}": "x" for i in range(300)}})
        self.assert_error_page(self.visitor.open("/oauth/authorize?" + query))

    # state and iss

    def test_state_comes_back_byte_for_byte_in_errors(self):
        for state in STATES:
            with self.subTest(state[:30]):
                page = self.ask_for_code(self.visitor, scope="nonsense", state=state)
                self.assert_sent_back(page, "invalid_scope", state=state)

    def test_state_comes_back_byte_for_byte_with_the_code(self):
        person = self.signed_in()
        for state in STATES:
            with self.subTest(state[:30]):
                page = self.authorized(person, state=state)
                self.assertEqual(page.query()["state"], state)
                self.assertEqual(page.query()["iss"], self.issuer)
                self.code_of(page)

    def test_state_comes_back_byte_for_byte_through_the_consent_form_and_in_the_fragment(self):
        user = self.fresh_user()
        person = self.signed_in(user)
        for index, state in enumerate(STATES):
            with self.subTest(state[:30]):
                client = self.implicit if index % 2 else self.web
                page = self.ask_for_code(
                    person, client, response_type="token" if index % 2 else "code", state=state
                )
                answer = page if page.location else person.submit(page.form("/oauth/authorize"), "no")
                self.assertEqual(answer.query()["state"], state)
                for name in ("code", "access_token"):
                    self.site.remember(answer.query().get(name))

    def test_a_state_that_was_not_sent_is_not_made_up(self):
        page = self.ask_for_code(self.visitor, scope="nonsense", state=None)
        self.assertNotIn("state", page.query())

    def test_a_state_with_a_control_character_is_refused_and_not_sent_back(self):
        for state in ("a\nb", "a\rb", "\t", "\x7f", "\x1b[31m", "\x01", "\u0085", "\u009f"):
            with self.subTest(repr(state)):
                page = self.ask_for_code(self.visitor, state=state)
                answer = self.assert_sent_back(page, "invalid_request", state=None)
                self.assertIn("state", answer["error_description"])

    def test_a_state_that_is_no_utf8_is_refused_by_the_page(self):
        query = urllib.parse.urlencode(self.request_of(state=None))
        for state in ("%FF", "%C0%AF", "%ED%A0%80", "%", "%4", "%zz", "%00"):
            with self.subTest(state):
                page = self.assert_error_page(self.visitor.open(f"/oauth/authorize?{query}&state={state}"))
                self.assertIn("asked in a way that we do not understand", page.text)

    # response_type and response_mode

    def test_an_unknown_response_type_is_unsupported(self):
        for sent in ("id_token", "none", "code token", "token code", "code id_token", "CODE", "x", "code,token"):
            with self.subTest(sent):
                self.assert_refused("unsupported_response_type", response_type=sent)

    def test_a_missing_response_type_is_an_invalid_request(self):
        answer = self.assert_refused("invalid_request", response_type=None)
        self.assertIn("response_type", answer["error_description"])

    def test_a_client_that_is_not_registered_for_the_response_type_is_unauthorized(self):
        self.assert_refused("unauthorized_client", self.web, response_type="token", fragment=True)
        self.assert_refused("unauthorized_client", self.spa, response_type="token", fragment=True)
        self.assert_refused("unauthorized_client", self.implicit)

    def test_a_client_without_the_grant_of_its_response_type_is_unauthorized(self):
        answer = self.site.ctl(
            "client", "update", self.machine.id, "--grant", "client_credentials", check=False
        )
        self.assertEqual(answer.returncode, 0, answer.stderr)
        try:
            self.assert_refused("unauthorized_client", self.machine)
        finally:
            self.site.ctl("client", "update", self.machine.id, "--grant", "authorization_code")

    def test_errors_of_a_token_request_come_in_the_fragment(self):
        for changes in ({"scope": "nonsense"}, {"response_mode": "query"}, {"request": "x"}):
            with self.subTest(changes):
                error = {"scope": "invalid_scope", "request": "request_not_supported"}.get(
                    next(iter(changes)), "invalid_request"
                )
                self.assert_refused(error, self.implicit, response_type="token", fragment=True, **changes)

    def test_only_the_usual_response_mode_is_taken(self):
        self.assert_taken(response_mode="query")
        self.assert_taken(self.implicit, response_type="token", response_mode="fragment")
        for mode in ("fragment", "form_post", "web_message", "jwt", "QUERY", "query.jwt"):
            with self.subTest(mode):
                self.assert_refused("invalid_request", response_mode=mode)

    def test_request_objects_are_refused_and_never_fetched(self):
        with socket.create_server(("127.0.0.1", 0)) as watcher:
            watcher.setblocking(False)
            here = f"http://127.0.0.1:{watcher.getsockname()[1]}/request.jwt"
            for changes, error in (
                ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
                ({"request_uri": here}, "request_uri_not_supported"),
                ({"request_uri": "https://web.example/request.jwt"}, "request_uri_not_supported"),
                ({"request_uri": "file:///etc/passwd"}, "request_uri_not_supported"),
                ({"request": "x", "request_uri": here}, "request_not_supported"),
            ):
                with self.subTest(changes):
                    self.assert_refused(error, **changes)
            with self.assertRaises(BlockingIOError):
                watcher.accept()


class Pkce(RequestCase):
    def test_a_public_client_must_send_a_challenge(self):
        answer = self.assert_refused("invalid_request", self.spa, code_challenge=None, code_challenge_method=None)
        self.assertIn("code_challenge", answer["error_description"])
        self.assert_refused("invalid_request", self.spa, code_challenge=None)

    def test_a_confidential_client_may_leave_it_out(self):
        self.assert_taken(code_challenge=None, code_challenge_method=None)

    def test_only_s256_is_taken(self):
        for client in (self.web, self.spa):
            for method in ("plain", "s256", "S512", "sha256", "S256 ", "none", "", None):
                with self.subTest(method=method):
                    self.assert_refused("invalid_request", client, code_challenge_method=method)

    def test_a_method_without_a_challenge_is_refused(self):
        self.assert_refused("invalid_request", code_challenge=None)
        self.assert_refused("invalid_request", code_challenge=None, code_challenge_method="plain")

    def test_a_challenge_has_43_to_128_unreserved_characters(self):
        for challenge in ("c" * 43, "c" * 128, "-._~" + "c" * 40):
            self.assert_taken(code_challenge=challenge)
        for challenge in (
            "c" * 42,
            "c" * 129,
            "c" * 42 + "=",
            "c" * 42 + "+",
            "c" * 42 + "/",
            "c" * 42 + " ",
            "c" * 42 + "é",
            "c" * 42 + "\n",
            "c" * 42 + "%",
        ):
            with self.subTest(challenge):
                self.assert_refused("invalid_request", code_challenge=challenge)

    def test_a_challenge_cannot_be_dropped_nor_a_verifier_be_added_at_the_token_endpoint(self):
        person = self.signed_in()
        with_challenge = self.code_of(self.authorized(person))
        self.refused(self.redeem(with_challenge, code_verifier=None))
        self.refused(self.redeem(with_challenge, code_verifier=""))
        self.refused(self.redeem(with_challenge, code_verifier="w" * 43))
        self.refused(self.redeem(with_challenge, code_verifier=CHALLENGE))
        self.given(self.redeem(with_challenge))
        without = self.code_of(self.authorized(person, code_challenge=None, code_challenge_method=None))
        self.refused(self.redeem(without))
        self.given(self.redeem(without, code_verifier=None))

    def test_of_two_requests_each_code_has_its_own_challenge(self):
        person = self.signed_in()
        attackers = self.code_of(self.authorized(person, code_challenge="x" * 43))
        self.refused(self.redeem(attackers, code_verifier=VERIFIER))


class PkceForAll(RequestCase):
    flags = ("--require-pkce", "all")

    def test_confidential_clients_must_send_a_challenge_too(self):
        self.assert_refused("invalid_request", code_challenge=None, code_challenge_method=None)
        self.assert_taken()

    def test_the_implicit_flow_knows_no_challenge(self):
        self.assert_taken(self.implicit, response_type="token", code_challenge=None, code_challenge_method=None)
