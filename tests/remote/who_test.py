"""Who an arrival from a provider is here: the rules, one after the other, and whom none of them lets in."""

import concurrent.futures
import itertools

from remote_case import GitHub, HOME, LINKED, RemoteCase

numbers = itertools.count(1000)


class WhoCase(RemoteCase):
    """One GitHub, registered here several times, each with other rules."""

    registrations = {
        "github": (),
        "trusted": ("--trust-email",),
        "asking": ("--signup", "ask"),
        "asking-trusted": ("--signup", "ask", "--trust-email"),
        "closed": ("--signup", "off"),
        "linking": ("--link-only",),
        "hidden": ("--hidden",),
    }

    @classmethod
    def populate(cls):
        cls.github = cls.service(GitHub)
        for name, flags in cls.registrations.items():
            cls.add_github(cls.github, *flags, name=name)

    def newcomer(self, email=None, verified=True, **more):
        """At GitHub's page sits a person whom it never saw before; the login name."""
        login = self.fresh("octo")
        self.github.person(next(numbers), login, email, verified, **more)
        return login

    def signup_form(self, browser, provider="asking"):
        """What whoever is new there is asked for."""
        page = browser.follow(self.visit(browser, provider))
        self.assertEqual(page.status, 200, page)
        form = page.form(f"/oauth/signup/{provider}")
        self.site.remember(form.fields["signup"])
        return form

    def linked_user(self, provider="github"):
        """A local user with a password and an account there; who is still at GitHub's page."""
        name = self.local_user()
        self.newcomer()
        self.visit(self.signed_in(name), provider, link=True)
        self.assertIn(provider, self.accounts(name))
        return name


class AnExistingLinkWins(WhoCase):
    def test_it_signs_in_whatever_address_the_provider_names_now(self):
        owner, other = self.linked_user(), self.fresh()
        self.local_user("--email", f"{other}@example.org", "--email-verified", name=other)
        self.github.person(self.github.user["id"], "x", f"{other}@example.org")
        browser = self.browser()
        self.assert_signed_in(browser, self.visit(browser, "github"), owner)

    def test_also_where_nobody_is_signed_up(self):
        name = self.linked_user("closed")
        browser = self.browser()
        self.assert_signed_in(browser, self.visit(browser, "closed"), name)

    def test_the_link_is_of_one_provider_alone(self):
        """The same subject at another provider is somebody else."""
        name = self.linked_user("github")
        browser = self.browser()
        self.assertNotEqual(self.assert_signed_in(browser, self.visit(browser, "trusted")), name)

    def test_a_disabled_user_is_refused(self):
        name = self.linked_user()
        self.site.ctl("user", "disable", name)
        browser = self.browser()
        self.assert_failure(self.visit(browser, "github"), status=403)
        self.assert_nobody(browser)

    def test_what_it_knows_of_the_account_is_renewed(self):
        name = self.linked_user()
        self.github.person(self.github.user["id"], "renamed", "renamed@example.org")
        browser = self.browser()
        self.assert_signed_in(browser, self.visit(browser, "github"), name)
        account = self.accounts(name)["github"]
        self.assertEqual((account["username"], account["email"]), ("renamed", "renamed@example.org"))
        self.assertIsNotNone(account["last_used_at"])


class WhoIsSignedInLinks(WhoCase):
    def test_to_the_current_user_even_if_the_address_differs(self):
        name = self.local_user("--email", "here@example.org")
        self.newcomer("there@example.org")
        browser = self.signed_in(name)
        self.assert_signed_in(browser, self.visit(browser, "github", link=True), name)
        self.assertEqual(self.users()[name]["email"], "here@example.org")
        self.assertEqual(self.accounts(name)["github"]["email"], "there@example.org")

    def test_to_the_current_user_even_if_another_has_the_address(self):
        other = self.fresh()
        self.local_user("--email", f"{other}@example.org", "--email-verified", name=other)
        name = self.local_user()
        self.newcomer(f"{other}@example.org")
        browser = self.signed_in(name)
        self.visit(browser, "trusted", link=True)
        self.assertEqual((set(self.accounts(name)), self.accounts(other)), ({"trusted"}, {}))

    def test_an_account_of_another_user_is_refused_and_stays_there(self):
        owner = self.linked_user()
        name = self.local_user()
        browser = self.signed_in(name)
        self.assert_failure(self.visit(browser, "github", link=True), status=400)
        self.assertEqual(self.who(browser), name)
        self.assertEqual((self.accounts(name), set(self.accounts(owner))), ({}, {"github"}))

    def test_a_second_account_of_one_provider_is_refused(self):
        name = self.linked_user()
        first = self.accounts(name)["github"]["subject"]
        browser = self.signed_in(name)
        self.newcomer()
        location = self.start_link_by_hand(browser, "github")
        self.assert_failure(browser.open(location), status=400)
        self.assertEqual(self.accounts(name)["github"]["subject"], first)

    def start_link_by_hand(self, browser, provider):
        """The page of linked accounts offers no second one, but its form can be sent all the same."""
        form = next(form for form in browser.open(LINKED).forms if "csrf_token" in form.fields)
        token = form.fields["csrf_token"]
        page = browser.follow(browser.at_home.post(f"/oauth/login/{provider}", {"csrf_token": token}))
        return self.decide(browser, page).location

    def test_a_get_asks_first_and_the_post_needs_the_token_of_the_session(self):
        name = self.local_user()
        browser = self.signed_in(name)
        self.newcomer()
        page = browser.open("/oauth/login/github")
        self.assertEqual(page.status, 200, page)
        self.assertIn("csrf_token", page.form("/oauth/login/github").fields)
        for fields, status in (({}, 400), ({"csrf_token": "x"}, 403)):
            self.assertEqual(browser.at_home.post("/oauth/login/github", fields).status, status)
        self.assertEqual(self.accounts(name), {})
        back = self.decide(browser, browser.follow(browser.submit(page.form("/oauth/login/github"))))
        browser.follow(back)
        self.assertEqual(set(self.accounts(name)), {"github"})

    def test_a_trip_that_began_signed_out_does_not_link_to_whoever_signed_in_meanwhile(self):
        name = self.local_user()
        self.newcomer()
        browser = self.browser()
        location = self.answer(browser, "github")
        self.assertEqual(browser.at_home.sign_in(name, "correct horse battery staple").status, 303)
        self.assert_failure(browser.open(location))
        self.assertEqual(self.accounts(name), {})

    def test_a_trip_that_began_signed_in_does_not_link_after_the_sign_out(self):
        name = self.local_user()
        self.newcomer()
        browser = self.signed_in(name)
        location = self.answer(browser, "github", link=True)
        users = len(self.users())
        page = browser.open(HOME)
        browser.submit(page.form("/logout"))
        self.assert_failure(browser.open(location))
        self.assertEqual((self.accounts(name), len(self.users())), ({}, users))


class TheSameAddress(WhoCase):
    def owner(self, *flags):
        """A local user, the address, and at GitHub's page somebody with the same."""
        name = self.fresh()
        address = f"{name}@example.org"
        self.local_user("--email", address, *flags, name=name)
        return name, address

    def test_verified_and_trusted_is_the_user_who_has_it(self):
        name, address = self.owner("--email-verified")
        self.newcomer(address.upper())
        browser = self.browser()
        self.assert_signed_in(browser, self.visit(browser, "trusted"), name)
        self.assertEqual(set(self.accounts(name)), {"trusted"})

    def assert_refused(self, provider, address, verified):
        self.newcomer(address, verified)
        users = self.users()
        browser = self.browser()
        page = self.assert_failure(self.visit(browser, provider), status=400)
        self.assert_nobody(browser)
        self.assertEqual(self.users(), users)
        self.assertEqual([one for one in self.accounts() if one["email"] == address], [])
        return page

    def test_verified_and_not_trusted_is_refused(self):
        name, address = self.owner("--email-verified")
        page = self.assert_refused("github", address, True)
        self.assertNotIn(name, page.text.replace(address, ""))

    def test_not_verified_is_refused_whether_trusted_or_not(self):
        _, address = self.owner("--email-verified")
        for provider in ("github", "trusted"):
            with self.subTest(provider):
                self.assert_refused(provider, address, False)

    def test_of_a_disabled_user_is_refused(self):
        name, address = self.owner("--email-verified")
        self.site.ctl("user", "disable", name)
        self.newcomer(address)
        browser = self.browser()
        self.assert_failure(self.visit(browser, "trusted"), status=403)
        self.assert_nobody(browser)
        self.assertEqual(self.accounts(name), {})

    def test_that_somebody_only_claimed_here_leads_nobody_to_who_claimed_it(self):
        """Who signs up with another's address waits for the owner to come, and would share the account."""
        self.newcomer()
        address = f"{self.fresh('victim')}@example.org"
        attacker = self.browser()
        form = self.signup_form(attacker)
        who = self.assert_signed_in(attacker, attacker.submit(form, email=address))
        self.assertEqual((self.users()[who]["email"], self.users()[who]["email_verified"]), (address, False))
        self.newcomer(address)
        victim = self.browser()
        self.visit(victim, "trusted")
        self.assertNotEqual(self.who(victim), who)
        self.assertNotIn("trusted", self.accounts(who))


class SigningUp(WhoCase):
    def test_off_says_so_and_makes_nobody(self):
        self.newcomer("octo-closed@example.org")
        users = self.users()
        browser = self.browser()
        self.assert_failure(self.visit(browser, "closed"), status=403)
        self.assert_nobody(browser)
        self.assertEqual(self.users(), users)

    def test_ask_shows_a_form_that_makes_the_user_and_keeps_the_link(self):
        login = self.newcomer()
        browser = self.browser()
        form = self.signup_form(browser)
        self.assert_nobody(browser)
        self.assertEqual(form.fields["username"], login)
        chosen = self.fresh("chosen")
        page = browser.submit(form, username=chosen, email=f"{chosen}@example.org")
        self.assert_signed_in(browser, page, chosen)
        user = self.users()[chosen]
        self.assertEqual((user["email"], user["email_verified"]), (f"{chosen}@example.org", False))
        again = self.browser()
        self.assert_signed_in(again, self.visit(again, "asking"), chosen)

    def test_an_address_is_verified_and_fixed_only_where_the_provider_did_it_and_is_trusted(self):
        for provider in ("asking", "asking-trusted"):
            for verified in (True, False):
                with self.subTest(provider, verified=verified):
                    address, other = f"{self.fresh()}@example.org", f"{self.fresh()}@example.org"
                    self.newcomer(address, verified)
                    browser = self.browser()
                    form = self.signup_form(browser, provider)
                    who = self.assert_signed_in(browser, browser.submit(form, email=other))
                    user = self.users()[who]
                    proved = verified and provider == "asking-trusted"
                    self.assertEqual(
                        (user["email"], user["email_verified"]), (address if proved else other, proved)
                    )

    def test_a_taken_or_impossible_value_shows_the_form_again(self):
        name = self.fresh()
        self.local_user("--email", f"{name}@example.org", name=name)
        self.newcomer()
        browser = self.browser()
        page = browser.follow(self.visit(browser, "asking"))
        users = self.users()
        for fields in (
            {"username": name},
            {"username": ""},
            {"username": "../x"},
            {"email": f"{name}@example.org"},
            {"email": "no address"},
        ):
            with self.subTest(fields):
                page = browser.submit(page.form("/oauth/signup/asking"), **fields)
                self.assertEqual(page.status, 400, page)
                self.assert_nobody(browser)
                self.assertEqual(self.users(), users)
        form = page.form("/oauth/signup/asking")
        self.assert_signed_in(browser, browser.submit(form, username=self.fresh(), email=""))

    def test_the_form_is_for_one_use_and_for_this_browser(self):
        self.newcomer()
        browser = self.browser()
        form = self.signup_form(browser)
        other = self.browser()
        other.open("/login")
        users = self.users()
        page = other.submit(form, username=self.fresh())
        self.assertIn(page.status, (400, 403), page)
        # With a token of its own it is refused as well, and it does not even see the page.
        own = other.open("/login").form("/login").fields["csrf_token"]
        self.assert_failure(other.submit(form, username=self.fresh(), csrf_token=own))
        self.assert_failure(other.open("/oauth/signup/asking", signup=form.fields["signup"]))
        self.assertEqual(self.users(), users)
        window = browser.copy()
        self.assert_signed_in(browser, browser.submit(form))
        self.assertIn(window.submit(form, username=self.fresh()).status, (400, 403))
        self.assertEqual(len(self.users()), len(users) + 1)

    def test_a_form_of_one_provider_is_refused_at_another(self):
        self.newcomer()
        browser = self.browser()
        form = self.signup_form(browser)
        form.action = form.action.replace("/asking", "/github")
        users = self.users()
        self.assertIn(browser.submit(form).status, (400, 403, 404))
        self.assertEqual(self.users(), users)

    def test_the_fields_cannot_name_another_account_there(self):
        self.newcomer()
        browser = self.browser()
        form = self.signup_form(browser)
        page = browser.submit(form, subject="1", user_id="1", provider="trusted", email_verified="true")
        who = self.assert_signed_in(browser, page)
        subject = self.accounts(who)["asking"]["subject"]
        self.assertEqual(subject, str(self.github.user["id"]))

    def test_without_a_sign_in_there_is_no_form(self):
        for query in ("", "?signup=", "?signup=" + "x" * 43):
            with self.subTest(query):
                self.assert_failure(self.browser().open("/oauth/signup/asking" + query))

    def test_callbacks_in_parallel_make_one_user(self):
        """Of one person, in several browsers at once."""
        self.newcomer()
        browsers = [self.browser() for _ in range(6)]
        locations = [self.answer(browser, "github") for browser in browsers]
        users = len(self.users())
        with concurrent.futures.ThreadPoolExecutor(len(browsers)) as pool:
            pages = list(pool.map(lambda pair: pair[0].open(pair[1]), zip(browsers, locations)))
        self.assertEqual({page.status for page in pages}, {303}, pages)
        self.assertEqual(len({self.who(browser) for browser in browsers}), 1)
        self.assertEqual(len(self.users()), users + 1)

    def test_one_answer_opened_in_parallel_signs_in_once(self):
        self.newcomer()
        browser = self.browser()
        location = self.answer(browser, "github")
        windows = [browser.copy() for _ in range(6)]
        asked = len(self.github.asked("/login/oauth/access_token"))
        with concurrent.futures.ThreadPoolExecutor(len(windows)) as pool:
            pages = list(pool.map(lambda window: window.open(location), windows))
        self.assertEqual(sorted(page.status for page in pages), [303] + [400] * 5)
        self.assertEqual(len(self.github.asked("/login/oauth/access_token")), asked + 1)

    def test_forms_in_parallel_make_one_user(self):
        self.newcomer()
        browsers = [self.browser() for _ in range(4)]
        forms = [self.signup_form(browser) for browser in browsers]
        users = len(self.users())
        names = [self.fresh() for _ in browsers]
        with concurrent.futures.ThreadPoolExecutor(len(browsers)) as pool:
            given = zip(browsers, forms, names)
            pages = list(pool.map(lambda one: one[0].submit(one[1], username=one[2]), given))
        self.assertEqual(len(self.users()), users + 1, pages)
        self.assertLessEqual({page.status for page in pages}, {303, 400, 409}, pages)


class WhereAProviderIsNotForThat(WhoCase):
    def test_unknown_hidden_and_disabled_are_404(self):
        self.add_github(self.github, name="disabled")
        self.site.ctl("provider", "disable", "disabled")
        for name in ("unknown", "hidden", "disabled"):
            with self.subTest(name):
                self.assertEqual(self.browser().open(f"/oauth/login/{name}").status, 404)
                self.assertEqual(self.browser().open(f"/oauth/signup/{name}").status, 404)
        for name in ("unknown", "disabled"):
            self.assertEqual(self.browser().open(f"/oauth/authorized/{name}?state=x").status, 404)

    def test_one_that_is_disabled_on_the_way_signs_nobody_in(self):
        self.add_github(self.github, name="leaving")
        self.newcomer()
        browser = self.browser()
        location = self.answer(browser, "leaving")
        self.site.ctl("provider", "disable", "leaving")
        self.assertEqual(browser.open(location).status, 404)
        self.assert_nobody(browser)

    def test_link_only_signs_nobody_in_and_nobody_up_but_links(self):
        self.newcomer()
        page = self.browser().open("/oauth/login/linking")
        self.assertEqual((page.status, page.location.split("?")[0]), (303, "/login"), page)
        self.assertNotIn("/oauth/login/linking", str(self.browser().open("/login").links))
        name = self.linked_user("linking")
        self.assertEqual(set(self.accounts(name)), {"linking"})
        page = self.browser().open("/oauth/login/linking")
        self.assertEqual((page.status, page.location.split("?")[0]), (303, "/login"), page)

    def test_each_act_is_in_the_audit_log(self):
        login = self.newcomer()
        browser = self.browser()
        who = self.assert_signed_in(browser, self.visit(browser, "github"))
        self.assertEqual(who, login)
        user_id = self.users()[who]["id"]
        rows = self.site.ctl_json("audit", "list")
        mine = {row["action"] for row in rows if user_id in row["actor"] + row["object"]}
        self.assertLessEqual({"user.create", "session.create"}, mine, rows[:6])
        self.assertTrue(self.audit("remote_account.link"))
