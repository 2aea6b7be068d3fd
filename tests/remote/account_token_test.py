"""oauth2ctl account: the tokens that the deployment acts with elsewhere, fresh ones where they have ended."""

import concurrent.futures

import services
from harness.fault_case import built_shim, needs_compiler
from harness.planted import opened
from remote_case import GitHub, RemoteCase

TOKEN = "/login/oauth/access_token"
DAY = 86400


class AccountTokens(RemoteCase):
    @classmethod
    def populate(cls):
        cls.github = cls.service(GitHub)
        cls.add_github(cls.github)
        cls.clock, cls.late = built_shim("clock_shim", cls.site.folder)  # of oauth2ctl alone
        cls.addClassCleanup(cls.clock.close)

    number = 0
    shown = ("provider", "show", "github")

    def setUp(self):
        self.clock.set(0)
        self.github.rotates = True
        self.addCleanup(self.github.faults.clear)

    def account(self, expires_in=28800):
        """Of somebody who just signed in."""
        type(self).number += 1
        self.github.expires_in = expires_in
        self.github.person(self.number, self.fresh("octo"))
        browser = self.browser()
        who = self.assert_signed_in(browser, self.visit(browser, "github"))
        return self.accounts(who)["github"]["id"]

    def token(self, account, **options):
        return self.site.ctl_json("account", "token", account, **options)

    def works(self, token):
        return token in self.github.tokens

    def test_a_token_that_still_lives_is_printed_as_it_is(self):
        account = self.account()
        asked = len(self.github.requests)
        said = self.token(account)
        self.assertTrue(self.works(said["access_token"]))
        self.assertIs(said["changed"], False)
        self.assertEqual(len(self.github.requests), asked)
        self.assertEqual(self.token(account)["access_token"], said["access_token"])
        quiet = self.site.ctl("account", "token", account, "-q").stdout
        self.assertEqual(quiet, said["access_token"] + "\n")

    @needs_compiler
    def test_one_that_has_ended_is_refreshed_and_kept(self):
        account = self.account(3600)
        before = self.token(account)["access_token"]
        self.clock.set(7200)
        fresh = self.token(account, env=self.late)
        self.assertNotEqual(fresh["access_token"], before)
        self.assertTrue(self.works(fresh["access_token"]))
        self.assertIs(fresh["changed"], True)
        asked = len(self.github.requests)
        self.assertEqual(self.token(account, env=self.late)["access_token"], fresh["access_token"])
        self.assertEqual(len(self.github.requests), asked)

    @needs_compiler
    def test_a_refresh_token_that_rotates_is_kept_and_works_the_next_time(self):
        account = self.account(3600)
        for day in range(1, 4):
            self.clock.set(day * DAY)
            self.assertTrue(self.works(self.token(account, env=self.late)["access_token"]))
        self.assertEqual(len(self.github.refresh_tokens), len(set(self.github.refresh_tokens)))

    @needs_compiler
    def test_a_reply_without_a_refresh_token_keeps_the_old_one(self):
        self.github.rotates = False
        account = self.account(3600)
        used = []
        for day in range(1, 4):
            self.clock.set(day * DAY)
            self.assertTrue(self.works(self.token(account, env=self.late)["access_token"]))
            used.append(self.github.asked(TOKEN)[-1].form["refresh_token"])
        self.assertEqual(len(set(used)), 1)

    @needs_compiler
    def test_a_refresh_that_is_refused_exits_with_9_and_changes_nothing(self):
        account = self.account(3600)
        self.clock.set(DAY)
        kept, self.github.refresh_tokens = self.github.refresh_tokens, {}
        result = self.site.ctl("account", "token", account, env=self.late, check=False)
        self.assertEqual(result.returncode, 9, result.stderr)
        self.assertEqual(result.stdout, "")
        self.github.refresh_tokens = kept
        self.assertTrue(self.works(self.token(account, env=self.late)["access_token"]))

    @needs_compiler
    def test_a_provider_that_is_down_or_talks_nonsense_changes_nothing(self):
        account = self.account(3600)
        self.clock.set(DAY)
        for fault in (services.silence, services.wrong_json, services.huge, services.answering(b"", 503)):
            self.github.faults[TOKEN] = fault
            result = self.site.ctl("account", "token", account, env=self.late, check=False)
            self.assertIn(result.returncode, (1, 8), result.stderr)
            self.assertNotIn("terminate", result.stderr)
        self.github.faults.clear()
        self.assertTrue(self.works(self.token(account, env=self.late)["access_token"]))

    @needs_compiler
    def test_one_that_has_ended_and_cannot_be_refreshed_exits_with_6(self):
        account = self.account(None)
        self.assertTrue(self.works(self.token(account)["access_token"]))  # it never ends
        with opened(self.site.db) as connection:
            connection.execute("UPDATE remote_accounts SET expires_at = 1000 WHERE id = ?", (account,))
            getattr(connection, "commit", lambda: None)()
        result = self.site.ctl("account", "token", account, check=False)
        self.assertEqual((result.returncode, result.stdout), (6, ""), result.stderr)

    def test_after_an_unlink_there_is_none(self):
        account = self.account()
        self.site.ctl("account", "unlink", account, "--yes")
        self.assertEqual(self.site.ctl("account", "token", account, check=False).returncode, 3)
        self.assertNotIn(account, str(self.accounts()))

    def test_no_list_and_no_audit_row_has_a_token(self):
        account = self.account()
        secrets = [self.token(account)["access_token"], *self.github.refresh_tokens]
        told = "".join(
            self.site.ctl(*words, "-o", kind).stdout
            for words in (("account", "list"), ("audit", "list"), ("provider", "list"), self.shown)
            for kind in ("json", "csv", "table")
        )
        for secret in [*secrets, self.github.secret]:
            self.assertNotIn(secret, told)

    def test_to_sign_in_again_renews_the_tokens(self):
        account = self.account()
        before = self.token(account)["access_token"]
        browser = self.browser()
        self.visit(browser, "github")
        after = self.token(account)["access_token"]
        self.assertNotEqual(after, before)
        self.assertTrue(self.works(after))

    def test_tokens_of_one_account_do_not_open_in_the_row_of_another(self):
        """Whoever can write to the database moves them in vain."""
        mine, theirs = self.account(), self.account()
        with opened(self.site.db) as connection:
            connection.execute(
                "UPDATE remote_accounts SET tokens_sealed ="
                " (SELECT tokens_sealed FROM remote_accounts WHERE id = ?) WHERE id = ?",
                (theirs, mine),
            )
            getattr(connection, "commit", lambda: None)()
        result = self.site.ctl("account", "token", mine, check=False)
        self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)


class WithAnOpenidProvider(RemoteCase):
    """One that ends everything when a refresh token comes that it has replaced."""

    rotates = True

    @classmethod
    def populate(cls):
        cls.openid_provider = cls.openid(access_token_seconds=30, rotates=cls.rotates)
        cls.add_openid(cls.openid_provider, "EdDSA")

    def test_a_token_that_is_about_to_end_is_refreshed_each_time(self):
        browser = self.browser()
        sub = self.openid_provider.account(self.fresh("sub"), preferred_username=self.fresh("nina"))
        who = self.assert_signed_in(browser, self.visit(browser, "eddsa", login=sub))
        account = self.accounts(who)["eddsa"]["id"]
        tokens = [self.site.ctl_json("account", "token", account) for _ in range(4)]
        self.assertEqual(len({token["access_token"] for token in tokens}), 4)
        self.assertEqual({token["changed"] for token in tokens}, {True})

    def test_many_at_once_all_get_one_and_the_link_outlives_it(self):
        browser = self.browser()
        sub = self.openid_provider.account(self.fresh("sub"), preferred_username=self.fresh("nina"))
        who = self.assert_signed_in(browser, self.visit(browser, "eddsa", login=sub))
        account = self.accounts(who)["eddsa"]["id"]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            many = pool.map(lambda _: self.site.ctl_json("account", "token", account), range(4))
            self.assertEqual({token["changed"] for token in many}, {True})
        self.assertTrue(self.site.ctl_json("account", "token", account)["changed"])


class WithAnOpenidProviderThatDoesNotRotate(WithAnOpenidProvider):
    rotates = False
