"""The scope of an authorization request, and what becomes of it (RFC 6749 section 3.3)."""

from browser_case import RequestCase
from grant_case import BOTH


class Scopes(RequestCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.site.ctl("scope", "create", "backstage", "--internal")
        cls.site.scopes("other")
        cls.narrow = cls.site.client(
            "narrow", *BOTH, "--scope", "read", "--scope", "write", "--default-scope", "read"
        )
        cls.bare = cls.site.client("bare", *BOTH)
        cls.staff = cls.site.client("staff", *BOTH, "--internal", "--scope", "read", "--scope", "backstage")

    def test_unknown_unregistered_internal_and_malformed_scopes_are_refused(self):
        for scope in (
            "nonsense",
            "read nonsense",
            "other",
            "backstage",
            "READ",
            "read\twrite",
            "read,write",
            'read "write"',
            "read\\",
            "réad",
            "*",
        ):
            with self.subTest(scope):
                self.assert_refused("invalid_scope", scope=scope)

    def test_the_order_of_scopes_and_repeats_do_not_matter(self):
        for scope in ("write read", "read  write", " read write ", "read read write"):
            self.assert_taken(scope=scope)

    def granted(self, client, **changes):
        code = self.code_of(self.authorized(self.signed_in(), client, **changes))
        return self.given(self.redeem(code, client))["scope"].split()

    def test_no_more_scope_is_granted_than_asked_for(self):
        self.assertEqual(self.granted(self.web, scope="read"), ["read"])

    def test_a_code_after_a_wider_consent_is_still_only_for_what_was_asked(self):
        person = self.signed_in()
        self.code_of(self.authorized(person, scope="read write"))
        code = self.code_of(self.authorized(person, scope="write"))
        self.assertEqual(self.given(self.redeem(code))["scope"], "write")

    def test_without_scope_the_clients_default_is_granted_and_reported(self):
        self.assertEqual(self.granted(self.narrow, scope=None), ["read"])

    def test_without_scope_and_default_it_is_all_that_is_registered(self):
        self.assertEqual(sorted(self.granted(self.web, scope=None)), ["read", "user:email", "write"])

    def test_a_client_without_scopes_gets_an_empty_one(self):
        self.assertEqual(self.granted(self.bare, scope=None), [])
        self.assert_refused("invalid_scope", self.bare, scope="read")

    def test_an_internal_client_may_have_internal_scopes(self):
        self.assertEqual(self.granted(self.staff, scope="backstage"), ["backstage"])

    def test_the_e_mail_address_comes_with_its_scope_only(self):
        person = self.signed_in()
        with_scope = self.given(self.redeem(self.code_of(self.authorized(person, scope="user:email"))))
        self.assertEqual(
            with_scope["user"],
            {"id": self.user_id, "email": "alice@example.org", "email_verified": False},
        )
        without = self.given(self.redeem(self.code_of(self.authorized(person, scope="read"))))
        self.assertEqual(without["user"], {"id": self.user_id})
