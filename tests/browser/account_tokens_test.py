"""A user's personal tokens, in a real browser: by keyboard alone, with the copy button, without scripts."""

import subprocess

from harness.planted import id_of, opened

from page_case import PageCase

APPLICATIONS = "/account/settings/applications/"
NEW = APPLICATIONS + "tokens/new/"


def path_of(token):
    return f"{APPLICATIONS}tokens/{id_of(token)}/"


class TokenCase(PageCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.api = cls.site.client("api")
        cls.site.ctl("scope", "update", "records:read", "--group", "Records")
        cls.site.ctl("scope", "update", "records:write", "--group", "Records")
        cls.site.ctl("scope", "create", "unexplained:" + "x" * 60)

    def setUp(self):
        self.name = self.fresh_person()

    def shown(self, window, field="token"):
        return self.site.remember(window.do("inputValue", f"#{field}"))

    def plant(self, *flags, name="planted"):
        return self.site.personal_token(self.name, name, *flags)

    def introspect(self, token):
        answer = self.server.http.post("/oauth/introspect", {"token": token}, self.api.basic)
        return answer.json()

    def tab_to(self, window, name, most=30):
        for _ in range(most):
            if window.focused() == name:
                return
            window.key("Tab")
        self.fail(f"no {name} within {most} keys")


class ByKeyboard(TokenCase):
    def test_a_token_is_made_with_the_keyboard_alone(self):
        window = self.signed_in(self.name)
        window.open(NEW)
        self.tab_to(window, "name")
        window.type("By keys")
        self.tab_to(window, "expires_in")
        window.key("ArrowUp")  # from 30 days
        self.tab_to(window, "scopes")
        window.key("Space")
        self.tab_to(window, "Make the token")
        window.key("Enter")
        window.wait_for("Your new token")
        claims = self.introspect(self.shown(window))
        self.assertEqual(claims["exp"] - claims["iat"], 7 * 86400)
        self.assertEqual(claims["scope"], "records:read")

    def test_enter_in_the_name_sends_the_form(self):
        window = self.signed_in(self.name)
        window.open(NEW)
        window.fill("Name", "Entered")
        window.key("Enter")
        window.wait_for("Your new token")
        self.assertTrue(self.introspect(self.shown(window))["active"])


class ByMouse(TokenCase):
    def make(self, window, name="Mine"):
        window.open(NEW)
        window.fill("Name", name)
        window.press_button("Make the token")
        return self.shown(window)

    def test_the_copy_button_copies_the_token_and_the_curl_line_works(self):
        window = self.signed_in(self.name, permissions=["clipboard-read", "clipboard-write"])
        token = self.make(window)
        window.do("click", "button[data-copies=token]")
        window.wait_for("Copied")
        self.assertEqual(window.look("navigator.clipboard.readText()"), token)
        window.do("click", "button[data-copies=curl]")
        window.do("waitForSelector", "#curl_copied:text('Copied')")
        line = window.look("navigator.clipboard.readText()")
        out = subprocess.run(["/bin/sh", "-c", line + " -s"], capture_output=True, timeout=60)
        self.assertIn(self.name, out.stdout.decode())

    def test_reload_makes_no_second_token_and_says_why(self):
        window = self.signed_in(self.name)
        token = self.make(window, "Reloaded")
        window.do("reload")
        self.assertIn("If you sent this form twice", window.alert)
        self.assertNotIn(token, window.do("content"))
        self.assertEqual(len(self.site.ctl_json("token", "list", "--user", self.name)), 1)

    def test_a_date_is_picked_and_a_forgotten_choice_is_pointed_out(self):
        window = self.signed_in(self.name)
        window.open(NEW)
        window.fill("Name", "Dated")
        window.do("fill", "#expires_on", "2030-01-31")
        window.press_button("Make the token")
        self.assertIn("You entered a date, but chose something else", window.alert)
        self.assertEqual(window.focused(), "expires_on")
        window.do("selectOption", "#expires_in", "date")
        window.press_button("Make the token")
        self.assertEqual(self.introspect(self.shown(window))["exp"], 1896134399)

    def test_scopes_are_changed(self):
        token = self.plant("--scope", "records:read")
        window = self.signed_in(self.name)
        window.open(path_of(token))
        self.assertTrue(window.do("isChecked", "input[value='records:read']"))
        window.do("uncheck", "input[value='records:read']")
        window.do("check", "input[value='records:write']")
        window.press_button("Save")
        self.assertIn("Your changes are saved.", window.text)
        self.assertEqual(self.introspect(token)["scope"], "records:write")

    def test_it_is_replaced(self):
        token = self.plant("--scope", "records:read")
        window = self.signed_in(self.name)
        window.open(path_of(token))
        window.press_button("Replace")
        new = self.shown(window)
        self.assertEqual(self.introspect(token), {"active": False})
        self.assertEqual(self.introspect(new)["scope"], "records:read")

    def test_it_is_deleted_after_a_question(self):
        token = self.plant()
        window = self.signed_in(self.name)
        window.open(path_of(token))
        window.do("go", "a.danger")
        self.assertEqual(window.heading, "Delete “planted”?")
        self.assertTrue(self.introspect(token)["active"])
        window.press_button("Delete this token")
        self.assertIn("The token is deleted.", window.text)
        self.assertEqual(self.introspect(token), {"active": False})

    def test_all_of_it_works_without_scripts(self):
        window = self.signed_in(self.name, javaScriptEnabled=False)
        token = self.make(window, "No scripts")
        self.assertEqual(window.do("isVisible", "button[data-copies]"), False)
        self.assertTrue(window.do("isVisible", "#token"))
        window.open(path_of(token))
        window.do("check", "input[value='records:read']")
        window.press_button("Save")
        self.assertEqual(self.introspect(token)["scope"], "records:read")
        window.do("selectOption", "#overlap", "1d")
        window.press_button("Replace")
        new = self.shown(window)
        self.assertTrue(self.introspect(token)["active"])
        window.open(path_of(new))
        window.do("go", "a.danger")
        window.press_button("Delete this token")
        self.assertEqual(self.introspect(new), {"active": False})


class Looks(TokenCase):
    """Each page in light and dark, on a narrow phone, in French; and who can read it."""

    def new(self, window):
        window.open(NEW)

    def new_refused(self, window):
        window.open(NEW)
        window.do("fill", "#expires_on", "2030-01-31")
        window.do("go", "button.primary")

    def made(self, window):
        window.open(NEW)
        window.do("fill", "#name", "t" + str(len(window.do("events"))))
        window.do("go", "button.primary")
        self.shown(window)

    def token(self, window):
        window.open(path_of(self.planted))

    def token_refused(self, window):
        window.open(path_of(self.planted))
        window.do("fill", "#name", "x" * 41)
        window.do("go", "button[name=save]")

    def token_expired(self, window):
        window.open(path_of(self.expired))

    def delete(self, window):
        window.open(path_of(self.planted) + "delete/")

    PAGES = (new, new_refused, made, token, token_refused, token_expired, delete)

    def setUp(self):
        super().setUp()
        scopes = ("--scope", "records:read", "--scope", "unexplained:" + "x" * 60)
        self.planted = self.plant(*scopes, "--expires-in", "30d", name="Backup" + "x" * 34)
        self.expired = self.plant(*scopes, "--expires-in", "30d", name="Old")
        with opened(self.site.db) as connection:
            sql = "UPDATE tokens SET expires_at = created_at - 1 WHERE id = ?"
            connection.execute(sql, (id_of(self.expired),))

    def test_every_page_fits_and_keeps_nobody_out_in_light_and_dark(self):
        window = self.signed_in(self.name)
        for show in self.PAGES:
            with self.subTest(show.__name__):
                show(self, window)
                self.look_at(window, "personal-token-" + show.__name__.replace("_", "-"))

    def test_every_page_speaks_french_and_fits_in_it(self):
        window = self.signed_in(self.name, locale="fr-FR", viewport={"width": 360, "height": 740})
        for show in self.PAGES:
            with self.subTest(show.__name__):
                show(self, window)
                self.look_at(window, "personal-token-" + show.__name__.replace("_", "-"), "fr-FR")

    def test_every_page_fits_with_large_letters(self):
        window = self.signed_in(self.name, viewport={"width": 320, "height": 740})
        for show in self.PAGES:
            with self.subTest(show.__name__):
                show(self, window)
                window.look("document.documentElement.style.fontSize = '150%'")
                self.assert_fits(window)
