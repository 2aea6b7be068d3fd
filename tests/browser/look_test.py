"""Every page as it looks: light, dark, on a narrow phone, in French; and who can read it.

The pictures are in build/screenshots.
"""

from page_case import HOME, PageCase, PASSWORD

LONG = "Long" * 15 + " and ordinary words as well"


class Look(PageCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.site.ctl("scope", "create", "unexplained:" + "x" * 60)
        cls.long = cls.client(
            LONG, "--description", "Keeps a copy of what you do here and shows it to you.",
            "--website", "https://records.example/", "--owner", "alice", "--scope", "unexplained:" + "x" * 60,
        )  # fmt: skip
        cls.app_on_this_machine = cls.client("Terminal", "--public")

    # Each shows one page. What is asked for is asked anew with every variant: nobody allows anything.

    def sign_in_page(self, window):
        window.open("/login")

    def sign_in_for_a_client(self, window):
        window.open(self.request())

    def sign_in_refused(self, window):
        window.open("/login")
        window.sign_in("nobody", "not the password")

    def known_person(self, window):
        window.open("/login")
        window.sign_in("alice", PASSWORD)
        self.assertEqual(window.url, self.site.issuer + HOME)

    def applications(self, window):
        window.open("/")

    def security(self, window):
        window.open("/account/settings/security/")

    def security_refused(self, window):
        window.open("/account/settings/security/")
        window.do("fill", "#current_password", "not the password")
        window.do("fill", "#new_password", "another good one 1")
        window.do("fill", "#repeat_password", "another good one 2")
        window.do("go", "button.primary")

    def sign_out(self, window):
        window.open("/logout")

    def consent(self, window):
        window.open(self.request(scope="records:read records:write"))

    def consent_of_a_long_name(self, window):
        window.open(self.request(self.long, scope=""))

    def consent_of_a_program(self, window):
        window.open(self.request(self.app_on_this_machine))

    def answered(self, window):
        window.open(self.request(self.app_on_this_machine))
        window.send_form_unseen("/oauth/authorize", confirm="no")
        window.do("go", "button[value=no]")

    def unknown_client(self, window):
        window.open(self.request(client_id="nobody"))

    def protocol_error(self, window):
        window.open("/oauth/errors?error=access_denied")

    def nothing_there(self, window):
        window.open("/nothing-here")

    ANONYMOUS = (sign_in_page, sign_in_for_a_client, sign_in_refused)
    SIGNED_IN = (
        applications, security, security_refused, sign_out, consent, consent_of_a_long_name,
        consent_of_a_program, answered, unknown_client, protocol_error, nothing_there,
    )  # fmt: skip

    def pages(self, window):
        """Shows one after the other, and gives its name."""
        for show in self.ANONYMOUS:
            show(self, window)
            yield show.__name__.replace("_", "-")
        self.known_person(window)
        for show in self.SIGNED_IN:
            show(self, window)
            yield show.__name__.replace("_", "-")

    def test_every_page_fits_and_keeps_nobody_out_in_light_and_dark(self):
        window = self.window()
        for name in self.pages(window):
            with self.subTest(name):
                self.look_at(window, name)

    def test_every_page_speaks_french_and_fits_in_it(self):
        window = self.window(locale="fr-FR", viewport={"width": 360, "height": 740})
        for name in self.pages(window):
            with self.subTest(name):
                self.look_at(window, name, "fr-FR")

    def test_every_page_fits_with_large_letters(self):
        window = self.window(viewport={"width": 320, "height": 740})
        for name in self.pages(window):
            with self.subTest(name):
                window.look("document.documentElement.style.fontSize = '150%'")
                self.assert_fits(window)

    def test_dark_is_dark_and_light_is_light(self):
        window = self.window()
        window.open("/login")
        shades = []
        for scheme in ("light", "dark"):
            window.do("emulateMedia", {"colorScheme": scheme})
            colour = window.look("getComputedStyle(document.body).backgroundColor")
            shades.append(sum(map(int, colour[4:-1].split(","))))
        self.assertGreater(shades[0], 600)
        self.assertLess(shades[1], 165)

    def test_buttons_and_fields_are_large_enough_for_a_thumb(self):
        window = self.window(viewport={"width": 360, "height": 740})
        small = (
            "[...document.querySelectorAll('button, .button, .check,"
            " input:not([type=hidden], [type=checkbox], [hidden])')]"
            ".filter((part) => part.getBoundingClientRect().height < 44).map((part) => part.outerHTML)"
        )
        for name in self.pages(window):
            with self.subTest(name):
                self.assertEqual(window.look(small), [])
