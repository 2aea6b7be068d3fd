"""The device page, in a real browser: the code that a device shows is typed, compared, and allowed or not."""

from harness.planted import age_failures
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
        self.assertIn("Television", window.heading)
        self.assertIn(begun["user_code"], window.text)
        self.assertEqual(self.poll(begun), "authorization_pending")

    def test_a_link_on_another_site_leads_to_the_code_first(self):
        begun = self.begin()
        window = self.signed_in(self.fresh_person())
        window.open(self.app.callback("localhost"))
        address = f"{self.site.issuer}/device?user_code={begun['user_code']}"
        window.look(f"document.body.innerHTML = '<a href=\"{address}\">Connect</a>'")
        window.follow("Connect")
        self.assertEqual(window.do("inputValue", "#user_code"), begun["user_code"])
        window.press_button("Continue")
        self.assertIn("Television", window.heading)

    def test_who_is_not_signed_in_signs_in_and_goes_on_with_the_code(self):
        begun = self.begin()
        window = self.window()
        window.open("/device")
        window.fill("Code", begun["user_code"])
        window.press_button("Continue")
        window.sign_in(self.fresh_person(), PASSWORD)
        self.assertIn("Television", window.heading)
        self.assertIn(begun["user_code"], window.text)
        window.press_button("Allow")
        self.assertEqual(self.poll(begun), "token")

    def test_the_way_back_after_the_answer_leads_to_pages_and_decides_nothing(self):
        for start in ("typed", "link"):
            for button, heading in (("Allow", "Your device is connected"), ("Deny", "Nothing was connected")):
                with self.subTest(f"{start}, {button}"):
                    begun = self.begin()
                    if start == "typed":
                        window = self.typed(begun["user_code"])
                    else:
                        window = self.signed_in(self.fresh_person())
                        window.open(f"/device?user_code={begun['user_code']}")
                    window.press_button(button)
                    self.assertEqual(window.heading, heading)
                    window.do("reload")
                    self.assertEqual(window.heading, heading)
                    window.back()
                    self.assertEqual(window.heading, heading)
                    self.assertIn("This code was answered already", window.text)
                    self.look_at(window, "device-answered-" + button.lower())
                    if start == "typed":
                        window.back()
                        self.assertEqual(window.heading, "Connect a device")
                    self.assertEqual(self.poll(begun), "token" if button == "Allow" else "access_denied")

    def test_the_way_back_after_a_sign_in_leads_to_the_question_again(self):
        begun = self.begin()
        window = self.window()
        window.open(f"/device?user_code={begun['user_code']}")
        window.press_button("Continue")
        window.sign_in(self.fresh_person(), PASSWORD)
        self.assertIn("Television", window.heading)
        window.back()  # the sign-in, which goes on at once where somebody is signed in
        self.assertIn("Television", window.heading)
        window.do("goForward")
        window.do("reload")
        self.assertIn("Television", window.heading)
        self.assertEqual(self.poll(begun), "authorization_pending")

    def test_a_double_click_decides_once_and_says_so_plainly(self):
        begun, name = self.begin(), self.fresh_person()
        window = self.typed(begun["user_code"], name)
        window.do("dblclick", "button[value=yes]")
        window.wait_for("Your device is connected")
        self.assertNotIn("already", window.text)
        self.assertEqual(self.poll(begun), "token")

    def test_a_second_tab_is_told_what_the_first_one_answered(self):
        begun = self.begin()
        window = self.typed(begun["user_code"])
        second = window.another()
        second.open(f"/device?user_code={begun['user_code']}")
        window.press_button("Allow")
        second.press_button("Deny")
        self.assertEqual(second.heading, "Your device is connected")
        self.assertIn("This code was answered already", second.text)
        self.assertEqual(self.poll(begun), "token")

    def test_a_code_that_was_decided_is_not_decided_again(self):
        begun = self.begin()
        window = self.typed(begun["user_code"])
        self.assertEqual(window.send_form_unseen("/device", confirm="no"), 303)
        window.press_button("Allow")
        self.assertIn("Nothing was connected", window.heading)
        self.assertIn("This code was answered already", window.text)
        self.assertEqual(self.poll(begun), "access_denied")

    def test_who_is_somebody_else_signs_in_as_that_and_goes_on_with_the_code(self):
        begun = self.begin()
        window = self.typed(begun["user_code"])
        other = self.fresh_person()
        window.press_button("Use another account")
        window.sign_in(other, PASSWORD)
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
        window.press_button("Allow")
        self.assertEqual(self.poll(begun), "token")

    def test_the_picture_of_the_address_is_shown(self):
        window = self.window()
        window.open("/device")
        self.assertGreater(window.look("document.querySelector('figure img').naturalWidth"), 0)

    def test_the_picture_for_a_phone_is_not_shown_on_one(self):
        upright = {"width": 360, "height": 740}
        across = {"width": 740, "height": 360}
        for size, touch, is_shown in (
            (upright, True, False), (upright, False, False), (across, True, False), (across, False, True),
            ({"width": 1280, "height": 800}, False, True), ({"width": 1280, "height": 800}, True, True),
        ):  # fmt: skip
            with self.subTest(size=size, touch=touch):
                window = self.window(viewport=size, hasTouch=touch, isMobile=touch)
                window.open("/device")
                self.assertEqual(window.do("isVisible", "figure"), is_shown)

    def test_too_many_codes_say_how_long_to_wait_and_the_form_stays(self):
        for locale, width in (("en-GB", 1280), ("fr-FR", 360)):
            with self.subTest(locale):
                name = self.fresh_person()
                window = self.signed_in(name, locale=locale, viewport={"width": width, "height": 740})
                for _ in range(6):
                    window.open("/device?user_code=BCDF-GHJK")
                age_failures(self.site, -600)
                window.open("/device")
                window.do("fill", "#user_code", "BCDF-GHJK")
                window.do("go", "button.primary")
                self.assertRegex(window.alert, "Please wait 1[01] minutes|Veuillez patienter 1[01] minutes")
                self.assertEqual(window.do("inputValue", "#user_code"), "BCDF-GHJK")
                self.look_at(window, "device-throttled", locale)
                age_failures(self.site, 1200)

    def test_its_pages_look_right_and_keep_nobody_out(self):
        begun = self.begin()
        for locale, width in (("en-GB", 1280), ("fr-FR", 360)):
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
