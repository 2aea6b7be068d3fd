"""RFC 8414: the metadata, and that the server does what it says."""

import urllib.parse

from harness.case import ServedCase

WELL_KNOWN = "/.well-known/oauth-authorization-server"


class Metadata(ServedCase):
    def document(self, **headers):
        answer = self.http.get(WELL_KNOWN, **headers)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.field("Content-Type"), "application/json")
        return answer.json()

    def test_the_issuer_is_the_one_of_the_deployment(self):
        self.assertEqual(self.document()["issuer"], self.issuer)

    def test_required_members_are_there_and_no_list_is_null(self):
        document = self.document()
        self.assertLessEqual({"issuer", "token_endpoint", "response_types_supported"}, set(document))
        for name, value in document.items():
            self.assertIsNotNone(value, name)

    def test_every_endpoint_that_is_named_is_served(self):
        document = self.document()
        endpoints = {name: url for name, url in document.items() if name.endswith("_endpoint")}
        self.assertLessEqual(
            {"token_endpoint", "introspection_endpoint", "revocation_endpoint"}, set(endpoints)
        )
        for name, url in endpoints.items():
            self.assertTrue(url.startswith(self.issuer + "/"), url)
            self.assertNotEqual(self.http.get(urllib.parse.urlsplit(url).path).status, 404, name)

    def test_every_authentication_method_that_is_named_works(self):
        document = self.document()
        poster = self.site.client("poster", "--auth-method", "client_secret_post")
        by_method = {"client_secret_basic": ({}, self.app.basic), "client_secret_post": (poster.post, None)}
        paths = {"token": "/oauth/token", "introspection": "/oauth/introspect", "revocation": "/oauth/revoke"}
        for endpoint, path in paths.items():
            named = set(document[f"{endpoint}_endpoint_auth_methods_supported"])
            self.assertLessEqual(set(by_method), named)
            for method in named - {"none"}:
                with self.subTest(endpoint=endpoint, method=method):
                    form, auth = by_method[method]
                    answer = self.http.post(
                        path, {**form, "grant_type": "client_credentials", "token": "x"}, auth
                    )
                    self.assertEqual(self.remembered(answer).status, 200)

    def test_public_clients_are_named_exactly_where_they_may_come(self):
        document = self.document()
        self.assertIn("none", document["revocation_endpoint_auth_methods_supported"])
        self.assertNotIn("none", document["introspection_endpoint_auth_methods_supported"])

    def test_every_grant_that_is_named_is_known(self):
        document = self.document()
        self.assertIn("client_credentials", document["grant_types_supported"])
        for grant in document["grant_types_supported"]:
            answer = self.remembered(self.http.post("/oauth/token", {"grant_type": grant}, self.app.basic))
            if answer.status != 200:
                self.assertNotEqual(answer.json()["error"], "unsupported_grant_type", grant)

    def test_a_grant_that_nobody_can_begin_is_not_named(self):
        document = self.document()
        if "authorization_endpoint" not in document:
            named = set(document["grant_types_supported"])
            self.assertEqual(named & {"authorization_code", "refresh_token"}, set())

    def test_every_other_grant_is_unsupported(self):
        known = self.document()["grant_types_supported"]
        for grant in (
            "password",
            "implicit",
            "urn:ietf:params:oauth:grant-type:device_code",
        ):
            if grant not in known:
                self.assert_error(
                    self.http.post("/oauth/token", {"grant_type": grant}, self.app.basic),
                    400,
                    "unsupported_grant_type",
                )

    def test_internal_scopes_are_not_told(self):
        self.site.ctl("scope", "create", "backstage", "--internal")
        scopes = self.document()["scopes_supported"]
        self.assertIn("read", scopes)
        self.assertNotIn("backstage", scopes)

    def test_our_urls_never_come_from_the_request(self):
        expected = self.document()
        for headers in (
            {"Host": "evil.example"},
            {"X_Forwarded_Host": "evil.example"},
            {"X_Forwarded_Proto": "https"},
            {"X_Forwarded_Prefix": "/evil"},
            {"Forwarded": "host=evil.example;proto=https"},
        ):
            with self.subTest(headers):
                self.assertEqual(self.document(**headers), expected)

    def test_a_query_changes_nothing(self):
        self.assertEqual(self.http.get(WELL_KNOWN + "?x=%zz").json(), self.document())

    def test_over_plain_http_there_is_no_hsts(self):
        self.assertIsNone(self.http.get(WELL_KNOWN).field("Strict-Transport-Security"))


class IssuerWithPath(ServedCase):
    issuer = "https://auth.example.org/tenant/one"

    def test_the_well_known_part_stands_before_the_issuers_path(self):
        answer = self.http.get(WELL_KNOWN + "/tenant/one")
        self.assertEqual((answer.status, answer.json()["issuer"]), (200, self.issuer))
        self.assertEqual(answer.json()["token_endpoint"], self.issuer + "/oauth/token")

    def test_another_path_behind_it_is_not_found(self):
        for path in ("/tenant", "/tenant/one/", "/tenant/two", "/tenant/oneone"):
            with self.subTest(path):
                self.assertEqual(self.http.get(WELL_KNOWN + path).status, 404)

    def test_endpoints_answer_with_the_path_and_without(self):
        for prefix in ("", "/tenant/one"):
            with self.subTest(prefix):
                answer = self.http.post(
                    prefix + "/oauth/token", {"grant_type": "client_credentials"}, self.app.basic
                )
                self.assertEqual(self.remembered(answer).status, 200)
                self.assertEqual(self.http.get(prefix + "/healthz").status, 200)
                self.assertEqual(self.http.get(prefix + "/oauth/token").status, 405)

    def test_other_prefixes_are_not_found(self):
        for path in (
            "/tenant/oauth/token",
            "/tenant/one/tenant/one/healthz",
            "/tenant/onehealthz",
            "/tenant/one",
            "/x/healthz",
        ):
            with self.subTest(path):
                self.assertEqual(self.http.get(path).status, 404)

    def test_tokens_carry_the_whole_issuer(self):
        document = self.introspect(self.token())
        self.assertEqual((document["iss"], document["aud"]), (self.issuer, self.issuer))

    def test_on_an_https_issuer_every_answer_has_hsts(self):
        for answer in (
            self.http.get("/healthz"),
            self.http.get("/nowhere"),
            self.http.get("/oauth/ping"),
            self.http.get("/oauth/token"),
        ):
            self.assertRegex(answer.field("Strict-Transport-Security") or "", "max-age=[1-9]")


class IssuerFromElsewhere(ServedCase):
    flags = ("--issuer", "https://flag.example")

    def test_a_flag_beats_the_stored_issuer_and_the_difference_is_told(self):
        self.assertEqual(self.http.get(WELL_KNOWN).json()["issuer"], "https://flag.example")
        self.assertIn("warning", self.server.stderr())
        self.assertIn(self.issuer, self.server.stderr())
