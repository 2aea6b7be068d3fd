"""What the tests of the browser's endpoints share: a user with a password, clients with redirect URIs."""

import secrets
import urllib.parse

from harness.person import Person

from grant_case import BOTH, CALLBACK, CHALLENGE, GrantCase, SCOPES

PASSWORD = "correct horse battery staple"


class BrowserCase(GrantCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.site.remember(PASSWORD)
        cls.site.ctl("user", "set-password", "alice", "--password-from", "-", stdin=PASSWORD)
        cls.implicit = cls.site.client(
            "implicit", "--grant", "implicit", "--redirect-uri", CALLBACK, *SCOPES
        )

    def person(self, language=None):
        return Person(self.http, language)

    def signed_in(self, username="alice", password=PASSWORD, **fields):
        person = self.person()
        page = person.sign_in(username, password, **fields)
        self.assertEqual(page.status, 303, page)
        return person

    def fresh_user(self):
        """A user of the test's own, for what a test changes of one."""
        name = "user-" + secrets.token_hex(4)
        self.site.ctl("user", "create", name, "--password-from", "-", stdin=PASSWORD)
        return name

    def request_of(self, client=None, **changes):
        """The parameters of a usual authorization request; None leaves one out."""
        parameters = {
            "response_type": "code",
            "client_id": (client or self.web).id,
            "redirect_uri": CALLBACK,
            "scope": "read",
            "state": "xyz",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in parameters.items() if value is not None}

    def ask_for_code(self, person, client=None, **changes):
        return person.open("/oauth/authorize", **self.request_of(client, **changes))

    def allow(self, person, page):
        return person.submit(page.form("/oauth/authorize"), "yes")

    def authorized(self, person, client=None, **changes):
        """Where the client is sent after the user allowed it, asked or remembered."""
        page = self.ask_for_code(person, client, **changes)
        return page if page.location else self.allow(person, page)

    # What the tests assert.

    def assert_page(self, page, status=200):
        self.assertEqual(page.status, status, page)
        self.assertTrue(page.answer.field("Content-Type").startswith("text/html"), page.answer)
        self.assertEqual(len(page.headings), 1, page)
        self.assertIsNone(page.location)
        return page

    def assert_error_page(self, page, status=400):
        """Told to the user alone: no redirect."""
        return self.assert_page(page, status)

    def assert_sent_back(self, page, error, fragment=False, state="xyz"):
        """RFC 6749 sections 4.1.2.1 and 4.2.2.1, RFC 9207."""
        self.assertEqual(page.status, 303, page)
        parts = urllib.parse.urlsplit(page.location)
        self.assertEqual(f"{parts.scheme}://{parts.netloc}{parts.path}", CALLBACK, page)
        self.assertEqual(bool(parts.fragment), fragment, page)
        answer = page.query()
        self.assertEqual((answer.get("error"), answer.get("state")), (error, state), page)
        self.assertEqual(answer.get("iss"), self.issuer, page)
        return answer


class RequestCase(BrowserCase):
    """What the tests of authorization requests share."""

    @classmethod
    def populate(cls):
        super().populate()
        cls.machine = cls.site.client(
            "machine",
            "--grant",
            "client_credentials",
            "--grant",
            "authorization_code",
            "--redirect-uri",
            CALLBACK,
            *SCOPES,
        )

    def setUp(self):
        self.visitor = self.person()

    def assert_refused(self, error, client=None, person=None, fragment=False, **changes):
        return self.assert_sent_back(
            self.ask_for_code(person or self.visitor, client, **changes), error, fragment
        )

    def assert_taken(self, client=None, **changes):
        """Right as far as anybody can say who is not signed in."""
        page = self.ask_for_code(self.visitor, client, **changes)
        self.assertEqual(page.status, 303, page)
        self.assertTrue(page.location.startswith("/login?next="), page)

    def code_of(self, page):
        return self.site.remember(page.query()["code"])

    def repeated(self, name, first, second):
        parameters = [(key, value) for key, value in self.request_of().items() if key != name]
        return urllib.parse.urlencode([*parameters, (name, first), (name, second)])
