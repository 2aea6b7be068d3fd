"""The page behind `oauth2ctl user reset-link`, in a real browser."""

from page_case import HOME, PageCase, PASSWORD

ANOTHER = "a different horse and another staple"


class Reset(PageCase):
    def setUp(self):
        self.site.remember(ANOTHER)
        self.name = self.fresh_person()

    def link(self):
        """For nobody but the person: it may stand in no log."""
        url = self.site.ctl("user", "reset-link", self.name, "-q").stdout.strip()
        self.site.remember(url.partition("token=")[2])
        return url

    def opened(self, **options):
        window = self.window(**options)
        window.open(self.link())
        return window

    def set_password(self, window, password, again=None):
        window.fill("New password", password)
        window.fill("New password again", password if again is None else again)
        window.press_button("Set the password")

    def test_the_new_password_signs_in_and_the_old_one_does_not(self):
        window = self.opened()
        self.set_password(window, ANOTHER)
        self.assertEqual(window.heading, "Your password is set")
        self.look_at(window, "reset-done")
        window.follow("Sign in")
        window.sign_in(self.name, PASSWORD)
        self.assertIn("not right", window.alert)
        window.sign_in(self.name, ANOTHER)
        self.assertEqual(window.url, self.site.issuer + HOME)

    def test_password_managers_know_the_fields_and_whose_password_it_is(self):
        window = self.opened()
        fields = {"username": "username", "new_password": "new-password", "repeat_password": "new-password"}
        for field, known_as in fields.items():
            self.assertEqual(window.do("getAttribute", f"#{field}", "autocomplete"), known_as)
        self.assertEqual(window.do("inputValue", "#username"), self.name)
        self.assertEqual(window.focused(), "new_password")

    def test_a_password_that_is_refused_leaves_the_link_usable(self):
        window = self.opened()
        self.set_password(window, ANOTHER, ANOTHER + "x")
        self.assertEqual(window.alert, "The two passwords differ.")
        self.set_password(window, "password")
        self.assertIn("first that are guessed", window.alert)
        self.set_password(window, ANOTHER * 4)
        self.assertIn("8 to 128", window.alert)
        self.set_password(window, ANOTHER)
        self.assertEqual(window.heading, "Your password is set")

    def test_a_link_works_once(self):
        window = self.window()
        link = self.link()
        window.open(link)
        self.set_password(window, ANOTHER)
        window.open(link)
        self.assertEqual(window.heading, "This link does not work")

    def test_it_works_without_scripts(self):
        window = self.opened(javaScriptEnabled=False)
        self.set_password(window, ANOTHER)
        self.assertEqual(window.heading, "Your password is set")

    def test_its_pages_look_right_and_keep_nobody_out(self):
        for locale, width in (("en-GB", 1000), ("fr-FR", 360)):
            with self.subTest(locale):
                window = self.opened(locale=locale, viewport={"width": width, "height": 740})
                self.look_at(window, "reset", locale)
                window.do("fill", "#new_password", ANOTHER)
                window.do("fill", "#repeat_password", ANOTHER + "x")
                window.do("go", "button.primary")
                self.look_at(window, "reset-refused", locale)
                window.open("/reset?token=none")
                self.look_at(window, "reset-dead", locale)
