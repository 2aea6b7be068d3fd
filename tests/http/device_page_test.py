"""The page where a person decides what a device may do (RFC 8628 section 3.3)."""

import secrets
import urllib.parse

from harness.person import Person
from harness.planted import age_device_code, age_failures, opened

from device_test import DEVICE, GRANT, PATH, DeviceCase

PASSWORD = "correct horse battery staple"


class DevicePage(DeviceCase):
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

    def type_code(self, person, user_code):
        page = person.open("/device")
        return person.submit(page.form("/device"), user_code=user_code)

    def decide(self, person, user_code, answer):
        page = self.type_code(person, user_code)
        self.assertEqual(page.status, 200, page)
        return person.submit(page.form("/device"), answer)

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
        self.assertEqual(page.status, 200, page)
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
        page = self.type_code(person, begun["user_code"])
        self.assertEqual(page.status, 303, page)
        page = person.open(page.location)
        self.fresh_user("comer")
        page = person.submit(page.form("/login"), username="comer", password=PASSWORD)
        page = person.open(page.location)
        page = person.submit(page.form("/device"))
        self.assertIn(begun["user_code"], page.text)
        self.assertEqual(person.submit(page.form("/device"), "yes").status, 200)
        self.assertEqual(self.poll(begun).status, 200)

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
        self.assertEqual(person.submit(form, "yes").status, 200)

    def test_a_wrong_an_expired_and_a_code_that_another_decided_look_alike(self):
        person, another = self.signed_in(), self.signed_in()
        expired, allowed, denied = self.begin(), self.begin(), self.begin()
        age_device_code(self.site, expired["device_code"], 601)
        self.decide(another, allowed["user_code"], "yes")
        self.decide(another, denied["user_code"], "no")
        seen = set()
        for code in ("BBBB-BBBB", *(begun["user_code"] for begun in (expired, allowed, denied))):
            page = self.type_code(person, code)
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
                    page = person.submit(form, answer)
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
            self.assertEqual(person.submit(form, "yes").status, 200)
        self.assertEqual(self.type_code(person, self.begin()["user_code"]).status, 200)

    def test_of_30_parallel_decisions_one_counts(self):
        from concurrent.futures import ThreadPoolExecutor

        client = self.site.client("decided", *DEVICE)
        begun = self.begin(client)
        person = self.signed_in()
        form = self.type_code(person, begun["user_code"]).form("/device")
        with ThreadPoolExecutor(30) as pool:
            pages = list(pool.map(lambda i: person.copy().submit(form, "yes" if i % 2 else "no"), range(30)))
        self.assertEqual(len({(page.status, page.text) for page in pages}), 1, "all are told of the same one")
        connected = pages[0].headings == ["Your device is connected"]
        self.assertEqual(self.poll(begun, client).status, 200 if connected else 400)
        rows = self.site.ctl_json("audit", "list", "--object", "client:" + client.id)
        self.assertEqual(
            [row["action"] for row in rows if row["action"].startswith("device.")],
            ["device.approve" if connected else "device.deny"],
        )

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
        page = self.type_code(person, right)
        self.assertEqual(page.status, 429, page)
        self.assertGreaterEqual(int(page.answer.field("Retry-After")), 1)
        self.assertNotIn("tv", page.text)

    def test_i5_guesses_that_decide_at_once_are_counted_too(self):
        self.fresh_user("decider")
        person = self.signed_in("decider")
        form = person.open("/device").form("/device")
        for _ in range(6):
            person.submit(form, user_code="BBBB-BBBB", confirm="yes")
        self.prolong_blocks()
        begun = self.begin()
        page = person.submit(form, user_code=begun["user_code"], confirm="yes")
        self.assertEqual(page.status, 429, page)
        self.refused(self.poll(begun), "authorization_pending")

    def test_opening_addresses_with_wrong_codes_holds_nobody_back(self):
        self.fresh_user("clicker")
        person = self.signed_in("clicker")
        for _ in range(10):
            self.assertEqual(person.open("/device", user_code="BBBB-BBBB").status, 200)
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
        page = person.submit(form, "yes")
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
        self.assertEqual(person.submit(page.form("/device"), "yes").status, 200)
        form = {"grant_type": GRANT, "device_code": begun["device_code"]}
        self.refused(self.post("/oauth/token", reader, {**form, "resource": self.issuer}), "invalid_target")
        answer = self.remembered(self.post("/oauth/token", reader, {**form, "resource": files}))
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.introspect(answer.json()["access_token"], reader)["aud"], files)
        self.assertEqual(self.introspect(answer.json()["refresh_token"], reader)["aud"], [api, files])
