"""The device page, in a real browser: the code that a device shows is typed, compared, and allowed or not."""

from page_case import PASSWORD, PageCase

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


class Device(PageCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.tv = cls.site.client("Television", "--public", "--grant", DEVICE_CODE, "--scope", "records:read")

    def begin(self):
        """What the device shows and keeps."""
        answer = self.server.http.post("/oauth/device_authorization", {"client_id": self.tv.id})
        self.assertEqual(answer.status, 200, answer)
        begun = answer.json()
        self.site.remember(begun["device_code"])
        return begun

    def poll(self, begun):
        """The device's token, or the error that it gets."""
        form = {"grant_type": DEVICE_CODE, "client_id": self.tv.id, "device_code": begun["device_code"]}
        answer = self.server.http.post("/oauth/token", form).json()
        for name in ("access_token", "refresh_token"):
            self.site.remember(answer.get(name))
        return "token" if "access_token" in answer else answer["error"]

    def typed(self, code, name=None):
        """A window on what follows the code, of somebody who is signed in."""
        window = self.signed_in(name or self.fresh_person())
        window.open("/device")
        self.assertEqual(window.focused(), "user_code")
        window.type(code)
        window.key("Enter")
        window.do("waitForSelector", "h1:has-text('Television'), [role=alert]")
        return window

    def test_a_code_that_is_typed_and_allowed_lets_the_device_in(self):
        begun = self.begin()
        window = self.typed(begun["user_code"])
        self.assertIn("Television", window.heading)
        self.assertIn(begun["user_code"], window.text)
        self.assertIn("Read your records", window.text)
        window.press_button("Allow")
        self.assertEqual(window.heading, "Your device is connected")
        self.assertEqual(self.poll(begun), "token")

    def test_what_a_device_was_allowed_is_listed_among_the_applications(self):
        begun, name = self.begin(), self.fresh_person()
        window = self.typed(begun["user_code"], name)
        window.press_button("Allow")
        self.assertEqual(self.poll(begun), "token")
        self.assertEqual(self.site.ctl_json("grant", "list", "--user", name)[0]["scope"], "records:read")
        window.open("/account/settings/applications/")
        self.assertIn("records:read", window.text)
        window.follow("Television")
        self.assertIn("Read your records", window.text)
        self.assertNotIn("It only knows who you are.", window.text)
        self.look_at(window, "authorized-device")

    def test_a_code_that_is_denied_lets_nobody_in(self):
        begun = self.begin()
        window = self.typed(begun["user_code"])
        window.press_button("Deny")
        self.assertEqual(window.heading, "Nothing was connected")
        self.assertEqual(self.poll(begun), "access_denied")

    def test_a_code_in_small_letters_without_its_dash_is_understood(self):
        begun = self.begin()
        window = self.typed(begun["user_code"].lower().replace("-", " "))
        self.assertIn("Television", window.heading)

    def test_a_wrong_code_says_so_and_stays_in_the_field(self):
        window = self.typed("BCDF-GHJK")
        self.assertIn("This code is not right", window.alert)
        self.assertEqual(window.do("inputValue", "#user_code"), "BCDF-GHJK")
        self.assertEqual(window.focused(), "user_code")
        self.assertEqual(window.do("getAttribute", "#user_code", "aria-invalid"), "true")

    def test_a_link_with_the_code_allows_nothing_by_itself(self):
        begun = self.begin()
        window = self.signed_in(self.fresh_person())
        window.open(f"/device?user_code={begun['user_code']}")
        self.assertEqual(window.do("inputValue", "#user_code"), begun["user_code"])
        window.press_button("Continue")
        self.assertIn("Television", window.heading)
        self.assertEqual(self.poll(begun), "authorization_pending")

    def test_who_is_not_signed_in_signs_in_and_goes_on_with_the_code(self):
        begun = self.begin()
        window = self.window()
        window.open("/device")
        window.fill("Code", begun["user_code"])
        window.press_button("Continue")
        window.sign_in(self.fresh_person(), PASSWORD)
        self.assertEqual(window.do("inputValue", "#user_code"), begun["user_code"])
        window.press_button("Continue")
        self.assertIn(begun["user_code"], window.text)
        window.press_button("Allow")
        self.assertEqual(self.poll(begun), "token")

    def test_a_code_that_was_decided_is_not_decided_again(self):
        begun = self.begin()
        window = self.typed(begun["user_code"])
        self.assertEqual(window.send_form_unseen("/device", confirm="no"), 200)
        window.press_button("Allow")
        self.assertIn("Nothing was connected", window.heading)
        self.assertEqual(self.poll(begun), "access_denied")

    def test_who_is_somebody_else_signs_in_as_that_and_goes_on_with_the_code(self):
        begun = self.begin()
        window = self.typed(begun["user_code"])
        other = self.fresh_person()
        window.press_button("Use another account")
        window.press_button("Continue")
        window.sign_in(other, PASSWORD)
        window.press_button("Continue")
        self.assertIn(f"Signed in as {other}.", window.text)
        self.assertIn(begun["user_code"], window.text)
        window.press_button("Allow")
        self.assertEqual(self.poll(begun), "token")

    def test_all_of_it_works_without_scripts(self):
        begun = self.begin()
        window = self.window(javaScriptEnabled=False)
        window.open("/device")
        window.fill("Code", begun["user_code"])
        window.press_button("Continue")
        window.sign_in(self.fresh_person(), PASSWORD)
        window.press_button("Continue")
        window.press_button("Allow")
        self.assertEqual(self.poll(begun), "token")

    def test_the_picture_of_the_address_is_shown(self):
        window = self.window()
        window.open("/device")
        self.assertGreater(window.look("document.querySelector('figure img').naturalWidth"), 0)

    def test_its_pages_look_right_and_keep_nobody_out(self):
        begun = self.begin()
        for locale, width in (("en-GB", 1000), ("fr-FR", 360)):
            window = self.signed_in(locale=locale, viewport={"width": width, "height": 740})
            for name, code in (("device-wrong", "BCDF-GHJK"), ("device-confirm", begun["user_code"])):
                with self.subTest(f"{name}, {locale}"):
                    window.open("/device")
                    self.look_at(window, "device", locale)
                    window.do("fill", "#user_code", code)
                    window.do("go", "button.primary")
                    self.look_at(window, name, locale)

    def test_the_page_after_the_answer_looks_right(self):
        window = self.typed(self.begin()["user_code"])
        window.press_button("Allow")
        self.look_at(window, "device-allowed", "en-GB")
