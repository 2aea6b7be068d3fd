"""The page where a person decides what a device may do (RFC 8628 section 3.3)."""

import urllib.parse

from harness.person import Person
from harness.planted import age_device_code, opened

from device_page_case import PASSWORD, DevicePageCase
from device_test import DEVICE, GRANT, PATH


class DevicePage(DevicePageCase):
    def test_i7_a_person_types_the_code_and_allows_and_the_device_gets_its_tokens(self):
        begun = self.begin(scope="read")
        page = self.decide(self.signed_in("alice"), begun["user_code"], "yes")
        self.assertEqual((page.status, page.headings), (200, ["Your device is connected"]), page)
        answer = self.poll(begun)
        self.assertEqual((answer.status, answer.json()["scope"]), (200, "read"), answer)
        self.assertEqual(answer.json()["user"]["id"], self.user_id)

    def test_what_is_denied_is_access_denied_for_the_device(self):
        begun = self.begin()
        page = self.decide(self.signed_in(), begun["user_code"], "no")
        self.assertEqual((page.status, page.headings), (200, ["Nothing was connected"]), page)
        self.refused(self.poll(begun), "access_denied")

    def test_i6_the_code_is_taken_however_it_is_typed(self):
        person = self.signed_in()
        for change in (str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "):
            code = change(self.begin()["user_code"])
            with self.subTest(code=code):
                page = self.type_code(person, code)
                self.assertEqual(page.status, 200, page)
                self.assertIn("tv", page.headings[0])

    def test_i7_opening_the_complete_address_approves_nothing(self):
        begun = self.begin()
        person = self.signed_in()
        target = urllib.parse.urlsplit(begun["verification_uri_complete"])
        page = person.open(f"{target.path}?{target.query}")
        self.assertEqual((page.status, page.headings), (200, ["Connect tv to your account?"]), page)
        self.assertEqual(page.form("/device").fields["user_code"], begun["user_code"])
        self.refused(self.poll(begun), "authorization_pending")
        for answer in ("confirm=yes", "confirm=yes&csrf_token=x"):
            page = person.open(f"{target.path}?{target.query}&{answer}")
            self.assertEqual(page.status, 200, page)
        self.wait(begun, 60)
        self.refused(self.poll(begun), "authorization_pending")

    def test_whoever_is_not_signed_in_signs_in_first_and_comes_back_to_the_code(self):
        begun = self.begin()
        person = Person(self.http)
        page = person.open("/device", user_code=begun["user_code"])
        self.assert_asks_for_code(page, begun["user_code"])
        page = person.submit(page.form("/device"))
        self.assertEqual(page.status, 303, page)
        page = person.open(page.location)
        self.fresh_user("comer")
        page = person.submit(page.form("/login"), username="comer", password=PASSWORD)
        page = person.open(page.location)
        self.assertEqual(page.headings, ["Connect tv to your account?"], page)
        self.assertIn(begun["user_code"], page.text)
        self.refused(self.poll(begun), "authorization_pending")
        page = self.send(person, page.form("/device"), "yes")
        self.assertEqual(page.headings, ["Your device is connected"], page)
        self.wait(begun, 60)
        self.assertEqual(self.poll(begun).status, 200)

    def test_a_right_code_leads_to_an_address_that_can_be_opened_again(self):
        begun = self.begin()
        person = self.signed_in()
        page = person.submit(person.open("/device").form("/device"), user_code=begun["user_code"].lower())
        address = "/device?user_code=" + begun["user_code"]
        self.assertEqual((page.status, page.location), (303, address), page)
        for _ in range(2):
            page = person.open(address)
            self.assertEqual(page.headings, ["Connect tv to your account?"], page)
            self.assertIn("Check that your device shows the same code: " + begun["user_code"], page.text)
            self.assertIn("deny", page.text)
        self.refused(self.poll(begun), "authorization_pending")

    def test_the_answer_leads_to_an_address_that_tells_it_and_changes_nothing(self):
        for answer, heading in (("yes", "Your device is connected"), ("no", "Nothing was connected")):
            with self.subTest(answer):
                begun = self.begin()
                person = self.signed_in()
                page = person.submit(self.type_code(person, begun["user_code"]).form("/device"), answer)
                self.assertEqual((page.status, page.text), (303, ""), page)
                for _ in range(12):
                    told = person.open(page.location)
                    self.assertEqual((told.status, told.headings, told.forms), (200, [heading], []), told)
                    self.assertNotIn("already", told.text)

    def test_the_address_of_an_answered_code_says_that_it_was_answered(self):
        for answer, heading in (("yes", "Your device is connected"), ("no", "Nothing was connected")):
            with self.subTest(answer):
                begun = self.begin()
                person = self.signed_in()
                self.decide(person, begun["user_code"], answer)
                page = person.open("/device", user_code=begun["user_code"])
                self.assertEqual((page.status, page.headings, page.forms), (200, [heading], []), page)
                self.assertIn("This code was answered already", page.text)

    def test_who_answers_otherwise_in_a_second_tab_is_told_that_it_was_answered(self):
        begun = self.begin()
        person = self.signed_in()
        form = self.type_code(person, begun["user_code"]).form("/device")
        page = self.send(person, form, "no")
        self.assertNotIn("already", page.text)
        self.assertEqual(self.send(person, form, "no").text, page.text)  # a double click
        page = self.send(person, form, "yes")
        self.assertEqual(page.headings, ["Nothing was connected"], page)
        self.assertIn("This code was answered already", page.text)

    def test_the_address_of_an_answer_tells_nobody_else_more_than_the_codes_own_does(self):
        right, answered = self.begin(), self.begin()
        person, other = self.signed_in(), self.signed_in()
        page = self.type_code(person, answered["user_code"])
        address = person.submit(page.form("/device"), "yes").location
        for code in (right["user_code"], answered["user_code"], "BBBB-BBBB"):
            told = address.replace(answered["user_code"], code)
            self.assert_asks_for_code(Person(self.http).open(told), code)
            with_mark, without = other.open(told), other.open("/device", user_code=code)
            self.assertEqual((with_mark.status, with_mark.text), (without.status, without.text))
        page = person.open(address.replace(answered["user_code"], right["user_code"]))
        self.assertEqual(page.headings, ["Connect tv to your account?"], "nothing was answered there")

    def test_the_address_of_an_answer_says_when_it_holds_no_more(self):
        person = self.signed_in()
        begun = self.begin()
        page = self.type_code(person, begun["user_code"])
        address = person.submit(page.form("/device"), "yes").location
        self.assertEqual(person.open(address).headings, ["Your device is connected"])
        age_device_code(self.site, begun["device_code"], 900)
        page = person.open(address)
        self.assert_asks_for_code(page, begun["user_code"], 400)
        self.assertIn("expired", page.alert)

    def test_use_another_account_leads_straight_to_the_sign_in_and_back_to_the_question(self):
        begun = self.begin()
        person = self.signed_in()
        self.fresh_user("another")
        page = self.type_code(person, begun["user_code"])
        page = person.submit(page.form("/logout"))
        self.assertTrue(page.location.startswith("/login?next="), page)
        page = person.open(page.location)
        page = person.submit(page.form("/login"), username="another", password=PASSWORD)
        page = person.open(page.location)
        self.assertIn(begun["user_code"], page.text)
        self.assertIn("Signed in as another.", page.text)

    def test_who_has_just_signed_up_is_told_the_new_username_on_the_question_too(self):
        self.fresh_user("newcomer")
        person = self.signed_in("newcomer")
        with opened(self.site.db) as connection:
            sql = (
                "UPDATE users SET created_at = (SELECT created_at FROM sessions WHERE user_id = users.id)"
                " WHERE username = 'newcomer'"
            )
            connection.execute(sql)
        for done, is_told in (("signed_up", True), ("answered", False)):
            page = person.open("/device", user_code=self.begin()["user_code"], done=done)
            self.assertEqual("Your username is newcomer" in page.text, is_told, page)

    def test_the_question_warns_once_and_not_of_programs_on_this_device(self):
        for client in (self.tv, self.box):
            page = self.type_code(self.signed_in(), self.begin(client)["user_code"])
            self.assertEqual(page.answer.body.count(b'class="message warning"'), 1)
            self.assertNotIn("Any program on your device", page.text)

    def test_whoever_is_not_signed_in_learns_nothing_about_a_code(self):
        right, wrong = self.begin()["user_code"], "BBBB-BBBB"
        answers = []
        for code in (right, wrong):
            person = Person(self.http)
            typed = self.type_code(person, code)
            opened_page = person.open("/device", user_code=code)
            answers.append((typed.status, opened_page.status, opened_page.text.replace(code, "")))
        self.assertEqual(answers[0], answers[1])

    def test_l8_without_a_csrf_token_nothing_is_decided(self):
        begun = self.begin()
        person = self.signed_in()
        form = self.type_code(person, begun["user_code"]).form("/device")
        other = self.signed_in()
        stolen = other.open("/device").form("/device").fields["csrf_token"]
        for token, status in ((None, 400), ("x", 403), (stolen, 403)):
            with self.subTest(token=token):
                self.assertEqual(person.submit(form, "yes", csrf_token=token).status, status)
        self.refused(self.poll(begun), "authorization_pending")
        self.assertEqual(self.send(person, form, "yes").headings, ["Your device is connected"])

    def test_a_wrong_an_expired_and_a_code_that_another_decided_look_alike(self):
        person, opener, another = self.signed_in(), self.signed_in(), self.signed_in()
        expired, allowed, denied = self.begin(), self.begin(), self.begin()
        age_device_code(self.site, expired["device_code"], 601)
        self.decide(another, allowed["user_code"], "yes")
        self.decide(another, denied["user_code"], "no")
        seen = set()
        for code in ("BBBB-BBBB", *(begun["user_code"] for begun in (expired, allowed, denied))):
            for page in (self.type_code(person, code), opener.open("/device", user_code=code)):
                self.assert_asks_for_code(page, code, 400)
                seen.add((page.status, page.text.replace(code, ""), page.alert))
        self.assertEqual(len(seen), 1, seen)
        self.assertEqual(next(iter(seen))[0], 400)

    def test_a_decision_is_made_once_and_whoever_made_it_is_told_again_what_it_was(self):
        for first, heading in (("yes", "Your device is connected"), ("no", "Nothing was connected")):
            with self.subTest(first):
                begun = self.begin()
                person = self.signed_in()
                form = self.type_code(person, begun["user_code"]).form("/device")
                for answer in (first, "yes", "no"):
                    page = self.send(person, form, answer)
                    self.assertEqual((page.status, page.headings), (200, [heading]), page)
                self.assertEqual(self.poll(begun).status, 200 if first == "yes" else 400)
                page = self.type_code(person, begun["user_code"])
                self.assertEqual((page.status, page.headings), (200, [heading]), page)

    def test_an_approval_that_no_device_came_for_in_time_connected_nothing(self):
        begun = self.begin()
        person = self.signed_in()
        self.decide(person, begun["user_code"], "yes")
        age_device_code(self.site, begun["device_code"], 601)
        self.assertEqual(self.type_code(person, begun["user_code"]).status, 400)

    def test_i5_a_double_click_or_a_reload_is_no_guess(self):
        begun = self.begin()
        person = self.signed_in()
        form = self.type_code(person, begun["user_code"]).form("/device")
        for _ in range(12):
            self.assertEqual(self.send(person, form, "yes").status, 200)
            self.assertEqual(person.open("/device", user_code=begun["user_code"]).status, 200)
        self.assertEqual(self.type_code(person, self.begin()["user_code"]).status, 200)

    def test_of_30_parallel_decisions_one_counts(self):
        from concurrent.futures import ThreadPoolExecutor

        client = self.site.client("decided", *DEVICE)
        begun = self.begin(client)
        person = self.signed_in()
        form = self.type_code(person, begun["user_code"]).form("/device")
        with ThreadPoolExecutor(30) as pool:
            answers = ("yes", "no") * 15
            pages = list(pool.map(lambda answer: self.send(person.copy(), form, answer), answers))
        told = {(page.status, *page.headings) for page in pages}
        self.assertEqual(len(told), 1, "all are told of the same one")
        connected = pages[0].headings == ["Your device is connected"]
        self.assertEqual(self.poll(begun, client).status, 200 if connected else 400)
        rows = self.site.ctl_json("audit", "list", "--object", "client:" + client.id)
        self.assertEqual(
            [row["action"] for row in rows if row["action"].startswith("device.")],
            ["device.approve" if connected else "device.deny"],
        )

    def test_an_address_without_a_code_in_it_just_asks_for_one(self):
        person = self.signed_in()
        for code in ("", " ", "-"):
            for _ in range(4):
                self.assertEqual(person.open("/device", user_code=code).status, 200)
        self.assertEqual(self.type_code(person, self.begin()["user_code"]).status, 200)

    def test_b21_a_session_that_was_revoked_before_the_answer_approves_nothing(self):
        self.fresh_user("revoked")
        person = self.signed_in("revoked")
        begun = self.begin()
        form = self.type_code(person, begun["user_code"]).form("/device")
        self.site.ctl("session", "revoke", "--user", "revoked", "-y")
        for answer in ("yes", "no"):
            page = person.submit(form, answer)
            self.assertEqual(page.status, 403, page)
            self.assertIn("You are no longer signed in. Nothing was allowed.", page.text)
            self.assertIn("/device?user_code=" + begun["user_code"], page.links)
        self.refused(self.poll(begun), "authorization_pending")

    def test_b21_who_signed_in_anew_meanwhile_is_told_and_may_go_on(self):
        begun = self.begin()
        person = self.signed_in("alice")
        form = self.type_code(person, begun["user_code"]).form("/device")
        again = self.signed_in("alice")
        page = again.submit(form, "yes")
        self.assertEqual(page.status, 403, page)
        self.assertIn("/device?user_code=" + begun["user_code"], page.links)
        self.refused(self.poll(begun), "authorization_pending")

    def test_b21_a_user_who_is_disabled_before_the_answer_approves_nothing(self):
        self.fresh_user("leaver")
        person = self.signed_in("leaver")
        begun = self.begin()
        form = self.type_code(person, begun["user_code"]).form("/device")
        self.site.ctl("user", "disable", "leaver")
        page = self.send(person, form, "yes")
        self.assertNotEqual(page.headings, ["Your device is connected"])
        self.refused(self.poll(begun), "authorization_pending")

    def test_a_client_that_is_disabled_before_the_answer_gets_nothing(self):
        client = self.site.client("gone", "--public", "--grant", "device_code", "--scope", "read")
        begun = self.http.post("/oauth/device_authorization", {"client_id": client.id}).json()
        self.site.remember(begun["device_code"])
        person = self.signed_in()
        form = self.type_code(person, begun["user_code"]).form("/device")
        self.site.ctl("client", "disable", client.id)
        self.assertEqual(person.submit(form, "yes").status, 400)

    def test_the_page_shows_a_qr_code_of_its_address(self):
        page = Person(self.http).open("/device", user_code="BCDF-GHJK")
        self.assertEqual(page.status, 200, page)
        self.assertIn(b'src="data:image/svg+xml', page.answer.body)
        self.assertIn("http://127.0.0.1:9000/device?user_code=BCDF-GHJK", page.text)

    def test_l15_what_was_typed_comes_back_as_text(self):
        person = self.signed_in()
        page = self.type_code(person, '"><script>alert(1)</script>')
        self.assertEqual(page.status, 400)
        self.assertNotIn(b"<script>", page.answer.body)

    def test_an_approval_is_remembered_as_a_grant_that_can_be_revoked(self):
        self.fresh_user("viewer")
        begun = self.begin(scope="read")
        self.decide(self.signed_in("viewer"), begun["user_code"], "yes")
        grants = self.site.ctl_json("grant", "list", "--user", "viewer")
        self.assertEqual([(grant["client_id"], grant["scope"]) for grant in grants], [(self.tv.id, "")])
        self.site.ctl("grant", "revoke", "--user", "viewer", "-y")
        self.assertNotEqual(self.poll(begun).status, 200)
        with opened(self.site.db) as connection:
            sql = "SELECT count(*) FROM device_codes WHERE user_code = ?"
            count = connection.execute(sql, (begun["user_code"].replace("-", ""),)).fetchone()[0]
        self.assertEqual(count, 0)

    def test_the_page_names_the_hosts_of_the_resources_that_its_tokens_are_for(self):
        api, files = "https://api.example/v1", "https://files.example"
        reader = self.site.client(
            "reader", "--grant", "device_code", "--grant", "refresh_token", "--resource", api, "--resource", files
        )
        self.refused(self.post(PATH, reader, {"resource": [api, "https://other.example"]}), "invalid_target")
        begun = self.begin(reader, resource=[files, api])
        person = self.signed_in()
        page = self.type_code(person, begun["user_code"])
        self.assertIn("used at api.example, files.example.", page.text)
        self.assertEqual(self.send(person, page.form("/device"), "yes").status, 200)
        form = {"grant_type": GRANT, "device_code": begun["device_code"]}
        self.refused(self.post("/oauth/token", reader, {**form, "resource": self.issuer}), "invalid_target")
        answer = self.remembered(self.post("/oauth/token", reader, {**form, "resource": files}))
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.introspect(answer.json()["access_token"], reader)["aud"], files)
        self.assertEqual(self.introspect(answer.json()["refresh_token"], reader)["aud"], [api, files])
