"""Which scope a client_credentials request gets (RFC 6749 section 3.3)."""

from harness.case import ServedCase


class Scope(ServedCase):
    @classmethod
    def populate(cls):
        site = cls.site
        site.scopes("read", "write", "admin")
        site.ctl("scope", "create", "basic", "--default")
        site.ctl("scope", "create", "secret", "--internal")
        cls.api = site.client("api")
        cls.app = site.client("app", "--scope", "read", "--scope", "write")
        cls.thrifty = site.client("thrifty", "--scope", "read", "--scope", "write", "--default-scope", "read")
        cls.bare = site.client("bare")
        cls.inside = site.client("inside", "--internal", "--scope", "secret", "--scope", "read")

    def granted(self, client, scope=None):
        answer = self.ask_token(client, scope)
        self.assertEqual(answer.status, 200, answer)
        granted = answer.json()["scope"]
        self.assertEqual(self.introspect(answer.json()["access_token"])["scope"], granted)
        return set(granted.split())

    def refused(self, client, scope):
        self.assert_error(self.ask_token(client, scope), 400, "invalid_scope")

    def test_a_client_gets_what_it_asks_for_and_no_more(self):
        self.assertEqual(self.granted(self.app, "read"), {"read"})
        self.assertEqual(self.granted(self.app, "write read"), {"read", "write"})

    def test_an_omitted_scope_means_all_that_is_registered(self):
        self.assertEqual(self.granted(self.app), {"read", "write"})

    def test_an_omitted_scope_means_the_clients_default_where_it_has_one(self):
        self.assertEqual(self.granted(self.thrifty), {"read"})
        self.assertEqual(self.granted(self.thrifty, "read write"), {"read", "write"})

    def test_a_client_registered_without_any_has_those_flagged_default(self):
        self.assertEqual(self.granted(self.bare), {"basic"})
        self.assertEqual(self.granted(self.bare, "basic"), {"basic"})
        self.refused(self.bare, "read")

    def test_more_than_registered_is_refused_as_a_whole(self):
        self.refused(self.app, "admin")
        self.refused(self.app, "read admin")

    def test_an_unknown_scope_is_refused(self):
        self.refused(self.app, "no-such-scope")
        self.refused(self.app, "read no-such-scope")

    def test_an_internal_scope_is_for_internal_clients(self):
        self.refused(self.app, "secret")
        self.refused(self.bare, "secret")
        self.assertEqual(self.granted(self.inside, "secret"), {"secret"})

    def test_a_scope_made_internal_later_is_refused_to_others_from_then_on(self):
        self.site.scopes("later")
        client = self.site.client("early", "--scope", "later", "--scope", "read")
        self.assertEqual(self.granted(client), {"later", "read"})
        self.site.ctl("scope", "update", "later", "--internal")
        self.refused(client, "later")
        self.assertEqual(self.granted(client), {"read"})

    def test_scopes_have_case(self):
        self.refused(self.app, "READ")

    def test_order_and_repetition_do_not_matter(self):
        answer = self.ask_token(self.app, "write read write read")
        self.assertEqual(sorted(answer.json()["scope"].split()), ["read", "write"])
        self.assertEqual(self.granted(self.app, "  read  "), {"read"})

    def test_what_no_scope_can_be_is_refused(self):
        for scope in ('re"ad', "re\\ad", "read\twrite", "read\nwrite", "réad", "\x7f", ","):
            with self.subTest(repr(scope)):
                self.refused(self.app, scope)

    def test_a_scope_of_one_client_says_nothing_about_another(self):
        self.refused(self.thrifty, "admin")
        self.refused(self.inside, "write")

    def test_what_an_update_takes_away_is_refused_at_once(self):
        client = self.site.client("shrinking", "--scope", "read", "--scope", "write")
        self.granted(client, "write")
        self.site.ctl("client", "update", client.id, "--scope", "read")
        self.refused(client, "write")
        self.assertEqual(self.granted(client), {"read"})
