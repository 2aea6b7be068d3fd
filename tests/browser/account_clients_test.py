"""The pages of a user's own clients, in a real browser: by keyboard, without scripts, in every look."""

from page_case import PageCase

NEW = "/account/settings/applications/clients/new/"
CLIENTS = "/account/settings/applications/clients/"


class ClientPages(PageCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.site.ctl("scope", "update", "records:read", "--default")

    def setUp(self):
        self.name = self.fresh_person()

    def register(self, window, **fields):
        """The client's page; what was made is remembered as a secret."""
        self.assertEqual(window.open(NEW), 200)
        window.fill("Name", fields.get("name", "Wiki"))
        window.fill("Redirect URIs", fields.get("uris", self.app.callback()))
        if fields.get("public"):
            window.do("check", "input[value=public]")
        window.press_button("Register")
        secret = self.shown_secret(window)
        window.follow("Go to the application")
        return secret

    def shown_secret(self, window):
        if not window.do("count", "#client_secret"):
            return None
        return self.site.remember(window.do("inputValue", "#client_secret"))

    def own(self):
        return self.site.ctl_json("client", "list", "--owner", self.name)

    def tab_to(self, window, name):
        for _ in range(40):
            window.key("Tab")
            if window.focused().strip() == name:
                return
        self.fail(f"no Tab leads to {name}")

    def test_a_client_is_registered_by_keyboard_alone(self):
        window = self.signed_in(self.name)
        window.open(NEW)
        self.tab_to(window, "name")
        window.type("Wiki")
        self.tab_to(window, "description")
        window.type("Keeps pages")
        self.tab_to(window, "redirect_uris")
        window.type("https://web.example/cb")
        window.key("Enter")
        window.type("https://web.example/2")
        self.tab_to(window, "client_type")
        window.key("ArrowDown")  # public
        window.key("ArrowUp")
        self.tab_to(window, "save")
        window.key("Enter")
        window.wait_for("never shown again")
        self.assertEqual(window.heading, "Wiki is registered")
        self.assertIsNotNone(self.shown_secret(window))
        self.tab_to(window, "Go to the application")
        window.key("Enter")
        window.wait_for("Endpoints")
        self.assertEqual(window.heading, "Wiki")
        shown = self.site.ctl_json("client", "show", self.own()[0]["client_id"])
        self.assertEqual(shown["redirect_uris"], ["https://web.example/cb", "https://web.example/2"])
        self.assertEqual(shown["token_endpoint_auth_method"], "client_secret_basic")

    def test_the_copy_buttons_copy_and_say_so(self):
        window = self.signed_in(self.name, permissions=["clipboard-read", "clipboard-write"])
        window.open(NEW)
        window.fill("Name", "Wiki")
        window.fill("Redirect URIs", self.app.callback())
        window.press_button("Register")
        secret = self.shown_secret(window)
        for field in ("client_id", "client_secret"):
            window.do("click", f"button[data-copies={field}]")
            window.do("waitForSelector", f"#{field}_copied:has-text('Copied')")
            copied = window.look("navigator.clipboard.readText()")
            self.assertEqual(copied, window.do("inputValue", f"#{field}"))
        self.assertEqual(copied, secret)

    def test_a_client_is_changed_reset_and_deleted(self):
        window = self.signed_in(self.name)
        first = self.register(window)
        window.fill("Name", "Mail")
        window.press_button("Save")
        self.assertEqual(window.heading, "Mail")
        self.assertIn("Your changes are saved.", window.text)
        window.do("selectOption", "#overlap", "1d")
        window.press_button("Reset secret")
        self.assertEqual(window.heading, "New secret of Mail")
        self.assertNotEqual(self.shown_secret(window), first)
        window.follow("Go to the application")
        self.assertIn("2 secrets work", window.text)
        window.follow("Delete…")
        self.assertEqual(window.heading, "Delete Mail?")
        window.follow("Cancel")
        self.assertEqual(window.heading, "Mail")
        window.follow("Delete…")
        window.press_button("Delete this application")
        self.assertIn("The application is deleted.", window.text)
        self.assertEqual(self.own(), [])

    def test_a_refused_form_is_ready_to_be_typed_anew(self):
        window = self.signed_in(self.name)
        window.open(NEW)
        window.fill("Name", "Wiki")
        window.fill("Redirect URIs", "https://web.example/cb\nhttp://web.example/cb")
        window.do("check", "input[value=public]")
        window.press_button("Register")
        self.assertIn("Line 2", window.alert)
        self.assertEqual(window.focused(), "redirect_uris")
        self.assertEqual(window.do("inputValue", "#name"), "Wiki")
        self.assertTrue(window.do("isChecked", "input[value=public]"))
        window.fill("Redirect URIs", "https://web.example/cb")
        window.press_button("Register")
        self.assertIn("has no secret", window.text)

    def test_a_registered_client_is_allowed_and_sent_its_code(self):
        window = self.signed_in(self.name)
        self.register(window)
        client_id = window.do("inputValue", "#client_id")
        window.open(self.request(client_id=client_id))
        self.assertEqual(window.heading, "Wiki asks for access to your account")
        window.press_button("Allow")
        self.site.remember(self.assert_arrived(window)["code"])

    def test_all_of_it_works_without_scripts(self):
        window = self.signed_in(self.name, javaScriptEnabled=False)
        window.open(NEW)
        window.fill("Name", "Wiki")
        window.fill("Redirect URIs", self.app.callback())
        window.press_button("Register")
        self.assertIsNotNone(self.shown_secret(window))
        self.assertEqual(window.do("count", "button[data-copies]:visible"), 0)
        window.follow("Go to the application")
        window.press_button("Reset secret")
        self.assertIsNotNone(self.shown_secret(window))
        window.follow("Go to the application")
        window.follow("Delete…")
        window.press_button("Delete this application")
        self.assertEqual(self.own(), [])

    # Each shows one page.

    def pages(self, window, locale):
        english = locale.startswith("en")
        window.open(NEW)
        yield "client-new"
        window.do("fill", "#name", "x" * 41)
        window.do("fill", "#website", "web.example")
        window.do("go", "button.primary")
        yield "client-new-refused"
        window.do("fill", "#name", "Field Notes " + ("" if english else "W" * 28))
        window.do("fill", "#description", "Collects what you measure outdoors and keeps it in one place.")
        window.do("fill", "#website", "https://notes.example.org/about")
        window.do("fill", "#redirect_uris", "https://notes.example.org/" + "c" * 60 + "\n" + self.app.callback())
        window.do("go", "button.primary")
        self.shown_secret(window)
        yield "client-made"
        window.do("go", "main .button.primary")
        page = window.url.removeprefix(self.site.issuer)
        window.do("selectOption", "#overlap", "1d")
        window.do("go", "button[name=reset]")
        self.shown_secret(window)
        window.open(page)
        yield "client"
        client_id = window.do("inputValue", "#client_id")
        self.site.ctl("client", "update", client_id, "--skip-consent")
        self.site.ctl("client", "disable", client_id)
        window.open(page)
        yield "client-disabled"
        window.open(page + "delete/")
        yield "client-delete"

    def test_every_page_fits_and_keeps_nobody_out_in_light_and_dark(self):
        window = self.signed_in(self.name, viewport={"width": 1200, "height": 800})
        for name in self.pages(window, "en-GB"):
            with self.subTest(name):
                self.look_at(window, name)

    def test_every_page_speaks_french_and_fits_in_it(self):
        window = self.signed_in(self.name, locale="fr-FR", viewport={"width": 360, "height": 740})
        for name in self.pages(window, "fr-FR"):
            with self.subTest(name):
                self.look_at(window, name, "fr-FR")
                window.look("document.documentElement.style.fontSize = '150%'")
                self.assert_fits(window)
