"""People at the page where they decide what a device may do."""

import secrets

from harness.person import Person

from device_test import DeviceCase

PASSWORD = "correct horse battery staple"


class DevicePageCase(DeviceCase):
    flags = (*DeviceCase.flags, "--trusted-proxies", "127.0.0.1")

    @classmethod
    def populate(cls):
        super().populate()
        cls.site.remember(PASSWORD)
        cls.site.ctl("user", "set-password", "alice", "--password-from", "-", stdin=PASSWORD)
        cls.address = 0

    def signed_in(self, username=None):
        """Each somebody else at an address of their own, so that no test holds another back."""
        if username is None:
            username = "user-" + secrets.token_hex(4)
            self.fresh_user(username)
        person = Person(self.http)
        type(self).address += 1
        person.headers["X-Forwarded-For"] = f"192.0.2.{self.address}"
        page = person.sign_in(username, PASSWORD)
        self.assertEqual(page.status, 303, page)
        return person

    def fresh_user(self, name):
        return self.site.user_with_password(name, PASSWORD)

    def send(self, person, form, button=None, **fields):
        """The page that the form leads to: what it did is told at an address of its own."""
        page = person.submit(form, button, **fields)
        if (page.location or "").startswith("/device?"):
            self.assertEqual(page.status, 303, page)
            return person.open(page.location)
        return page

    def type_code(self, person, user_code):
        return self.send(person, person.open("/device").form("/device"), user_code=user_code)

    def decide(self, person, user_code, answer):
        page = self.type_code(person, user_code)
        self.assertEqual(page.status, 200, page)
        return self.send(person, page.form("/device"), answer)

    def assert_asks_for_code(self, page, user_code, status=200):
        """The first page, with that code in its field, and nothing of what waits under it."""
        self.assertEqual((page.status, page.headings), (status, ["Connect a device"]), page)
        form = page.form("/device")
        self.assertEqual((form.fields["user_code"], [text for text, *_ in form.buttons]), (user_code, [["Continue"]]))
