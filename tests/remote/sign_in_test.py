"""Signing in with an account elsewhere: every kind of provider, from the button to the session."""

import urllib.parse

from oauth1_provider import OAuth1Provider
from remote_case import GitHub, HOME, LINKED, Orcid, PASSWORD, RemoteCase

ORCID_ID = "0000-0002-1825-0097"


class WithAnOpenidProvider(RemoteCase):
    @classmethod
    def populate(cls):
        cls.openid_provider = cls.openid()
        for algorithm in ("EdDSA", "ES256", "RS256"):
            cls.add_openid(cls.openid_provider, algorithm, "--title", f"Campus {algorithm}")

    def newcomer(self, **claims):
        """Somebody whom only the provider knows; the sub."""
        sub = self.fresh("sub")
        return self.openid_provider.account(
            sub, **{"email": f"{sub}@example.org", "email_verified": True, "name": "Nina New", **claims}
        )

    def test_every_algorithm_of_id_tokens_signs_in(self):
        for name in ("eddsa", "es256", "rs256"):
            with self.subTest(name):
                browser = self.browser()
                page = self.visit(browser, name, login=self.newcomer())
                who = self.assert_signed_in(browser, page)
                self.assertEqual(set(self.accounts(who)), {name})

    def test_who_comes_again_is_the_same_user(self):
        sub = self.newcomer()
        first, second = self.browser(), self.browser()
        one = self.assert_signed_in(first, self.visit(first, "eddsa", login=sub))
        users = len(self.users())
        two = self.assert_signed_in(second, self.visit(second, "eddsa", login=sub))
        self.assertEqual((one, len(self.users())), (two, users))

    def test_a_new_user_has_what_the_provider_says(self):
        sub = self.newcomer(preferred_username=self.fresh("nina"), email="Nina.New@example.org")
        browser = self.browser()
        who = self.assert_signed_in(browser, self.visit(browser, "eddsa", login=sub))
        user = self.users()[who]
        self.assertEqual(
            (user["name"], user["email"], user["email_verified"]), ("Nina New", "Nina.New@example.org", False)
        )

    def test_the_username_is_made_unique_and_told_on_the_page_that_next_names(self):
        taken = self.local_user()
        browser = self.browser()
        page = self.visit(browser, "eddsa", login=self.newcomer(preferred_username=taken))
        self.assertEqual(page.status, 303, page)
        page = browser.follow(page)
        who = self.who(browser)
        self.assertNotEqual(who, taken)
        self.assertTrue(who.startswith(taken), who)
        self.assertTrue(page.target.startswith(HOME), page)
        self.assertIn(who, page.text)

    def test_a_username_that_none_may_have_becomes_one_that_may(self):
        for odd in ("a b c", "../../etc", "<script>", "Zoë Ω", "\u202eevil", "x" * 300, "", 17, None):
            with self.subTest(odd):
                browser = self.browser()
                page = self.visit(browser, "eddsa", login=self.newcomer(preferred_username=odd, name="Ann"))
                self.assertIn(self.assert_signed_in(browser, page), self.users())

    def test_next_is_where_one_ends_and_is_local(self):
        for given, reached in (
            ("/account/settings/security/", "/account/settings/security/"),
            ("https://evil.example/", HOME),
            ("//evil.example", HOME),
            ("/\\evil.example", HOME),
        ):
            with self.subTest(given):
                browser = self.browser()
                page = self.leave(browser, "eddsa", next=given)
                page = browser.open(self.decide(browser, page, login=self.newcomer()).location)
                self.assertEqual(page.status, 303, page)
                location = urllib.parse.urlsplit(page.location)
                self.assertEqual((location.netloc, location.path), ("", reached), page)

    def test_the_session_is_a_new_one(self):
        browser = self.browser()
        location = self.answer(browser, "eddsa", login=self.newcomer())
        before = browser.copy()
        self.assert_signed_in(browser, browser.open(location))
        self.assert_nobody(before)

    def test_remember_me_survives_the_trip(self):
        browser = self.browser()
        page = self.leave(browser, "eddsa", remember="yes")
        page = browser.open(self.decide(browser, page, login=self.newcomer()).location)
        cookies = [value for name, value in page.answer.fields if name.lower() == "set-cookie"]
        self.assertTrue(any("Max-Age" in cookie for cookie in cookies), cookies)

    def test_what_is_asked_there_has_pkce_a_nonce_and_our_callback(self):
        browser = self.browser()
        page = browser.open("/oauth/login/eddsa")
        asked = page.query()
        self.assertEqual(asked["redirect_uri"], self.callback("eddsa"))
        self.assertEqual((asked["response_type"], asked["code_challenge_method"]), ("code", "S256"))
        self.assertEqual(asked["scope"].split()[0], "openid")
        for name in ("state", "nonce", "code_challenge"):
            self.assertGreaterEqual(len(asked[name]), 43, name)
        self.assertTrue(page.location.startswith(self.openid_provider.issuer + "/auth?"), page)

    def test_the_sign_in_page_has_a_button_for_each(self):
        page = self.browser().open("/login", next="/account/settings/security/")
        for algorithm in ("EdDSA", "ES256", "RS256"):
            self.assertIn(f"Continue with Campus {algorithm}", page.text)
        self.assertEqual(sum("/oauth/login/" in (link or "") for link in page.links), 3)
        for link in page.links:
            if "/oauth/login/" in (link or ""):
                self.assertIn("next=%2Faccount%2Fsettings%2Fsecurity%2F", link)

    def test_an_authorization_request_goes_on_after_the_sign_in(self):
        self.site.scopes("read")
        client = self.site.client(
            "records", "--grant", "authorization_code", "--redirect-uri", "https://client.example/cb",
            "--scope", "read", "--skip-consent",
        )  # fmt: skip
        browser = self.browser()
        page = browser.follow(
            browser.open(
                "/oauth/authorize", response_type="code", client_id=client.id, state="xyz",
                redirect_uri="https://client.example/cb", scope="read",
            )
        )  # fmt: skip
        link = next(link for link in page.links if "/oauth/login/eddsa" in (link or ""))
        back = self.decide(browser, browser.follow(browser.open(link)), login=self.newcomer())
        page = browser.follow(back, lambda url: url.startswith("https://client.example/"))
        self.assertIn("code", page.query())
        self.site.remember(page.query()["code"])


class WithGithub(RemoteCase):
    @classmethod
    def populate(cls):
        cls.github = cls.service(GitHub)
        cls.add_github(cls.github, "--trust-email")

    def test_the_primary_address_of_the_list_counts_and_not_that_of_the_profile(self):
        login = self.fresh("octo")
        self.github.person(583231, login, email=f"{login}@example.org", name="Mona")
        self.github.user["email"] = "shown-in-profile@example.org"
        browser = self.browser()
        who = self.assert_signed_in(browser, self.visit(browser, "github"))
        user = self.users()[who]
        self.assertEqual(
            (user["username"], user["email"], user["email_verified"], user["name"]),
            (login, f"{login}@example.org", True, "Mona"),
        )
        account = self.accounts(who)["github"]
        self.assertEqual((account["subject"], account["username"]), ("583231", login))

    def test_who_renames_the_account_there_stays_the_same_user(self):
        self.github.person(99, self.fresh("octo"), email="octo99@example.org")
        first, second = self.browser(), self.browser()
        one = self.assert_signed_in(first, self.visit(first, "github"))
        self.github.person(99, self.fresh("renamed"), email="other99@example.org")
        self.assertEqual(self.assert_signed_in(second, self.visit(second, "github")), one)

    def test_who_takes_over_a_login_name_there_is_somebody_else(self):
        login = self.fresh("octo")
        self.github.person(101, login, email=f"{login}@example.org")
        first, second = self.browser(), self.browser()
        one = self.assert_signed_in(first, self.visit(first, "github"))
        self.github.person(102, login, email=f"{login}-2@example.org")
        self.assertNotEqual(self.assert_signed_in(second, self.visit(second, "github")), one)

    def test_a_person_without_an_address_is_signed_up_without_one(self):
        self.github.person(103, self.fresh("octo"))
        browser = self.browser()
        who = self.assert_signed_in(browser, self.visit(browser, "github"))
        self.assertEqual((self.users()[who]["email"], self.users()[who]["email_verified"]), (None, False))

    def test_an_address_that_is_not_verified_there_is_not_verified_here(self):
        login = self.fresh("octo")
        self.github.person(104, login, email=f"{login}@example.org", verified=False)
        browser = self.browser()
        who = self.assert_signed_in(browser, self.visit(browser, "github"))
        self.assertFalse(self.users()[who]["email_verified"])


class WithOrcid(RemoteCase):
    @classmethod
    def populate(cls):
        cls.orcid = cls.service(Orcid)
        cls.add_orcid(cls.orcid)

    def test_the_id_comes_with_the_token_and_no_address_does(self):
        self.orcid.person(ORCID_ID, "Josiah Carberry")
        seen = set()
        for _ in range(2):
            browser = self.browser()
            who = self.assert_signed_in(browser, self.visit(browser, "orcid"))
            user = self.users()[who]
            self.assertEqual((user["name"], user["email"]), ("Josiah Carberry", None))
            self.assertEqual(self.accounts(who)["orcid"]["subject"], ORCID_ID)
            seen.add(who)
        self.assertEqual(len(seen), 1)

    def test_a_record_without_a_public_name_is_signed_up_all_the_same(self):
        self.orcid.person("0000-0001-5109-3700", "")
        browser = self.browser()
        self.assert_signed_in(browser, self.visit(browser, "orcid"))

    def test_what_is_no_orcid_id_signs_nobody_in(self):
        for wrong in ("0000-0002-1825-0098", "josiah", "", None):
            with self.subTest(wrong):
                self.orcid.person(wrong, "Somebody")
                browser = self.browser()
                self.assert_failure(self.visit(browser, "orcid"), status=502)
                self.assert_nobody(browser)


class WithOauth1(RemoteCase):
    methods = ("HMAC-SHA1", "PLAINTEXT")

    @classmethod
    def populate(cls):
        cls.services = {}
        for method in cls.methods:
            name = method.lower()
            service = OAuth1Provider(cls.site.remember, cls.callback(name), method)
            cls.addClassCleanup(service.close)
            cls.services[name] = service
            cls.provider(
                name, "oauth1", service.secret,
                "--client-id", service.client_id, "--signature-method", method,
                "--request-token-url", service.origin + "/request_token",
                "--authorize-url", service.origin + "/authorize",
                "--token-url", service.origin + "/access_token", "--userinfo-url", service.origin + "/user",
            )  # fmt: skip

    def test_both_signature_methods_sign_in_and_the_same_user_again(self):
        for name, service in self.services.items():
            with self.subTest(name):
                service.user = {"id": 4711, "login": self.fresh("old"), "name": "Otto Old"}
                seen = set()
                for _ in range(2):
                    browser = self.browser()
                    seen.add(self.assert_signed_in(browser, self.visit(browser, name)))
                self.assertEqual(seen, {service.user["login"]})

    def test_denied_is_told(self):
        for name in self.services:
            with self.subTest(name):
                browser = self.browser()
                self.assert_failure(self.visit(browser, name, "no"))
                self.assert_nobody(browser)

    def test_the_answer_about_another_request_token_is_refused(self):
        """What would finish somebody else's sign-in in this browser."""
        service = self.services["hmac-sha1"]
        service.user = {"id": 4712, "login": self.fresh("old")}
        victim, attacker = self.browser(), self.browser()
        theirs = urllib.parse.parse_qs(urllib.parse.urlsplit(self.answer(attacker, "hmac-sha1")).query)
        page = self.leave(victim, "hmac-sha1")
        mine = urllib.parse.urlsplit(self.decide(victim, page).location)
        query = dict(urllib.parse.parse_qsl(mine.query))
        query.update(oauth_token=theirs["oauth_token"][0], oauth_verifier=theirs["oauth_verifier"][0])
        self.assert_failure(victim.open(mine._replace(query=urllib.parse.urlencode(query)).geturl()))
        self.assert_nobody(victim)

    def test_a_wrong_verifier_is_refused(self):
        service = self.services["hmac-sha1"]
        service.user = {"id": 4713, "login": self.fresh("old")}
        browser = self.browser()
        location = self.answer(browser, "hmac-sha1")
        head, _, verifier = location.rpartition("oauth_verifier=")
        self.assert_failure(browser.open(f"{head}oauth_verifier={verifier[::-1]}"), status=502)
        self.assert_nobody(browser)

    def test_a_wrong_secret_of_ours_is_told_when_one_leaves(self):
        service = self.services["hmac-sha1"]
        secret, service.secret = service.secret, "another-secret-than-ours"
        self.addCleanup(setattr, service, "secret", secret)
        browser = self.browser()
        self.assert_failure(self.leave(browser, "hmac-sha1"), status=502)


class WithoutLocalSignIn(RemoteCase):
    flags = ("--local-sign-in", "false")

    @classmethod
    def populate(cls):
        cls.github = cls.service(GitHub)
        cls.add_github(cls.github)

    def test_the_only_provider_is_gone_to_at_once_and_not_again_after_the_sign_out(self):
        login = self.fresh("octo")
        self.github.person(7, login, email=f"{login}@example.org")
        browser = self.browser()
        page = browser.follow(browser.open(LINKED))
        self.assertEqual(page.headings, ["Authorize for GitHub"])
        page = browser.follow(self.decide(browser, page))
        self.assertTrue(page.target.startswith(LINKED), page)
        page = browser.follow(browser.submit(page.form("/logout")))
        self.assertEqual(browser.origin, self.issuer, page)
        self.assertEqual(page.status, 200, page)

    def test_no_password_is_taken(self):
        user = self.local_user()
        browser = self.browser()
        page = browser.open("/logout")
        token = next((form.fields["csrf_token"] for form in page.forms if "csrf_token" in form.fields), "x")
        fields = {"username": user, "password": PASSWORD, "csrf_token": token, "next": "/"}
        page = browser.at_home.post("/login", fields)
        self.assertIn(page.status, (400, 403, 404, 405), page)
