"""Two things at once, and what changes while somebody is away at the provider."""

import concurrent.futures

from remote_case import GitHub, LINKED, Orcid, RemoteCase


class RaceCase(RemoteCase):
    number = 5000

    @classmethod
    def populate(cls):
        cls.github = cls.service(GitHub)
        cls.orcid = cls.service(Orcid)
        cls.add_github(cls.github)
        cls.add_orcid(cls.orcid)

    def newcomer(self):
        type(self).number += 1
        self.github.person(self.number, self.fresh("octo"))

    def at_once(self, *acts):
        with concurrent.futures.ThreadPoolExecutor(len(acts)) as pool:
            return [one.result() for one in [pool.submit(act) for act in acts]]


class AtOnce(RaceCase):
    def test_one_account_there_is_linked_to_one_of_two_users(self):
        for _ in range(5):
            self.newcomer()
            names = [self.local_user(), self.local_user()]
            browsers = [self.signed_in(name) for name in names]
            locations = [self.answer(browser, "github", link=True) for browser in browsers]
            pages = self.at_once(
                *(lambda one=one, where=where: one.open(where) for one, where in zip(browsers, locations))
            )
            self.assertEqual(sorted(page.status for page in pages), [303, 400], pages)
            self.assertEqual(sorted(len(self.accounts(name)) for name in names), [0, 1])

    def test_a_user_has_one_account_of_a_provider(self):
        for _ in range(5):
            name = self.local_user()
            browsers = [self.signed_in(name) for _ in range(2)]
            locations = []
            for browser in browsers:
                self.newcomer()
                locations.append(self.answer(browser, "github", link=True))
            pages = self.at_once(
                *(lambda one=one, where=where: one.open(where) for one, where in zip(browsers, locations))
            )
            self.assertEqual(sorted(page.status for page in pages), [303, 400], pages)
            self.assertEqual(len(self.accounts(name)), 1)

    def test_newcomers_who_want_one_username_all_get_one(self):
        login = self.fresh("same")
        browsers = [self.browser() for _ in range(6)]
        locations = []
        for browser in browsers:
            type(self).number += 1
            self.github.person(self.number, login)
            locations.append(self.answer(browser, "github"))
        pages = self.at_once(
            *(lambda one=one, where=where: one.open(where) for one, where in zip(browsers, locations))
        )
        self.assertEqual({page.status for page in pages}, {303}, pages)
        names = {self.who(browser) for browser in browsers}
        self.assertEqual(len(names), 6, names)
        self.assertTrue(all(name.startswith(login) for name in names), names)

    def test_newcomers_with_one_address_become_one_user_who_has_it(self):
        address = f"{self.fresh()}@example.org"
        browsers = [self.browser() for _ in range(4)]
        locations = []
        for browser in browsers:
            type(self).number += 1
            self.github.person(self.number, self.fresh("octo"), address)
            locations.append(self.answer(browser, "github"))
        pages = self.at_once(
            *(lambda one=one, where=where: one.open(where) for one, where in zip(browsers, locations))
        )
        self.assertEqual(sorted(page.status for page in pages), [303, 400, 400, 400], pages)
        self.assertEqual(sum(user["email"] == address for user in self.users().values()), 1)

    def test_of_the_last_two_ways_to_sign_in_one_stays(self):
        for check in ("0000-0001-5109-3700", "0000-0002-1694-233X", "0000-0002-9079-593X"):
            self.newcomer()
            browser = self.browser()
            who = self.assert_signed_in(browser, self.visit(browser, "github"))
            self.orcid.person(check, "Nina")
            self.visit(browser, "orcid", link=True)
            page = browser.open(LINKED)
            windows = {name: browser.copy() for name in ("github", "orcid")}
            for window in windows.values():
                window.origin = self.issuer
            pages = self.at_once(
                *(
                    lambda window=window, name=name: window.submit(page.form(f"/oauth/disconnect/{name}"))
                    for name, window in windows.items()
                )
            )
            self.assertEqual(sorted(page.status for page in pages), [303, 400], pages)
            self.assertEqual(len(self.accounts(who)), 1)


class WhileAway(RaceCase):
    """At the provider, on the way back."""

    def linking(self):
        name = self.local_user()
        self.newcomer()
        browser = self.signed_in(name)
        return name, browser, self.answer(browser, "github", link=True)

    def test_a_user_who_was_disabled_links_nothing(self):
        name, browser, location = self.linking()
        self.site.ctl("user", "disable", name)
        self.assertIn(browser.open(location).status, (400, 403))
        self.assertEqual(self.accounts(name), {})

    def test_a_user_who_was_deleted_links_nothing(self):
        name, browser, location = self.linking()
        self.site.ctl("user", "delete", name, "--yes")
        self.assertIn(browser.open(location).status, (400, 403))
        self.assertEqual([one for one in self.accounts() if one["subject"] == str(self.number)], [])

    def test_a_session_that_was_revoked_links_nothing(self):
        name, browser, location = self.linking()
        self.site.ctl("session", "revoke", "--user", name, "--yes")
        self.assertIn(browser.open(location).status, (400, 403))
        self.assertEqual(self.accounts(name), {})

    def test_who_was_signed_up_elsewhere_meanwhile_is_that_user(self):
        self.newcomer()
        slow, fast = self.browser(), self.browser()
        location = self.answer(slow, "github")
        who = self.assert_signed_in(fast, self.visit(fast, "github"))
        self.assert_signed_in(slow, slow.open(location), who)

    def test_a_provider_that_was_deleted_signs_nobody_in(self):
        self.add_github(self.github, name="fleeting")
        self.newcomer()
        browser = self.browser()
        location = self.answer(browser, "fleeting")
        self.site.ctl("provider", "delete", "fleeting", "--yes")
        self.assertEqual(browser.open(location).status, 404)
        self.assert_nobody(browser)

    def test_a_provider_that_became_link_only_or_hidden_signs_nobody_in(self):
        for flag in ("--link-only", "--hidden"):
            with self.subTest(flag):
                name = self.fresh("p")
                self.add_github(self.github, name=name)
                self.newcomer()
                browser = self.browser()
                location = self.answer(browser, name)
                self.site.ctl("provider", "update", name, flag)
                self.assertEqual(browser.open(location).status, 404)
                self.assert_nobody(browser)

    def test_a_provider_that_lost_its_trust_opens_no_account(self):
        user = self.fresh()
        self.local_user("--email", f"{user}@example.org", "--email-verified", name=user)
        self.add_github(self.github, "--trust-email", name="trusted")
        self.newcomer()
        self.github.person(self.number, "x", f"{user}@example.org")
        browser = self.browser()
        location = self.answer(browser, "trusted")
        self.site.ctl("provider", "update", "trusted", "--no-trust-email")
        self.assert_failure(browser.open(location))
        self.assertEqual(self.accounts(user), {})
