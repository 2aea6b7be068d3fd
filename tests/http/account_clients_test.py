"""The pages on which users register clients of their own, and see, change, reset and delete them."""

import re

from grant_case import CALLBACK, VERIFIER

from account_clients_case import APPLICATIONS, CLIENTS, NEW, ClientCase, path_of

HOSTILE = "<script>alert(1)</script>\"'"
BOTH_GRANTS = ("--grant", "authorization_code", "--redirect-uri", CALLBACK)


class Register(ClientCase):
    def test_a_registered_client_gets_tokens_by_the_authorization_code_flow_with_pkce(self):
        client = self.register()
        given = self.tokens_for(client)
        self.assertEqual((given["scope"], given["user"]["id"]), ("read", self.user_id))
        self.assertEqual(self.given(self.refresh(given["refresh_token"], client))["scope"], "read")

    def test_a_public_client_has_no_secret_and_must_use_pkce(self):
        page = self.assert_page(self.send_new(client_type="public"))
        self.assertIn("has no secret", page.text)
        self.assertIn("PKCE", page.text)
        self.assertIsNone(self.shown(page, "client_secret"))
        client = self.register(name="Another", client_type="public")
        refused = self.ask_for_code(self.browser, client, code_challenge=None, code_challenge_method=None)
        self.assert_sent_back(refused, "invalid_request")
        form = {
            "grant_type": "authorization_code",
            "client_id": client.id,
            "code": self.code_for(client),
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        self.given(self.remembered(self.http.post("/oauth/token", form)))
        self.assertEqual(self.secrets_in_database(), [])

    def test_confidential_is_chosen_and_each_type_says_what_it_means(self):
        page = self.assert_page(self.browser.open(NEW))
        self.assertEqual(page.form(NEW).fields["client_type"], "confidential")
        self.assertIn("runs on a server of yours and gets a secret", page.text)
        self.assertIn("gets no secret and must protect each request with PKCE", page.text)

    def test_it_is_the_users_with_the_usual_grants_and_nothing_more(self):
        made = self.show(self.register(description="Keeps pages", website="https://web.example"))
        for field, value in (
            ("owner", self.user),
            ("description", "Keeps pages"),
            ("client_uri", "https://web.example"),
            ("grant_types", ["authorization_code", "refresh_token"]),
            ("redirect_uris", [CALLBACK]),
            ("token_endpoint_auth_method", "client_secret_basic"),
            ("internal", False),
            ("skip_consent", False),
        ):
            self.assertEqual(made[field], value, field)
        self.assertFalse(made["scope"])

    def test_the_secret_is_shown_once_and_never_again(self):
        client = self.register()  # the class ends with a search of log and database
        again = self.send_new()
        self.assertEqual(again.status, 400)
        for page in (again, *(self.browser.open(p) for p in (APPLICATIONS, NEW, path_of(client)))):
            self.assertNotIn(client.secret, page.answer.body.decode())
        self.assertNotIn(client.secret, self.site.ctl("client", "show", client.id, "-o", "json").stdout)
        self.assertNotIn(client.secret, self.site.ctl("audit", "list", "-o", "json").stdout)

    def test_the_page_with_the_secret_leads_on_to_the_client(self):
        page = self.send_new()
        client_id = self.shown(page, "client_id")
        self.assertIn(f"{CLIENTS}{client_id}/", page.links)
        self.assertIn("never shown again", page.text)
        self.assertEqual(page.answer.field("Cache-Control"), "no-store")

    def test_the_same_form_sent_twice_makes_one_client(self):
        form = self.browser.open(NEW).form(NEW)
        values = {"name": "Wiki", "redirect_uris": CALLBACK}
        self.site.remember(self.shown(self.browser.submit(form, "yes", **values), "client_secret"))
        page = self.browser.submit(form, "yes", **values)
        self.assert_field_error(page, "name", "You already have one of this name")
        self.assertEqual(len(self.own_clients()), 1)
        self.assertEqual(len(self.secrets_in_database()), 1)

    def test_the_same_form_sent_by_a_double_click_makes_one_client(self):
        form = self.browser.open(NEW).form(NEW)
        values = {"name": "Wiki", "redirect_uris": CALLBACK}
        pages = self.at_once(4, lambda: self.browser.submit(form, "yes", **values))
        self.assertEqual(sorted(page.status for page in pages), [200, 400, 400, 400])
        for page in pages:
            self.site.remember(self.shown(page, "client_secret"))
        self.assertEqual(len(self.own_clients()), 1)

    def test_a_name_of_40_characters_is_taken_and_one_of_41_is_not(self):
        for letter in ("x", "é", "\U0001f600"):
            page = self.send_new(name=letter * 41)
            self.assert_field_error(page, "name", "at most 40 characters")
            self.assertEqual(self.show(self.register(name=letter * 40))["client_name"], letter * 40)
        self.assert_field_error(self.send_new(name="  "), "name", "Please enter a name")

    def test_a_redirect_uri_that_is_refused_is_named_by_its_line_and_all_that_was_typed_stays(self):
        typed = {
            "name": "Wiki & <Co>",
            "description": "Keeps pages",
            "website": "https://web.example",
            "redirect_uris": f"{CALLBACK}\r\n\r\nhttp://web.example/cb\r\n",
            "client_type": "public",
        }
        page = self.send_new(**typed)
        self.assert_field_error(page, "redirect_uris", "Line 3: please use https")
        typed["redirect_uris"] = typed["redirect_uris"].replace("\r", "")
        fields = page.form(NEW).fields
        self.assertEqual({name: fields[name].replace("\r", "") for name in typed}, typed)
        self.assertEqual(self.own_clients(), [])
        done = self.browser.submit(page.form(NEW), "yes", redirect_uris=CALLBACK)
        self.assertEqual(done.status, 200, done)

    def test_each_field_that_cannot_be_says_so_where_it_stands(self):
        for field, value, words in (
            ("website", "web.example", "starts with https"),
            ("description", "x" * 501, "at most 500"),
            ("redirect_uris", "\r\n", "at least one"),
            ("redirect_uris", "com.example.app:/cb", "Line 1"),
            ("client_type", "other", "one of the two"),
        ):
            with self.subTest(field):
                self.assert_field_error(self.send_new(**{field: value}), field, words)
        self.assertEqual(self.own_clients(), [])

    def test_a_client_of_another_user_may_have_the_same_name(self):
        self.register()
        other = self.signed_in(self.fresh_user())
        self.assertIsNotNone(self.register(other).secret)

    def test_it_speaks_french(self):
        self.browser.headers["Accept-Language"] = "fr"
        page = self.send_new(redirect_uris="http://web.example/cb")
        self.assertEqual(page.language, "fr")
        self.assert_field_error(page, "redirect_uris", "Ligne 1\u202f: veuillez utiliser https")
        client = self.register()
        page = self.browser.open(path_of(client))
        for words in ("Secret du client", "Points d’accès", "Remplacer le secret", "Supprimer…"):
            self.assertIn(words, page.text)


class Show(ClientCase):
    def test_the_page_has_what_a_developer_needs(self):
        client = self.register()
        page = self.assert_page(self.browser.open(path_of(client)))
        self.assertEqual(self.shown(page, "client_id"), client.id)
        for field, path in (
            ("issuer", ""),
            ("metadata", "/.well-known/oauth-authorization-server"),
            ("authorization", "/oauth/authorize"),
            ("token", "/oauth/token"),
            ("revocation", "/oauth/revoke"),
            ("introspection", "/oauth/introspect"),
        ):
            self.assertEqual(self.shown(page, "endpoint_" + field), self.issuer + path)
        for words in ("Confidential", "client_secret_basic", "S256", "read – Read your records", "One secret"):
            self.assertIn(words, page.text)
        self.assertNotIn("<script", page.answer.body.decode())

    def test_a_public_clients_page_has_nothing_about_a_secret_or_introspection(self):
        page = self.browser.open(path_of(self.register(client_type="public")))
        self.assertIsNone(self.shown(page, "endpoint_introspection"))
        self.assertNotIn("Reset secret", page.text)
        self.assertIn("Required, with the method S256", page.text)

    def test_the_example_is_a_request_that_is_answered(self):
        client = self.register()
        body = self.browser.open(path_of(client)).answer.body.decode()
        url = re.search(r'id="example"[^>]*>\s*([^<]+)</textarea>', body).group(1).replace("&amp;", "&")
        self.assertTrue(url.startswith(self.issuer + "/oauth/authorize?"), url)
        page = self.browser.open(url.removeprefix(self.issuer).replace("CHALLENGE", "x" * 43))
        self.assertIn("asks for access", self.assert_page(page).headings[0])

    def test_what_a_developer_typed_is_shown_as_text(self):
        client = self.register(name=HOSTILE, description=HOSTILE + "2")
        page = self.assert_page(self.browser.open(path_of(client)))
        self.assertIn("<script>alert(1)</script>", page.headings[0])
        self.assertEqual(self.form_with(page, "save").fields["description"], HOSTILE + "2")
        for path in (path_of(client), path_of(client) + "delete/"):
            self.assertNotIn("<script", self.browser.open(path).answer.body.decode())

    def test_a_client_that_an_administrator_disabled_says_so(self):
        client = self.register()
        self.assertNotIn("has disabled", self.browser.open(path_of(client)).text)
        self.site.ctl("client", "disable", client.id)
        self.assertIn("administrator has disabled", self.browser.open(path_of(client)).text)

    def test_an_id_that_an_administrator_chose_has_its_page(self):
        for word in ("a.b_c-d", "x" * 100):
            self.site.client(word, "--id", word, "--owner", self.user, *BOTH_GRANTS)
            self.assertEqual(self.browser.open(f"{CLIENTS}{word}/").status, 200)
            self.site.ctl("client", "delete", word, "--yes")

    def test_another_users_client_an_internal_one_and_an_unknown_one_are_the_same_404(self):
        other = self.register(self.signed_in(self.fresh_user()))
        internal = self.site.client(
            "internal", "--id", self.user, "--owner", self.user, "--internal", *BOTH_GRANTS
        )
        form = self.form_with(self.browser.open(NEW), "save")
        seen = set()
        for name in (other.id, internal.id, "x" * len(other.id), "Wiki"):
            for path in (f"{CLIENTS}{name}/", f"{CLIENTS}{name}/delete/"):
                page = self.assert_error_page(self.browser.open(path), 404)
                seen.add(self.without_ids(page))
            for button in ("save", "reset", "delete"):
                values = {"csrf_token": form.fields["csrf_token"], button: "yes", "name": "Mine"}
                page = self.assert_error_page(self.browser.post(f"{CLIENTS}{name}/", values), 404)
                seen.add(self.without_ids(page))
        self.assertEqual(len(seen), 1, seen)
        self.assertTrue(self.knows(other))
        self.assertEqual(self.show(other)["client_name"], "Wiki")

    def without_ids(self, page):
        return re.sub(r"Request \w+", "", page.text)


class Guard(ClientCase):
    def test_a_form_without_its_csrf_token_changes_nothing(self):
        client = self.register()
        stranger = self.signed_in(self.fresh_user())
        theirs = self.form_with(stranger.open(NEW), "save").fields["csrf_token"]
        before, audit = self.show(client), self.audit("client:" + client.id)
        for token, status in ((None, 400), ("x", 403), (theirs, 403)):
            for path, values in (
                (NEW, {"name": "More", "redirect_uris": CALLBACK}),
                (path_of(client), {"name": "Other", "redirect_uris": CALLBACK, "save": "yes"}),
                (path_of(client), {"reset": "yes"}),
                (path_of(client), {"delete": "yes"}),
            ):
                if token:
                    values["csrf_token"] = token
                self.assert_error_page(self.browser.post(path, values), status)
        self.assertEqual(self.show(client), before)
        self.assertEqual(self.audit("client:" + client.id), audit)
        self.assertEqual(len(self.own_clients()), 1)
        self.assertTrue(self.knows(client))

    def test_who_is_not_signed_in_sees_none_of_it(self):
        client = self.register()
        for path in (NEW, path_of(client), path_of(client) + "delete/"):
            self.assertTrue(self.person().open(path).location.startswith("/login?"), path)
        self.assertTrue(self.person().post(path_of(client), {"delete": "yes"}).location.startswith("/login?"))
        self.assertTrue(self.knows(client))

    def test_nothing_is_deleted_or_reset_by_get(self):
        client = self.register()
        for query in ("?delete=yes", "?reset=yes", "delete/?delete=yes"):
            self.assertEqual(self.browser.open(path_of(client) + query).status, 200)
        self.assertTrue(self.knows(client))
