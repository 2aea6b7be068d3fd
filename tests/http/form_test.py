"""Parameters come from the form body alone, once each, in percent-encoded UTF-8."""

from harness.case import ServedCase
from harness.http_client import FORM

ENDPOINTS = ("/oauth/token", "/oauth/introspect", "/oauth/revoke")


class Body(ServedCase):
    def post(self, body, path="/oauth/token", **headers):
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.remembered(self.http.post(path, body, self.app.basic, fields))

    def test_only_a_form_is_taken(self):
        for content_type in (
            "application/json",
            "text/plain",
            "multipart/form-data; boundary=x",
            "",
            "application/x-www-form-urlencoded-not",
            "x; application/x-www-form-urlencoded",
        ):
            for path in ENDPOINTS:
                with self.subTest(path=path, content_type=content_type):
                    answer = self.post(
                        "grant_type=client_credentials&token=x", path, Content_Type=content_type
                    )
                    self.assert_error(answer, 400, "invalid_request")

    def test_a_missing_content_type_is_refused(self):
        answer = self.http.request(
            "POST", "/oauth/token", b"grant_type=client_credentials", {"Authorization": self.app.basic}
        )
        self.assert_error(answer, 400, "invalid_request")

    def test_the_type_may_have_a_charset_and_any_case(self):
        for content_type in (
            FORM + "; charset=UTF-8",
            FORM + ";charset=utf-8",
            FORM.upper(),
            FORM + " ; a=b",
        ):
            with self.subTest(content_type):
                self.assertEqual(
                    self.post("grant_type=client_credentials", Content_Type=content_type).status, 200
                )

    def test_an_empty_body_is_an_invalid_request(self):
        for path in ("/oauth/token", "/oauth/introspect"):
            with self.subTest(path):
                self.assert_error(self.post("", path), 400, "invalid_request")

    def test_a_parameter_in_the_query_counts_for_nothing(self):
        answer = self.http.post("/oauth/token?grant_type=client_credentials", {}, self.app.basic)
        self.assert_error(answer, 400, "invalid_request")
        answer = self.http.post(
            "/oauth/token?scope=read", {"grant_type": "client_credentials"}, self.app.basic
        )
        self.assertEqual(self.remembered(answer).json()["scope"], "read write")
        answer = self.http.post(f"/oauth/introspect?token={self.token()}", {}, self.api.basic)
        self.assert_error(answer, 400, "invalid_request")

    def test_credentials_in_the_query_count_for_nothing(self):
        query = f"client_id={self.app.id}&client_secret={self.app.secret}"
        answer = self.http.post(f"/oauth/token?{query}", {"grant_type": "client_credentials"})
        self.assert_error(answer, 401, "invalid_client")

    def test_a_parameter_twice_is_an_invalid_request(self):
        for body in (
            "grant_type=client_credentials&grant_type=client_credentials",
            "grant_type=client_credentials&scope=read&scope=read",
            "grant_type=client_credentials&scope=read&sc%6fpe=write",
            "grant_type=client_credentials&unknown=1&unknown=2",
            "grant_type=client_credentials&scope=&scope=",
        ):
            with self.subTest(body):
                self.assert_error(self.post(body), 400, "invalid_request")
        for path in ("/oauth/introspect", "/oauth/revoke"):
            with self.subTest(path):
                self.assert_error(self.post("token=a&token=b", path), 400, "invalid_request")

    def test_resource_alone_may_repeat(self):
        answer = self.post("grant_type=client_credentials&resource=&resource=")
        self.assertEqual(answer.status, 200, answer)

    def test_unknown_parameters_are_ignored(self):
        answer = self.post("grant_type=client_credentials&nonce=1&%F0%9F%98%80=%C3%A9&=&&x")
        self.assertEqual(answer.status, 200, answer)

    def test_an_empty_parameter_is_an_absent_one(self):
        answer = self.post("grant_type=client_credentials&scope=&client_id=&client_secret=")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json()["scope"], "read write")

    def test_malformed_encoding_is_an_invalid_request_and_never_a_failure(self):
        for piece in (
            "%",
            "%4",
            "%zz",
            "%u0041",
            "%00",
            "a%00b",
            "%FF",
            "%C3",
            "%C3%28",
            "%C0%80",
            "%ED%A0%80",
            "%F4%90%80%80",
            "%E2%82",
            "\xff",
        ):
            for place in (f"scope={piece}", f"{piece}=x", f"unknown={piece}"):
                with self.subTest(place):
                    answer = self.post(f"grant_type=client_credentials&{place}".encode("latin-1"))
                    self.assert_error(answer, 400, "invalid_request")

    def test_raw_control_characters_in_a_value_do_no_harm(self):
        for byte in (b"\x00", b"\x01", b"\x7f", b"\r\n", b"\xc2\x85"):
            with self.subTest(byte):
                answer = self.post(b"grant_type=client_credentials&scope=re" + byte + b"ad")
                self.assertEqual(answer.status, 400, answer)

    def test_a_plus_is_a_blank(self):
        self.assertEqual(self.post("grant_type=client_credentials&scope=write+read").status, 200)

    def test_a_body_may_be_in_chunks(self):
        answer = self.http.request(
            "POST",
            "/oauth/token",
            iter([b"grant_type=client_", b"credentials"]),
            {"Authorization": self.app.basic, "Content-Type": FORM},
        )
        self.assertEqual(self.remembered(answer).status, 200, answer)

    def test_a_body_of_65536_bytes_is_read_and_a_longer_one_refused(self):
        start = "grant_type=client_credentials&pad="
        self.assertEqual(self.post(start + "x" * (65536 - len(start))).status, 200)
        self.assertEqual(self.post(start + "x" * (65537 - len(start))).status, 413)

    def test_two_hundred_parameters_are_taken_and_more_are_invalid_request(self):
        for count, status in ((199, 200), (200, 400), (5000, 400)):
            with self.subTest(count=count + 1):
                body = "grant_type=client_credentials&" + "&".join(f"p{index}=" for index in range(count))
                self.assertEqual(self.post(body).status, status)
