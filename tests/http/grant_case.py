"""What the tests of authorization codes and of refresh tokens share: clients, a user, codes in the database."""

from concurrent.futures import ThreadPoolExecutor

from harness.case import ServedCase
from harness.planted import plant_code

# RFC 7636 appendix B
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

CALLBACK = "https://web.example/cb"
BOTH = ("--grant", "authorization_code", "--grant", "refresh_token", "--redirect-uri", CALLBACK)
SCOPES = ("--scope", "read", "--scope", "write", "--scope", "user:email")


class GrantCase(ServedCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.web = cls.site.client("web", *BOTH, *SCOPES)
        cls.spa = cls.site.client("spa", "--public", *BOTH, *SCOPES)
        cls.user_id = cls.site.user("alice", "--email", "alice@example.org")

    def code(self, client=None, **what):
        """A fresh code of the client `web` unless told otherwise, as its authorization request asked for it."""
        what = {
            "scope": "read write",
            "redirect_uri": CALLBACK,
            "code_challenge": CHALLENGE,
            "user": self.user_id,
            **what,
        }
        return plant_code(self.site, client=(client or self.web).id, **what)

    def ask(self, client, form):
        """As the client authenticates; what is None is not sent."""
        client = client or self.web
        form = {name: value for name, value in form.items() if value is not None}
        if client is self.spa:
            return self.remembered(self.http.post("/oauth/token", {"client_id": client.id, **form}))
        return self.remembered(self.http.post("/oauth/token", form, client.basic))

    def redeem(self, code, client=None, **more):
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return self.ask(client, {**form, **more})

    def refresh(self, token, client=None, **more):
        return self.ask(client, {"grant_type": "refresh_token", "refresh_token": token, **more})

    def given(self, answer):
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def first(self, client=None, **what):
        """The document with the first tokens of a new family."""
        return self.given(self.redeem(self.code(client, **what), client))

    def refused(self, answer, error="invalid_grant"):
        self.assert_error(answer, 400, error)

    def at_once(self, count, act):
        with ThreadPoolExecutor(count) as pool:
            return [answer.result() for answer in [pool.submit(act) for _ in range(count)]]

    def audit(self, object_id):
        rows = self.site.ctl_json("audit", "list", "--object", object_id)
        return [(row["action"], row["actor"]) for row in rows]
