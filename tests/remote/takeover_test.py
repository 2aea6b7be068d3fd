"""Attempts to become somebody else: forged ID tokens, mixed-up providers, others' answers. All fail."""

import base64
import hashlib
import hmac
import json
import time
import urllib.parse

from authlib.jose import jwt
from harness.planted import opened
from openid_stand_in import OpenidStandIn, signing_key
from remote_case import GitHub, LINKED, RemoteCase


def encoded(data):
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class TakeoverCase(RemoteCase):
    """Alice is linked to the subject `alice` of a campus that says what the test wants."""

    @classmethod
    def populate(cls):
        cls.campus = cls.openid_stand_in("campus")
        cls.other = cls.openid_stand_in("other")

    @classmethod
    def openid_stand_in(cls, name):
        service = OpenidStandIn(cls.site.remember)
        cls.addClassCleanup(service.close)
        cls.provider(
            name, "oidc", service.secret, "--issuer", service.issuer, "--client-id", service.client_id,
            "--trust-email",
        )  # fmt: skip
        return service

    def setUp(self):
        self.campus.forge = lambda claims, header: None
        self.campus.iss = None
        self.campus.metadata = {}
        self.campus.userinfo = {}
        self.campus.published = [self.campus.key]
        if not self.accounts():
            claims = {"preferred_username": "alice", "email": "alice@example.org", "email_verified": True}
            self.campus.person("alice", **claims)
            browser = self.browser()
            self.assert_signed_in(browser, self.visit(browser, "campus"), "alice")


class ForgedIdTokens(TakeoverCase):
    def assert_not_let_in(self, forge, cause):
        self.campus.forge = forge
        self.campus.person("alice")
        browser = self.browser()
        page = self.assert_failure(self.visit(browser, "campus"), status=502)
        self.assertIn(cause, str(self.server.log_line(page.answer.field("X-Request-Id"))))
        self.assert_nobody(browser)

    def test_signed_with_a_key_that_the_provider_does_not_publish(self):
        mine = signing_key("ours")
        self.assert_not_let_in(lambda claims, header: mine, "signature")

    def test_signed_with_a_key_that_has_another_name(self):
        mine = signing_key("mine")

        def forge(claims, header):
            header["kid"] = "mine"
            header["jwk"] = mine.as_dict()
            header["jku"] = self.other.origin + "/jwks"
            return mine

        self.assert_not_let_in(forge, "key")
        self.assertEqual([request for request in self.other.requests if request.path == "/jwks"], [])

    def test_not_signed_at_all(self):
        for algorithm in ("none", "None", "NONE", ""):
            with self.subTest(algorithm):
                self.assert_not_let_in(
                    lambda claims, header, algorithm=algorithm: (
                        f"{encoded({'alg': algorithm, 'kid': 'ours'})}.{encoded(claims)}."
                    ),
                    "",
                )

    def test_signed_with_what_is_public(self):
        """The published key as the secret of HS256."""

        def forge(claims, header):
            public = json.dumps(self.campus.key.as_dict()).encode()
            signed = f"{encoded({'alg': 'HS256', 'kid': 'ours'})}.{encoded(claims)}"
            return f"{signed}.{encoded(hmac.digest(public, signed.encode(), hashlib.sha256))}"

        self.assert_not_let_in(forge, "not signed with")

    def test_signed_with_our_own_secret_at_the_provider(self):
        def forge(claims, header):
            signed = f"{encoded({'alg': 'HS256'})}.{encoded(claims)}"
            key = self.campus.secret.encode()
            return f"{signed}.{encoded(hmac.digest(key, signed.encode(), hashlib.sha256))}"

        self.assert_not_let_in(forge, "not signed with")

    def test_changed_after_it_was_signed(self):
        def forge(claims, header):
            token = jwt.encode(header, {**claims, "sub": "mallory"}, self.campus.key).decode()
            head, _, signature = token.split(".")
            return f"{head}.{encoded(claims)}.{signature}"

        self.assert_not_let_in(forge, "signature")

    def test_with_wrong_claims(self):
        changes = {
            "another issuer": ({"iss": "https://evil.example"}, "issuer"),
            "an issuer with a slash": ({"iss": self.campus.issuer + "/"}, "issuer"),
            "another audience": ({"aud": "another-client"}, "another client"),
            "several audiences without azp": ({"aud": [self.campus.client_id, "x"]}, "azp"),
            "another azp": ({"azp": "another-client"}, "azp"),
            "another nonce": ({"nonce": "another"}, "nonce"),
            "no nonce": ({"nonce": None}, "nonce"),
            "no audience": ({"aud": None}, "another client"),
            "no sub": ({"sub": None}, ""),
            "no exp": ({"exp": None}, "exp"),
            "no iat": ({"iat": None}, "iat"),
        }
        for name, (change, cause) in changes.items():
            with self.subTest(name):

                def forge(claims, header, change=change):
                    claims.update(change)
                    for key in [key for key, value in change.items() if value is None]:
                        del claims[key]

                self.assert_not_let_in(forge, cause)

    def test_critical_what_nobody_understands(self):
        def forge(claims, header):
            plain = jwt.encode(header, claims, self.campus.key).decode().split(".")
            head = encoded({**header, "crit": ["exp"]})
            return ".".join([head, *plain[1:]])

        self.assert_not_let_in(forge, "crit")

    def test_one_of_another_sign_in_is_refused_here(self):
        """An ID token that somebody else got from the same provider for the same client, injected here."""
        kept = []
        self.campus.forge = lambda claims, header: kept.append(dict(claims))
        self.campus.person("alice")
        browser = self.browser()
        self.visit(browser, "campus")
        self.assert_not_let_in(
            lambda claims, header: jwt.encode(header, kept[0], self.campus.key).decode(), "nonce"
        )

    def test_userinfo_about_another_is_refused(self):
        self.campus.userinfo = {"sub": "alice"}
        self.campus.person("mallory")
        browser = self.browser()
        self.assert_failure(self.visit(browser, "campus"), status=502)
        self.assert_nobody(browser)

    def test_a_key_that_the_provider_has_only_now_is_fetched(self):
        """The one that is no attempt: keys rotate."""
        fresh = signing_key("fresh")

        def forge(claims, header):
            header["kid"] = "fresh"
            return fresh

        self.campus.published = [self.campus.key, fresh]
        service = self.openid_stand_in("rotating")
        service.person("someone")
        browser = self.browser()
        self.assert_signed_in(browser, self.visit(browser, "rotating"))
        # Keys are asked for anew at most every ten seconds, so that nobody makes us ask all the time.
        asked, began = len(service.asked("/jwks")), time.monotonic()
        service.forge = lambda claims, header: (header.update(kid="unknown"), fresh)[1]
        for _ in range(3):
            browser = self.browser()
            self.assert_failure(self.visit(browser, "rotating"), status=502)
        most = 1 + int((time.monotonic() - began + 1) / 10)
        self.assertLessEqual(len(service.asked("/jwks")), asked + most)


class MixedUpProviders(TakeoverCase):
    def test_an_answer_at_the_callback_of_another_provider_is_refused_and_its_code_stays_at_home(self):
        self.other.person("alice")
        browser = self.browser()
        location = self.answer(browser, "other")
        asked = len(self.campus.asked("/token"))
        self.assert_failure(browser.open(location.replace("/authorized/other", "/authorized/campus")))
        self.assertEqual(len(self.campus.asked("/token")), asked)
        self.assert_nobody(browser)
        self.assert_signed_in(browser, browser.open(location))  # the right one still works

    def test_an_iss_of_another_is_refused(self):
        self.campus.person("alice")
        self.campus.iss = self.other.issuer
        browser = self.browser()
        asked = len(self.campus.asked("/token"))
        self.assert_failure(self.visit(browser, "campus"))
        self.assertEqual(len(self.campus.asked("/token")), asked)
        self.assert_nobody(browser)

    def test_an_iss_that_the_metadata_promises_and_that_is_missing_is_refused(self):
        service = self.openid_stand_in("promising")
        service.metadata = {"authorization_response_iss_parameter_supported": True}
        service.person("alice")
        browser = self.browser()
        self.assert_failure(self.visit(browser, "promising"))
        service.iss = service.issuer
        self.assert_signed_in(browser, self.visit(browser, "promising"))

    def test_metadata_of_another_issuer_is_refused(self):
        service = self.openid_stand_in("lying")
        service.metadata = {"issuer": self.campus.issuer}
        self.assert_failure(self.leave(self.browser(), "lying"), status=502)

    def test_the_same_subject_elsewhere_is_somebody_else(self):
        self.other.person("alice")
        browser = self.browser()
        self.assertNotEqual(self.assert_signed_in(browser, self.visit(browser, "other")), "alice")


class OtherPeoplesAnswers(TakeoverCase):
    def test_a_victim_that_opens_the_attackers_answer_is_neither_signed_in_nor_linked(self):
        """Login CSRF, and an account of the attacker slipped under the victim's."""
        self.campus.person("mallory")
        attacker = self.browser()
        location = self.answer(attacker, "campus")
        name = self.local_user()
        for victim in (self.browser(), self.signed_in(name)):
            victim.open("/login")
            self.assert_failure(victim.open(location))
        self.assertEqual(self.accounts(name), {})

    def test_an_answer_to_the_attackers_wish_to_link_links_the_victims_account_to_nobody(self):
        name = self.local_user()
        attacker = self.signed_in(name)
        page = self.leave_to_link(attacker, "campus")
        url = f"{self.campus.origin}{page.target}"
        victim = self.browser()
        self.campus.person("alice")
        page = victim.open(url)  # the attacker sent it to the victim, who says yes there
        back = self.decide(victim, page)
        self.assert_failure(victim.open(back.location))
        self.assertEqual(self.accounts(name), {})
        self.assert_nobody(victim)

    def test_a_code_of_the_victim_in_the_attackers_own_answer_is_useless(self):
        """It was asked for with another PKCE challenge, and its ID token has another nonce."""
        self.campus.person("alice")
        victim, attacker = self.browser(), self.browser()
        stolen = urllib.parse.parse_qs(urllib.parse.urlsplit(self.answer(victim, "campus")).query)["code"][0]
        parts = urllib.parse.urlsplit(self.answer(attacker, "campus"))
        query = {**dict(urllib.parse.parse_qsl(parts.query)), "code": stolen}
        page = attacker.open(parts._replace(query=urllib.parse.urlencode(query)).geturl())
        self.assert_failure(page, status=502)  # and the nonce is another one, for providers without PKCE
        self.assert_nobody(attacker)
        sent = self.campus.asked("/token")[-1].form
        challenge = self.campus.asked("/authorize")[-1]
        self.assertGreaterEqual(len(sent["code_verifier"]), 43)
        self.assertIsNotNone(challenge)

    def test_a_session_that_was_planted_before_is_not_signed_in_by_the_trip(self):
        victim = self.browser()
        victim.open("/login")
        planted = victim.copy()
        self.campus.person("alice")
        self.assert_signed_in(victim, self.visit(victim, "campus"), "alice")
        self.assert_nobody(planted)

    def test_another_sites_form_cannot_begin_a_link(self):
        name = self.local_user()
        browser = self.signed_in(name)
        self.assertIn(browser.at_home.post("/oauth/login/campus", {"next": "/"}).status, (400, 403))
        self.assertEqual(self.accounts(name), {})

    def test_a_next_that_leads_away_does_not(self):
        self.campus.person("alice")
        for given in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1", "\\\\x"):
            with self.subTest(given):
                browser = self.browser()
                page = self.leave(browser, "campus", next=given)
                page = browser.open(self.decide(browser, page).location)
                self.assertEqual(urllib.parse.urlsplit(page.location).netloc, "", page)
                self.assertTrue(page.location.startswith("/") and not page.location.startswith(("//", "/\\")))

    def test_a_forged_link_shows_no_notice_of_a_sign_up(self):
        name = self.local_user()
        with opened(self.site.db) as connection:
            connection.execute("UPDATE users SET created_at = created_at - 60 WHERE username = ?", (name,))
            getattr(connection, "commit", lambda: None)()
        browser = self.signed_in(name)
        page = browser.open(LINKED + "?done=signed_up")
        self.assertEqual(page.status, 200, page)
        self.assertNotIn(f"Your username is {name}", page.text)

    def test_what_the_provider_says_is_text_on_our_pages(self):
        evil = "<script>alert(1)</script>"
        self.campus.person(self.fresh(), name=evil, preferred_username=evil, email=f'"{evil}"@example.org')
        browser = self.browser()
        self.assert_signed_in(browser, self.visit(browser, "campus"))
        self.assertNotIn(evil.encode(), browser.open(LINKED).answer.body)
        page = browser.follow(browser.open("/"))
        self.assertNotIn(evil.encode(), page.answer.body)


class ClaimsAboutAddresses(TakeoverCase):
    """The campus is trusted; it must say clearly that it verified this very address."""

    def setUp(self):
        super().setUp()
        self.name = self.fresh("owner")
        self.address = f"{self.name}@example.org"
        self.local_user("--email", self.address, "--email-verified", name=self.name)

    def assert_not_the_owner(self, **claims):
        self.campus.person(self.fresh("sub"), **claims)
        browser = self.browser()
        self.visit(browser, "campus")
        self.assertNotEqual(self.who(browser), self.name)
        self.assertEqual(self.accounts(self.name), {})

    def test_whatever_is_not_true_is_not_verified(self):
        for claim in (False, None, 0, 1, "false", "no", "", [], {}, [True]):
            with self.subTest(claim):
                self.assert_not_the_owner(email=self.address, email_verified=claim)
        self.assert_not_the_owner(email=self.address)

    def test_an_address_from_one_document_is_not_verified_by_the_other(self):
        self.campus.userinfo = {"email": self.address, "email_verified": None}
        self.assert_not_the_owner(email=f"{self.fresh()}@example.net", email_verified=True)
        self.campus.userinfo = {"email": f"{self.fresh()}@example.net", "email_verified": True}
        self.assert_not_the_owner(email=self.address, email_verified=False)

    def test_true_is(self):
        self.campus.person(self.fresh("sub"), email=self.address, email_verified=True)
        browser = self.browser()
        self.assert_signed_in(browser, self.visit(browser, "campus"), self.name)


class AnotherAddress(RemoteCase):
    """What GitHub says in the profile, or in an address that is not the primary one, proves nothing."""

    @classmethod
    def populate(cls):
        cls.github = cls.service(GitHub)
        cls.add_github(cls.github, "--trust-email")

    def test_neither_the_profile_nor_another_address_of_the_list_leads_to_the_user_who_has_it(self):
        name = self.fresh()
        address = f"{name}@example.org"
        self.local_user("--email", address, "--email-verified", name=name)
        self.github.person(1, self.fresh("mallory"), f"{self.fresh()}@example.net")
        self.github.user["email"] = address
        self.github.user["emails"].insert(0, {"email": address, "verified": False, "primary": False})
        browser = self.browser()
        self.visit(browser, "github")
        self.assertNotEqual(self.who(browser), name)
        self.assertEqual(self.accounts(name), {})

    def test_an_address_that_only_looks_alike_is_another(self):
        name = self.fresh()
        self.local_user("--email", f"{name}@example.org", "--email-verified", name=name)
        alikes = (f"{name}@example.org\u200b", f"{name}@EXAMPLE.ORG.", f"{name}@\uff45xample.org")
        for number, alike in enumerate(alikes, 10):
            with self.subTest(alike):
                self.github.person(number, self.fresh("mallory"), alike)
                browser = self.browser()
                self.visit(browser, "github")
                self.assertNotEqual(self.who(browser), name)
        self.assertEqual(self.accounts(name), {})
