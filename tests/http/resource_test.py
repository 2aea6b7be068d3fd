"""For which resource servers a token is (RFC 8707): `resource` at every endpoint that takes it, and who sees what."""

import json
import urllib.parse

from harness.case import ServedCase

from browser_case import RequestCase
from grant_case import BOTH, CALLBACK, SCOPES
from par_test import URN

API, FILES, OTHER = "https://api.example/v1", "https://files.example", "https://other.example"
RESOURCES = ("--resource", API, "--resource", FILES)
WRONG = (OTHER, API + "/", API + "#top", "/v1", "https://api.example")


class ResourceCase(RequestCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.shop = cls.site.client("shop", *BOTH, *SCOPES, *RESOURCES)
        cls.page = cls.site.client("page", "--grant", "implicit", "--redirect-uri", CALLBACK, *SCOPES, *RESOURCES)

    def aud(self, token, client=None):
        return self.introspect(token, client or self.shop)["aud"]


class Authorize(ResourceCase):
    def test_what_the_client_may_not_ask_for_goes_back_as_invalid_target(self):
        for uri in WRONG:
            for resource in (uri, [API, uri], [uri, API]):
                with self.subTest(resource=resource):
                    answer = self.assert_refused("invalid_target", self.shop, resource=resource)
                    self.assertIn("resource", answer["error_description"])
                    self.assertNotIn(uri, answer["error_description"])
        self.assert_refused("invalid_target", self.web, resource=API)
        self.assert_refused("invalid_target", self.page, fragment=True, response_type="token", resource=OTHER,
                            code_challenge=None, code_challenge_method=None)

    def test_its_own_the_issuer_several_and_repeats_are_taken(self):
        for resource in (API, FILES, [API, FILES], [API, API], self.issuer, [self.issuer, API], ""):
            with self.subTest(resource=resource):
                self.assert_taken(self.shop, resource=resource)
        self.assert_taken(self.web, resource=self.issuer)

    def test_it_is_judged_after_the_scope(self):
        self.assert_refused("invalid_scope", self.shop, scope="nonsense", resource=OTHER)

    def test_a_resource_taken_from_the_client_while_the_page_is_open_is_not_given(self):
        client = self.site.client("losing", *BOTH, *SCOPES, *RESOURCES)
        person = self.signed_in(self.fresh_user())
        page = self.ask_for_code(person, client, resource=API)
        self.site.ctl("client", "update", client.id, "--resource", FILES)
        self.assert_sent_back(self.allow(person, page), "invalid_target")

    def test_the_page_names_the_hosts_of_what_is_asked_for_and_only_then(self):
        person = self.signed_in(self.fresh_user())
        page = self.ask_for_code(person, self.shop, resource=[FILES, API])
        self.assertIn("used at api.example, files.example.", page.text)
        self.assertNotIn("used at", self.ask_for_code(person, self.shop).text)
        self.assertNotIn("used at", self.ask_for_code(person, self.shop, resource=self.issuer).text)

    def test_a_consent_is_for_scopes_whatever_the_resource(self):
        person = self.signed_in(self.fresh_user())
        self.authorized(person, self.shop, resource=API)
        self.assertIn("code", self.ask_for_code(person, self.shop, resource=FILES).query())

    def test_a_long_request_keeps_its_resources_while_the_user_signs_in(self):
        page = self.ask_for_code(self.visitor, self.shop, state="s" * 3000, resource=[API, FILES])
        path = urllib.parse.parse_qs(urllib.parse.urlsplit(page.location).query)["next"][0]
        self.assertIn("request_id=", path)
        person = self.signed_in(self.fresh_user())
        code = self.code_of(self.allow(person, person.open(path)))
        self.assertEqual(self.aud(self.given(self.redeem(code, self.shop))["access_token"]), [API, FILES])

    def test_an_implicit_token_is_for_what_was_asked(self):
        person = self.signed_in(self.fresh_user())
        for resource, aud in (([FILES, API], [API, FILES]), (API, API), (None, self.issuer)):
            page = self.authorized(person, self.page, response_type="token", resource=resource,
                                   code_challenge=None, code_challenge_method=None)
            self.assertEqual(self.aud(self.site.remember(page.query()["access_token"]), self.page), aud)


class Tokens(ResourceCase):
    def code_for(self, resource, client=None):
        return self.code_of(self.authorized(self.signed_in(), client or self.shop, resource=resource))

    def test_a_code_for_two_gives_tokens_for_both_or_for_one_of_them(self):
        both = self.given(self.redeem(self.code_for([FILES, API]), self.shop))
        self.assertEqual(self.aud(both["access_token"]), [API, FILES])
        self.assertEqual(self.aud(both["refresh_token"]), [API, FILES])
        one = self.given(self.redeem(self.code_for([API, FILES]), self.shop, resource=FILES))
        self.assertEqual(self.aud(one["access_token"]), FILES)
        self.assertEqual(self.aud(one["refresh_token"]), [API, FILES])

    def test_without_resource_the_issuer_is_the_audience(self):
        tokens = self.given(self.redeem(self.code_for(None), self.shop))
        self.assertEqual(self.aud(tokens["access_token"]), self.issuer)
        self.refused(self.refresh(tokens["refresh_token"], self.shop, resource=API), "invalid_target")

    def test_more_than_was_granted_is_invalid_target_and_burns_nothing(self):
        code = self.code_for(API)
        for resource in (FILES, [API, FILES], self.issuer, *WRONG):
            self.refused(self.redeem(code, self.shop, resource=resource), "invalid_target")
        token = self.given(self.redeem(code, self.shop))["refresh_token"]
        for resource in (FILES, [API, FILES], self.issuer, *WRONG):
            self.refused(self.refresh(token, self.shop, resource=resource), "invalid_target")
        self.assertEqual(self.aud(self.given(self.refresh(token, self.shop))["access_token"]), API)

    def test_a_refresh_narrows_one_access_token_and_a_retry_another(self):
        token = self.given(self.redeem(self.code_for([API, FILES]), self.shop))["refresh_token"]
        first = self.given(self.refresh(token, self.shop, resource=API))
        retry = self.given(self.refresh(token, self.shop, resource=FILES))
        self.assertEqual(retry["refresh_token"], first["refresh_token"])
        self.assertEqual((self.aud(first["access_token"]), self.aud(retry["access_token"])), (API, FILES))
        whole = self.given(self.refresh(first["refresh_token"], self.shop))
        self.assertEqual(self.aud(whole["access_token"]), [API, FILES])

    def test_what_was_taken_from_the_client_since_is_lost(self):
        client = self.site.client("poorer", *BOTH, *SCOPES, *RESOURCES)
        both, files = self.code_for([API, FILES], client), self.code_for(FILES, client)
        self.site.ctl("client", "update", client.id, "--resource", API)
        self.assertEqual(self.aud(self.given(self.redeem(both, client))["access_token"], client), API)
        self.refused(self.redeem(files, client), "invalid_target")

    def test_a_client_that_speaks_for_itself_asks_for_what_it_is_registered_with(self):
        worker = self.site.client("worker", *RESOURCES)
        self.assertEqual(self.aud(self.token(worker, resource=[FILES, API, FILES]), worker), [API, FILES])
        self.assertEqual(self.aud(self.token(worker, resource=[self.issuer, API]), worker), [self.issuer, API])
        for resource in (None, "", self.issuer):
            self.assertEqual(self.aud(self.token(worker, resource=resource or []), worker), self.issuer)
        for resource in (*WRONG, [API, OTHER]):
            answer = self.ask_token(worker, resource=resource)
            self.refused(answer, "invalid_target")
            self.assertNotIn("example", answer.json()["error_description"])
        self.refused(self.ask_token(self.app, resource=API), "invalid_target")


class Pushed(ResourceCase):
    def push(self, **changes):
        return self.http.post("/oauth/par", self.request_of(self.shop, **changes), self.shop.basic)

    def test_a_pushed_resource_is_judged_at_once(self):
        for uri in WRONG:
            self.refused(self.push(resource=[API, uri]), "invalid_target")

    def test_pushed_resources_are_those_of_the_tokens(self):
        answer = self.push(resource=[FILES, API])
        self.assertEqual(answer.status, 201, answer)
        request_uri = self.site.remember(answer.json()["request_uri"])
        self.assertTrue(request_uri.startswith(URN))
        person = self.signed_in(self.fresh_user())
        page = person.open("/oauth/authorize", client_id=self.shop.id, request_uri=request_uri, resource=OTHER)
        tokens = self.given(self.redeem(self.code_of(self.allow(person, page)), self.shop))
        self.assertEqual(self.aud(tokens["access_token"]), [API, FILES])


class Readers(ServedCase):
    """Who learns of a token by introspection, and what it opens here."""

    @classmethod
    def populate(cls):
        super().populate()
        site = cls.site
        cls.worker = site.client("worker", *RESOURCES)
        cls.any = site.client("any", "--introspect", "any")
        cls.any_api = site.client("any api", "--introspect", "any", "--audience", API)
        cls.api_alone = site.client("api alone", "--introspect", "audience", "--audience", API)
        cls.own = site.client("own", "--introspect", "own", "--audience", API)
        cls.readers = (cls.any, cls.any_api, cls.api_alone, cls.own)

    def seen_by(self, *resources):
        token = self.token(self.worker, resource=list(resources))
        self.assert_active(token, self.worker)
        return [client for client in self.readers if self.introspect(token, client)["active"]]

    def test_one_for_the_issuer_is_for_all_who_may_ask(self):
        self.assertEqual(self.seen_by(), [self.any, self.any_api, self.api_alone])
        self.assertEqual(self.seen_by(self.issuer, FILES), [self.any, self.any_api, self.api_alone])

    def test_one_for_a_resource_is_for_that_and_for_any_client_that_is_no_resource(self):
        self.assertEqual(self.seen_by(API), [self.any, self.any_api, self.api_alone])
        self.assertEqual(self.seen_by(API, FILES), [self.any, self.any_api, self.api_alone])
        self.assertEqual(self.seen_by(FILES), [self.any])

    def test_what_is_meant_for_another_says_nothing_but_that(self):
        self.assert_inactive(self.token(self.worker, resource=FILES), self.any_api)

    def test_a_changed_audience_counts_at_once(self):
        token = self.token(self.worker, resource=FILES)
        changing = self.site.client("changing", "--audience", API)
        self.assert_inactive(token, changing)
        self.site.ctl("client", "update", changing.id, "--audience", FILES)
        self.assert_active(token, changing)

    def test_only_what_is_meant_for_the_issuer_opens_its_own_endpoints(self):
        for resources, status in (([], 200), ([self.issuer, API], 200), ([API], 401), ([API, FILES], 401)):
            token = self.token(self.worker, resource=resources)
            for path in ("/oauth/ping", "/oauth/info"):
                answer = self.bearer(token, path)
                self.assertEqual(answer.status, status, answer)
                if status == 401:
                    self.assertIn('error="invalid_token"', answer.field("WWW-Authenticate"))

    def test_the_command_line_tells_for_whom_it_is(self):
        token = self.token(self.worker, resource=[API, FILES])
        for audience, code in ((API, 0), (FILES, 0), (OTHER, 7), (self.issuer, 7), (None, 0)):
            flags = ("--audience", audience) if audience else ()
            result = self.site.ctl("token", "verify", "--token-from", "-", *flags, "-o", "json", stdin=token, check=False)
            self.assertEqual(result.returncode, code, result)
            self.assertEqual(json.loads(result.stdout)["aud"], [API, FILES])
