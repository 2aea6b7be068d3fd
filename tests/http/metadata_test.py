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
        self.assertLessEqual(
            {"issuer", "authorization_endpoint", "token_endpoint", "response_types_supported"}, set(document)
        )
        for name, value in document.items():
            self.assertIsNotNone(value, name)

    def test_every_endpoint_that_is_named_is_served(self):
        document = self.document()
        endpoints = {name: url for name, url in document.items() if name.endswith("_endpoint")}
        self.assertLessEqual(
            {
                "authorization_endpoint",
                "pushed_authorization_request_endpoint",
                "token_endpoint",
                "introspection_endpoint",
                "revocation_endpoint",
            },
            set(endpoints),
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
        for grant in set(document["grant_types_supported"]) - {"implicit"}:  # it knows no token request
            answer = self.remembered(self.http.post("/oauth/token", {"grant_type": grant}, self.app.basic))
            if answer.status != 200:
                self.assertNotEqual(answer.json()["error"], "unsupported_grant_type", grant)

    def test_every_response_type_that_is_named_has_its_grant_named_too(self):
        """RFC 7591 section 2.1."""
        document = self.document()
        grants = {"code": "authorization_code", "token": "implicit"}
        for response_type in document["response_types_supported"]:
            self.assertIn(grants[response_type], document["grant_types_supported"])

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

    def ask(self, client, **changes):
        """Where the authorization endpoint sends the browser of somebody who is not signed in."""
        query = {
            "client_id": client.id,
            "response_type": "code",
            "code_challenge": "c" * 43,
            "code_challenge_method": "S256",
            **changes,
        }
        url = self.document()["authorization_endpoint"] + "?" + urllib.parse.urlencode(query)
        parts = urllib.parse.urlsplit(url)
        answer = self.http.get(f"{parts.path}?{parts.query}")
        self.assertEqual(answer.status, 303, answer)
        return answer.field("Location")

    def browser_client(self):
        return self.site.client(
            self.id().rpartition(".")[2],
            *("--grant", "authorization_code", "--grant", "implicit"),
            *("--redirect-uri", "https://web.example/cb", "--scope", "read"),
        )

    def test_the_response_types_that_are_named_are_taken_and_others_are_not(self):
        client = self.browser_client()
        named = self.document()["response_types_supported"]
        self.assertEqual(named, ["code", "token"])
        for response_type in named:
            self.assertIn("/login?", self.ask(client, response_type=response_type))
        for response_type in ("id_token", "code token", "none"):
            location = self.ask(client, response_type=response_type)
            self.assertIn("error=unsupported_response_type", location)

    def test_the_response_modes_that_are_named_are_taken_and_others_are_not(self):
        client = self.browser_client()
        self.assertEqual(self.document()["response_modes_supported"], ["query", "fragment"])
        self.assertIn("/login?", self.ask(client, response_mode="query"))
        self.assertIn("/login?", self.ask(client, response_mode="fragment", response_type="token"))
        self.assertIn("error=invalid_request", self.ask(client, response_mode="form_post"))

    def test_the_challenge_method_that_is_named_is_the_only_one(self):
        client = self.browser_client()
        self.assertEqual(self.document()["code_challenge_methods_supported"], ["S256"])
        self.assertIn("/login?", self.ask(client, code_challenge_method="S256"))
        self.assertIn("error=invalid_request", self.ask(client, code_challenge_method="plain"))

    def test_answers_carry_the_issuer_as_is_said(self):
        """RFC 9207."""
        document = self.document()
        self.assertIs(document["authorization_response_iss_parameter_supported"], True)
        location = self.ask(self.browser_client(), scope="nonsense")
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(location).query)
        self.assertEqual(query["iss"], [document["issuer"]])

    def test_pushing_is_offered_and_not_required(self):
        """RFC 9126 section 5: absent means false."""
        document = self.document()
        self.assertFalse(document.get("require_pushed_authorization_requests", False))
        self.assertIn("/login?", self.ask(self.browser_client()))

    def test_request_objects_are_not_offered(self):
        """RFC 9101 section 10.5; request_uri_parameter_supported is about those of others."""
        document = self.document()
        self.assertFalse(document.get("request_parameter_supported", False))
        self.assertFalse(document.get("require_signed_request_object", False))
        client = self.browser_client()
        self.assertIn("error=request_not_supported", self.ask(client, request="x"))

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
        for name, path in (
            ("authorization", "authorize"),
            ("pushed_authorization_request", "par"),
            ("token", "token"),
            ("introspection", "introspect"),
            ("revocation", "revoke"),
        ):
            self.assertEqual(answer.json()[f"{name}_endpoint"], f"{self.issuer}/oauth/{path}")

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
