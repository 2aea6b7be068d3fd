"""What the tests of the pages for a user's own clients share."""

import html
import re

from harness.planted import opened
from harness.site import Client

from grant_case import CALLBACK, VERIFIER
from session_case import SessionCase

APPLICATIONS = "/account/settings/applications/"
CLIENTS = APPLICATIONS + "clients/"
NEW = CLIENTS + "new/"


def path_of(client):
    return f"{CLIENTS}{client.id}/"


class ClientCase(SessionCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.site.ctl("scope", "update", "read", "--default", "--description", "Read your records")

    def setUp(self):
        super().setUp()
        self.user_id = self.site.ctl_json("user", "show", self.user)["id"]
        self.browser = self.signed_in(self.user)

    # What a person does.

    def send_new(self, person=None, **fields):
        person = person or self.browser
        values = {"name": "Wiki", "redirect_uris": CALLBACK, **fields}
        return person.submit(person.open(NEW).form(NEW), "yes", **values)

    def register(self, person=None, **fields):
        """As the program that uses it would know it."""
        page = self.assert_page(self.send_new(person, **fields))
        return Client(self.shown(page, "client_id"), self.site.remember(self.shown(page, "client_secret")))

    def form_with(self, page, button):
        (form,) = [form for form in page.forms if any(name == button for _, name, _ in form.buttons)]
        return form

    def press(self, client, button, person=None, **fields):
        """In the form on the client's page that has the button."""
        person = person or self.browser
        return person.submit(self.form_with(person.open(path_of(client)), button), "yes", **fields)

    def reset(self, client, **fields):
        page = self.assert_page(self.press(client, "reset", **fields))
        return Client(client.id, self.site.remember(self.shown(page, "client_secret")))

    def shown(self, page, field):
        """The value of a field that shows something; None without one."""
        found = re.findall(rf'id="{field}" value="([^"]*)" readonly', page.answer.body.decode())
        return html.unescape(found[0]) if found else None

    # What comes of it.

    def show(self, client):
        return self.site.ctl_json("client", "show", client.id)

    def own_clients(self, user=None):
        return self.site.ctl_json("client", "list", "--owner", user or self.user)

    def knows(self, client):
        """What the token endpoint says to its secret: a refused code is as good as a taken one."""
        answer = self.http.post(
            "/oauth/token",
            {"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK, "code_verifier": VERIFIER},
            client.basic,
        )
        self.assertIn(answer.json()["error"], ("invalid_client", "invalid_grant"))
        return answer.json()["error"] == "invalid_grant"

    def tokens_for(self, client, person=None):
        """What the client is given after the person allowed it."""
        return self.given(self.redeem(self.code_for(client, person), client))

    def code_for(self, client, person=None):
        page = self.authorized(person or self.browser, client)
        self.assertTrue(page.location.startswith(CALLBACK + "?"), page)
        return self.site.remember(page.query()["code"])

    def secrets_in_database(self):
        with opened(self.site.db) as connection:
            sql = "SELECT s.id FROM client_secrets s JOIN clients c ON c.id = s.client_id WHERE c.owner_id = ?"
            return connection.execute(sql, (self.user_id,)).fetchall()

    def assert_field_error(self, page, field, words):
        """400, and the message stands where a screen reader looks for it."""
        self.assert_page(page, 400)
        body = page.answer.body.decode()
        said = re.findall(rf'id="{field}_error">([^<]*)<', body)
        self.assertEqual(len(said), 1, page)
        self.assertIn(words, html.unescape(said[0]))
        self.assertIn(f"{field}_error", re.search(r'aria-describedby="([^"]*_error)"', body).group(1))
        return page
