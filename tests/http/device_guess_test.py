"""Guesses at user codes, which are short, are counted (RFC 8628 section 5.1)."""

from harness.planted import age_failures

from device_page_case import DevicePageCase


class Guesses(DevicePageCase):
    def prolong_blocks(self):
        """The first lasts until the next second begins, which may be at once."""
        age_failures(self.site, -600)

    def test_i5_after_five_wrong_codes_the_next_guesses_wait(self):
        self.fresh_user("guesser")
        person = self.signed_in("guesser")
        right = self.begin()["user_code"]
        for _ in range(5):
            self.assertEqual(self.type_code(person, "BBBB-BBBB").status, 400)
        self.type_code(person, "BBBB-BBBB")
        self.prolong_blocks()
        for page in (self.type_code(person, right), person.open("/device", user_code=right)):
            self.assert_asks_for_code(page, right, 429)
            self.assertIn(int(page.answer.field("Retry-After")), range(590, 605))
            self.assertRegex(page.alert, r"\AToo many codes were tried\. Please wait 1[01] minutes\.\Z")
            self.assertNotIn("tv", page.text)
        age_failures(self.site, 700)
        page = self.send(person, page.form("/device"))
        self.assertEqual(page.headings, ["Connect tv to your account?"], "the same form goes on")

    def test_i5_an_answer_to_a_right_code_makes_no_more_guesses_free(self):
        self.fresh_user("holder")
        person = self.signed_in("holder")
        own = self.begin()
        for _ in range(5):
            self.assertEqual(self.type_code(person, "BBBB-BBBB").status, 400)
        self.assertEqual(self.decide(person, own["user_code"], "yes").headings, ["Your device is connected"])
        self.type_code(person, "BBBB-BBBB")
        self.prolong_blocks()
        self.assertEqual(self.type_code(person, "BBBB-BBBB").status, 429)

    def test_i5_guesses_that_decide_at_once_are_counted_too(self):
        self.fresh_user("decider")
        person = self.signed_in("decider")
        form = person.open("/device").form("/device")
        for _ in range(6):
            person.submit(form, user_code="BBBB-BBBB", confirm="yes")
        self.prolong_blocks()
        begun = self.begin()
        page = person.submit(form, user_code=begun["user_code"], confirm="yes")
        self.assert_asks_for_code(page, begun["user_code"], 429)
        self.refused(self.poll(begun), "authorization_pending")

    def test_i5_guesses_by_the_address_are_counted_too(self):
        self.fresh_user("opener")
        person = self.signed_in("opener")
        for _ in range(5):
            page = person.open("/device", user_code="BBBB-BBBB")
            self.assert_asks_for_code(page, "BBBB-BBBB", 400)
            self.assertIn("This code is not right", page.alert)
        self.type_code(person, "BBBB-BBBB")
        self.prolong_blocks()
        right = self.begin()["user_code"]
        self.assertEqual(person.open("/device", user_code=right).status, 429)
        self.assertEqual(self.type_code(person, right).status, 429)

    def test_addresses_with_wrong_codes_that_another_site_opens_hold_nobody_back(self):
        self.fresh_user("clicker")
        person = self.signed_in("clicker")
        right = self.begin()["user_code"]
        for site in ("cross-site", "same-site"):
            visitor = person.copy()
            visitor.headers["Sec-Fetch-Site"] = site
            for code in (*10 * ["BBBB-BBBB"], right):
                self.assert_asks_for_code(visitor.open("/device", user_code=code), code)
        for site in ("none", "same-origin"):
            person.headers["Sec-Fetch-Site"] = site
            page = person.open("/device", user_code=right)
            self.assertEqual(page.headings, ["Connect tv to your account?"], page)

    def test_a_look_by_head_is_no_guess_and_tells_nothing(self):
        self.fresh_user("header")
        person = self.signed_in("header")
        right = self.begin()["user_code"]
        for code in (*10 * ["BBBB-BBBB"], right):
            answer = self.http.request("HEAD", "/device?user_code=" + code, headers=person._headers({}))
            self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.type_code(person, right).status, 200)
