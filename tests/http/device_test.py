"""RFC 8628: a device without a browser asks for tokens, and a person decides elsewhere."""

from concurrent.futures import ThreadPoolExecutor

from harness.case import ServedCase
from harness.planted import age_device_code, opened, plant_decision, token_string

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
PATH = "/oauth/device_authorization"
DEVICE = ("--grant", "device_code", "--grant", "refresh_token", "--scope", "read", "--scope", "write")


class DeviceCase(ServedCase):
    flags = ("--rate-limit-device", "0")

    @classmethod
    def populate(cls):
        super().populate()
        cls.tv = cls.site.client("tv", "--public", *DEVICE)
        cls.box = cls.site.client("box", *DEVICE)
        cls.user_id = cls.site.user("alice")

    def post(self, path, client, form):
        if client is self.tv:
            return self.http.post(path, {"client_id": client.id, **form})
        return self.http.post(path, form, client.basic)

    def begin(self, client=None, **form):
        answer = self.post(PATH, client or self.tv, form)
        self.assertEqual(answer.status, 200, answer)
        self.site.remember(answer.json()["device_code"])
        return answer.json()

    def poll(self, begun, client=None):
        form = {"grant_type": GRANT, "device_code": begun["device_code"]}
        return self.remembered(self.post("/oauth/token", client or self.tv, form))

    def approve(self, begun):
        plant_decision(self.site, begun["device_code"], self.user_id)

    def refused(self, answer, error):
        self.assert_error(answer, 400, error)

    def wait(self, begun, seconds):
        """The device waits so long between its polls."""
        age_device_code(self.site, begun["device_code"], seconds)

    def interval(self, begun):
        user_code = begun["user_code"].replace("-", "")
        with opened(self.site.db) as connection:
            sql = "SELECT interval_seconds FROM device_codes WHERE user_code = ?"
            return connection.execute(sql, (user_code,)).fetchone()[0]


class Begin(DeviceCase):
    def test_i1_the_answer_has_these_members_and_nobody_may_store_it(self):
        answer = self.post(PATH, self.tv, {})
        document = answer.json()
        self.site.remember(document["device_code"])
        self.assertEqual(answer.status, 200)
        self.assert_not_stored(answer)
        self.assertEqual(
            set(document),
            {
                "device_code",
                "user_code",
                "verification_uri",
                "verification_uri_complete",
                "expires_in",
                "interval",
            },
        )
        self.assertRegex(document["device_code"], r"\Ao2d_[0-9A-Za-z]{49}\Z")
        self.assertRegex(document["user_code"], r"\A[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\Z")
        self.assertEqual(document["verification_uri"], self.issuer + "/device")
        self.assertEqual(
            document["verification_uri_complete"], f"{self.issuer}/device?user_code={document['user_code']}"
        )
        self.assertEqual((document["expires_in"], document["interval"]), (600, 5))

    def test_i5_no_two_devices_get_the_same_codes(self):
        many = [self.begin() for _ in range(50)]
        for name in ("device_code", "user_code"):
            self.assertEqual(len({begun[name] for begun in many}), 50)

    def test_i9_a_client_needs_the_grant_and_may_ask_for_its_scope_only(self):
        self.refused(self.post(PATH, self.app, {}), "unauthorized_client")
        self.refused(self.post(PATH, self.tv, {"scope": "admin"}), "invalid_scope")
        self.refused(self.post(PATH, self.tv, {"scope": 'a"b'}), "invalid_scope")
        self.begin(scope="read")

    def test_e6_a_confidential_client_authenticates_and_a_public_one_has_no_secret(self):
        self.begin(self.box)
        for form, auth in (
            ({}, None),
            ({"client_id": self.box.id}, None),
            ({"client_id": self.box.id, "client_secret": "wrong"}, None),
            ({"client_id": "nobody"}, None),
            ({"client_id": self.tv.id, "client_secret": "x"}, None),
        ):
            with self.subTest(form):
                self.assert_error(self.http.post(PATH, form, auth), 401, "invalid_client")

    def test_parameters_count_from_the_body_only_and_once(self):
        self.assert_error(self.http.post(f"{PATH}?client_id={self.tv.id}", {}), 401, "invalid_client")
        self.refused(self.http.post(PATH, f"client_id={self.tv.id}&scope=read&scope=read"), "invalid_request")
        answer = self.http.request("POST", PATH, b"{}", {"Content-Type": "application/json"})
        self.refused(answer, "invalid_request")
        self.assertEqual(self.http.get(PATH).status, 405)

    def test_a_disabled_client_cannot_begin(self):
        gone = self.site.client("gone", *DEVICE)
        self.site.ctl("client", "disable", gone.id)
        self.assert_error(self.post(PATH, gone, {}), 401, "invalid_client")

    def test_other_sites_pages_may_not_read_the_answer(self):
        answer = self.http.post(PATH, {"client_id": self.tv.id}, headers={"Origin": "https://evil.example"})
        self.site.remember(answer.json()["device_code"])
        self.assertIsNone(answer.field("Access-Control-Allow-Origin"))

    def test_the_metadata_names_endpoint_and_grant(self):
        document = self.http.get("/.well-known/oauth-authorization-server").json()
        self.assertEqual(document["device_authorization_endpoint"], self.issuer + PATH)
        self.assertIn(GRANT, document["grant_types_supported"])


class Poll(DeviceCase):
    def test_i3_after_approval_one_poll_gets_the_tokens(self):
        begun = self.begin(scope="read")
        self.refused(self.poll(begun), "authorization_pending")
        self.approve(begun)
        answer = self.poll(begun)
        self.assertEqual(answer.status, 200, answer)
        self.assert_not_stored(answer)
        document = answer.json()
        self.assertEqual((document["scope"], document["user"]), ("read", {"id": self.user_id}))
        seen = self.introspect(document["access_token"])
        self.assertEqual((seen["client_id"], seen["sub"]), (self.tv.id, self.user_id))
        self.refused(self.poll(begun), "invalid_grant")
        self.assert_active(document["access_token"])

    def test_the_refresh_token_works_and_comes_only_where_it_is_registered(self):
        begun = self.begin()
        self.approve(begun)
        refresh = self.poll(begun).json()["refresh_token"]
        form = {"grant_type": "refresh_token", "refresh_token": refresh}
        answer = self.remembered(self.post("/oauth/token", self.tv, form))
        self.assert_active(answer.json()["access_token"])
        once = self.site.client("once", *DEVICE[:2], *DEVICE[4:])
        begun = self.begin(once)
        self.approve(begun)
        self.assertNotIn("refresh_token", self.poll(begun, once).json())

    def test_i2_polls_that_are_too_fast_make_the_interval_5_s_longer_for_good(self):
        begun = self.begin()
        self.refused(self.poll(begun), "authorization_pending")
        self.wait(begun, -60)  # two polls in a row could be 5 s apart on a machine that stands still
        self.refused(self.poll(begun), "slow_down")
        self.assertEqual(self.interval(begun), 10)
        self.wait(begun, 120)
        self.refused(self.poll(begun), "authorization_pending")
        self.assertEqual(self.interval(begun), 10)
        self.wait(begun, 60)
        self.refused(self.poll(begun), "authorization_pending")

    def test_i3_a_denied_request_is_access_denied(self):
        begun = self.begin()
        plant_decision(self.site, begun["device_code"])
        self.refused(self.poll(begun), "access_denied")
        self.refused(self.poll(begun), "access_denied")

    def test_i3_an_expired_code_is_expired_token_approved_or_not(self):
        begun, approved = self.begin(), self.begin()
        self.approve(approved)
        for late in (begun, approved):
            self.wait(late, 600)
            self.refused(self.poll(late), "expired_token")

    def test_i4_a_code_is_bound_to_its_client_and_a_foreign_poll_burns_nothing(self):
        begun = self.begin()
        self.approve(begun)
        self.refused(self.poll(begun, self.box), "invalid_grant")
        self.assertEqual(self.poll(begun).status, 200)

    def test_what_is_not_exactly_a_device_code_is_invalid_grant(self):
        begun = self.begin()
        code = begun["device_code"]
        for other in (
            code[:-1],
            code + "0",
            code.swapcase(),
            "x",
            "é",
            begun["user_code"],
            token_string("device_code"),
            token_string("authorization_code"),
        ):
            with self.subTest(other):
                self.refused(self.poll({"device_code": other}), "invalid_grant")
        self.refused(self.poll({"device_code": ""}), "invalid_request")

    def test_i8_of_50_polls_at_once_after_the_approval_exactly_one_gets_tokens(self):
        for _ in range(3):
            begun = self.begin()
            self.refused(self.poll(begun), "authorization_pending")
            self.approve(begun)
            with ThreadPoolExecutor(50) as pool:
                answers = list(pool.map(lambda _: self.poll(begun), range(50)))
            good = [answer for answer in answers if answer.status == 200]
            self.assertEqual(len(good), 1)
            self.assert_active(good[0].json()["access_token"])
            for answer in answers:
                if answer.status != 200:
                    self.refused(answer, "invalid_grant")

    def test_i9_the_grant_taken_from_the_client_stops_the_poll(self):
        client = self.site.client("short", *DEVICE)
        begun = self.begin(client)
        self.approve(begun)
        self.site.ctl("client", "update", client.id, "--grant", "client_credentials")
        self.refused(self.poll(begun, client), "unauthorized_client")

    def test_b21_a_user_or_client_who_is_disabled_meanwhile_gets_nothing(self):
        client = self.site.client("stopped", *DEVICE)
        begun = self.begin(client)
        plant_decision(self.site, begun["device_code"], self.site.user("bob"))
        self.site.ctl("user", "disable", "bob")
        self.refused(self.poll(begun, client), "invalid_grant")
        self.site.ctl("user", "enable", "bob")
        self.site.ctl("client", "disable", client.id)
        self.assert_error(self.poll(begun, client), 401, "invalid_client")

    def test_f8_a_password_change_takes_back_what_was_approved_and_not_fetched(self):
        begun = self.begin()
        plant_decision(self.site, begun["device_code"], self.site.user("carol"))
        self.site.ctl("user", "set-password", "carol", "--password-from", "-", stdin="another good horse")
        self.refused(self.poll(begun), "invalid_grant")


class Limited(DeviceCase):
    flags = ("--rate-limit-device", "5", "--trusted-proxies", "127.0.0.0/8")

    def ask(self, client, address):
        answer = self.http.post(PATH, {"client_id": client.id}, headers={"X-Forwarded-For": address})
        if answer.status == 200:
            self.site.remember(answer.json()["device_code"])
        return answer

    def test_device_authorization_requests_are_limited_by_client_and_address(self):
        for _ in range(5):
            self.assertEqual(self.ask(self.tv, "203.0.113.1").status, 200)
        answer = self.ask(self.tv, "203.0.113.1")
        self.assertEqual(answer.status, 429)
        self.assertRegex(answer.field("Retry-After"), r"\A[1-9]\d*\Z")
        self.assertEqual(self.ask(self.tv, "203.0.113.2").status, 200)
