"""What users change of clients of their own: the settings, the secret, and that they are there at all."""

import re
from concurrent.futures import ThreadPoolExecutor

from harness.http_client import HttpClient
from harness.planted import plant_tokens
from harness.site import Client

from grant_case import CALLBACK

from account_clients_case import APPLICATIONS, CLIENTS, NEW, ClientCase, path_of

ELSEWHERE = "https://web.example/elsewhere"


class Change(ClientCase):
    def test_what_is_saved_is_what_authorize_accepts(self):
        client = self.register()
        done = self.press(client, "save", name="Mail", redirect_uris=f"{ELSEWHERE}\r\nhttps://web.example/2")
        self.assertEqual((done.status, done.location), (303, path_of(client) + "?done=account_saved"), done)
        self.assertIn("Your changes are saved.", self.browser.follow(done).text)
        self.assert_error_page(self.ask_for_code(self.browser, client))
        page = self.assert_page(self.ask_for_code(self.browser, client, redirect_uri=ELSEWHERE))
        self.assertIn("Mail asks for access", page.headings[0])
        self.assertTrue(self.knows(client))

    def test_a_form_without_a_named_button_saves_too(self):
        client = self.register()
        form = self.form_with(self.browser.open(path_of(client)), "save")
        self.assertEqual(self.browser.submit(form, name="Mail").status, 303)
        self.assertEqual(self.show(client)["client_name"], "Mail")

    def test_a_refused_change_keeps_what_was_typed_and_changes_nothing(self):
        client = self.register()
        before = self.show(client)
        page = self.press(client, "save", name="y" * 41, redirect_uris=ELSEWHERE, description="New")
        self.assert_field_error(page, "name", "at most 40")
        fields = self.form_with(page, "save").fields
        self.assertEqual((fields["name"], fields["redirect_uris"]), ("y" * 41, ELSEWHERE))
        self.assertEqual(self.show(client), before)
        self.register(name="Mail")
        page = self.press(client, "save", name="Mail")
        self.assert_field_error(page, "name", "You already have one of this name")

    def test_one_that_becomes_public_loses_its_secret_and_has_to_make_one_when_it_comes_back(self):
        client = self.register()
        self.assertEqual(self.press(client, "save", client_type="public").status, 303)
        self.assertFalse(self.knows(client))
        done = self.press(client, "save", client_type="confidential")
        page = self.browser.follow(done)
        self.assertIn("no secret yet", page.text)
        self.assertFalse(self.knows(client))
        page = self.assert_page(self.press(client, "reset"))
        self.assertNotIn("old", page.text)
        client.secret = self.site.remember(self.shown(page, "client_secret"))
        self.assertTrue(self.knows(client))

    def test_where_a_client_that_skips_consent_leads_is_not_its_owners_to_change(self):
        client = self.register()
        self.site.ctl("client", "update", client.id, "--skip-consent")
        page = self.browser.open(path_of(client))
        self.assertIn("only an administrator can change where it leads", page.text)
        self.assertRegex(page.answer.body.decode(), r'name="redirect_uris"[^>]* readonly')
        page = self.press(client, "save", redirect_uris=ELSEWHERE)
        self.assert_field_error(page, "redirect_uris", "only an administrator")
        self.assertEqual(self.form_with(page, "save").fields["redirect_uris"], CALLBACK)
        self.assertEqual(self.show(client)["redirect_uris"], [CALLBACK])
        self.assertEqual(self.press(client, "save", name="Mail").status, 303)
        self.assertEqual(self.show(client)["client_name"], "Mail")


    def test_one_that_skips_consent_says_why_it_cannot_become_public(self):
        client = self.register(redirect_uris="http://127.0.0.1:8080/callback")
        self.site.ctl("client", "update", client.id, "--skip-consent")
        page = self.press(client, "save", client_type="public")
        self.assert_field_error(page, "client_type", "can only be public where all its redirect URIs start with https")
        self.assertTrue(self.knows(client))


class Reset(ClientCase):
    def test_the_same_form_twice_resets_it_once_and_says_why(self):
        for overlap in ("", "1h"):
            with self.subTest(overlap):
                client = self.register(name="twice " + overlap)
                form = self.form_with(self.browser.open(path_of(client)), "reset")
                page = self.assert_page(self.browser.submit(form, "yes", overlap=overlap))
                new = Client(client.id, self.site.remember(self.shown(page, "client_secret")))
                again = self.assert_page(self.browser.submit(form, "yes", overlap=overlap), 400)
                self.assertIn("was reset in the meantime", again.alert)
                self.assertTrue(self.knows(new))
                page = self.assert_page(self.browser.submit(self.form_with(again, "reset"), "yes"))
                self.site.remember(self.shown(page, "client_secret"))

    def test_of_the_same_form_sent_many_times_at_once_one_makes_a_secret(self):
        for was_public in (False, True):
            with self.subTest(was_public=was_public):
                client = self.register(name=f"many {was_public}", client_type="public" if was_public else None)
                self.press(client, "save", client_type="confidential")
                form = self.form_with(self.browser.open(path_of(client)), "reset")
                tabs = [self.browser.copy(HttpClient(self.server.addresses[0])) for _ in range(8)]
                with ThreadPoolExecutor(8) as pool:
                    pages = list(pool.map(lambda tab: tab.submit(form, "yes"), tabs))
                self.assertEqual(sorted(page.status for page in pages), [200] + [400] * 7)
                (page,) = [page for page in pages if page.status == 200]
                self.assertTrue(self.knows(Client(client.id, self.site.remember(self.shown(page, "client_secret")))))

    def test_without_an_overlap_the_old_secret_is_refused_at_once(self):
        client = self.register()
        new = self.reset(client)
        self.assertNotEqual(new.secret, client.secret)
        self.assertEqual((self.knows(client), self.knows(new)), (False, True))

    def test_with_an_overlap_both_work_and_the_page_says_until_when(self):
        client = self.register()
        page = self.assert_page(self.press(client, "reset", overlap="1d"))
        self.assertRegex(page.text, r"The old one works until \d+ \w+ \d{4}, \d\d:\d\d UTC")
        new_secret = self.site.remember(self.shown(page, "client_secret"))
        self.assertTrue(self.knows(client))
        page = self.browser.open(path_of(client))
        self.assertIn("2 secrets work", page.text)
        self.assertEqual(page.text.count("works until you reset it"), 1)
        self.assertEqual(len(re.findall(r"works until \d", page.text)), 1)
        client.secret = new_secret
        self.assertTrue(self.knows(client))

    def test_the_new_secret_is_shown_once(self):
        client = self.reset(self.register(), overlap="7d")
        for path in (APPLICATIONS, path_of(client)):
            self.assertNotIn(client.secret, self.browser.open(path).answer.body.decode())

    def test_an_overlap_that_was_not_offered_changes_nothing(self):
        client = self.register()
        offered = re.findall(r'<option value="(\w*)"', self.browser.open(path_of(client)).answer.body.decode())
        self.assertEqual(offered, ["", "1h", "1d", "7d"])
        page = self.press(client, "reset", overlap="365d")
        self.assert_field_error(page, "overlap", "how long the old one keeps working")
        self.assertTrue(self.knows(client))
        self.assertEqual(len(self.secrets_in_database()), 1)

    def test_a_public_client_has_none_to_reset(self):
        client = self.register(client_type="public")
        token = self.form_with(self.browser.open(NEW), "save").fields["csrf_token"]
        page = self.browser.post(path_of(client), {"csrf_token": token, "reset": "yes"})
        self.assert_field_error(page, "client_type", "has no secret")


class Delete(ClientCase):
    def confirmation(self, client):
        return self.assert_page(self.browser.open(path_of(client) + "delete/"))

    def test_the_confirmation_names_what_breaks_and_can_be_left(self):
        client = self.register()
        page = self.confirmation(client)
        for words in ("Delete Wiki?", "Nobody uses it: no users, no live tokens", "cannot be undone"):
            self.assertIn(words, page.text)
        self.assertIn(path_of(client), page.links)
        self.tokens_for(client)
        self.assertIn("1 user, 2 live tokens", self.confirmation(client).text)
        self.tokens_for(client, self.signed_in(self.fresh_user()))
        plant_tokens(self.site, 1, client=client.id)
        page = self.confirmation(client)
        self.assertIn("These lose access at once: 2 users, 5 live tokens", page.text)

    def test_french_counts_as_french_people_do(self):
        client = self.register()
        self.browser.headers["Accept-Language"] = "fr"
        self.assertIn("aucun utilisateur, aucun jeton actif", self.confirmation(client).text)
        plant_tokens(self.site, 1, client=client.id)
        self.assertIn("aucun utilisateur, 1 jeton actif", self.confirmation(client).text)
        self.tokens_for(client)
        self.assertIn("1 utilisateur, 3 jetons actifs", self.confirmation(client).text)

    def test_a_deleted_client_is_gone_with_its_tokens(self):
        client = self.register()
        given = self.tokens_for(client)
        page = self.browser.open(path_of(client))
        self.assertIn(path_of(client) + "delete/", page.links)
        done = self.browser.submit(self.form_with(self.confirmation(client), "delete"), "yes")
        self.assertEqual((done.status, done.location), (303, APPLICATIONS + "?done=client_deleted"), done)
        self.assertIn("The application is deleted.", self.browser.follow(done).text)
        self.assert_inactive(given["access_token"])
        self.assertFalse(self.knows(client))
        self.assert_error_page(self.browser.open(path_of(client)), 404)
        self.assertEqual(self.own_clients(), [])


class Audit(ClientCase):
    def test_each_act_has_a_row_that_names_the_user(self):
        client = self.register()
        self.press(client, "save", name="Mail")
        self.reset(client)
        self.press(client, "save", name="x" * 41)  # refused: no act
        form = self.form_with(self.browser.open(path_of(client) + "delete/"), "delete")
        self.browser.submit(form, "yes")
        rows = self.site.ctl_json("audit", "list", "--object", "client:" + client.id)
        actions = ["client.create", "client.update", "client.rotate_secret", "client.delete"]
        self.assertEqual(sorted(row["action"] for row in rows), sorted(actions))
        for row in rows:
            self.assertEqual(row["actor"], "user:" + self.user_id)
            self.assertEqual(row["address"], self.browser.headers["X-Forwarded-For"])
            self.assertTrue(row["request_id"])


class ByAdministrator(ClientCase):
    flags = (*ClientCase.flags, "--account-applications", "admin")

    def given_client(self, *flags):
        return self.site.client("Wiki", "--owner", self.user, "--redirect-uri", CALLBACK,
                                "--grant", "authorization_code", *flags)  # fmt: skip

    def test_a_new_one_is_refused_in_words(self):
        token = self.browser.open(APPLICATIONS).form("/logout").fields["csrf_token"]
        form = {"csrf_token": token, "name": "Mine", "redirect_uris": CALLBACK}
        for page in (self.browser.open(NEW), self.browser.post(NEW, form)):
            self.assert_error_page(page, 403)
            self.assertIn("registered and changed by an administrator", page.text)
            self.assertIn(APPLICATIONS, page.links)
        self.assertEqual(self.own_clients(), [])

    def test_the_settings_are_text_and_a_change_is_refused(self):
        client = self.given_client("--description", "What it does")
        page = self.assert_page(self.browser.open(path_of(client)))
        for words in ("What it does", CALLBACK, "by an administrator"):
            self.assertIn(words, page.text)
        self.assertNotIn('name="redirect_uris"', page.answer.body.decode())
        before = self.show(client)
        token = page.form("/logout").fields["csrf_token"]
        form = {"csrf_token": token, "name": "Mine", "redirect_uris": ELSEWHERE}
        page = self.assert_page(self.browser.post(path_of(client), form), 400)
        self.assertIn("by an administrator", page.alert)
        self.assertEqual(self.show(client), before)

    def test_reset_and_delete_work(self):
        client = self.given_client()
        new = self.reset(client)
        self.assertEqual((self.knows(client), self.knows(new)), (False, True))
        form = self.form_with(self.browser.open(path_of(client) + "delete/"), "delete")
        self.assertEqual(self.browser.submit(form, "yes").status, 303)
        self.assertEqual(self.own_clients(), [])


class Off(ClientCase):
    flags = (*ClientCase.flags, "--account-applications", "off")

    def test_there_are_no_such_pages(self):
        client = self.site.client("Wiki", "--owner", self.user, "--redirect-uri", CALLBACK,
                                  "--grant", "authorization_code")  # fmt: skip
        token = self.browser.open("/account/settings/security/").form("/logout").fields["csrf_token"]
        for path in (NEW, path_of(client), path_of(client) + "delete/"):
            self.assert_error_page(self.browser.open(path), 404)
        self.assert_error_page(self.browser.post(NEW, {"csrf_token": token, "client_type": "odd"}), 404)
        for path, button in ((NEW, "save"), *((path_of(client), each) for each in ("save", "reset", "delete"))):
            form = {"csrf_token": token, "name": "Mine", "redirect_uris": CALLBACK, button: "yes"}
            self.assert_error_page(self.browser.post(path, form), 404)
        self.assertTrue(self.knows(client))
        self.assertEqual(len(self.own_clients()), 1)


class BelowAPath(ClientCase):
    issuer = "http://127.0.0.1:9000/auth"

    def setUp(self):
        self.user = self.fresh_user()
        self.browser = self.person()
        page = self.browser.open("/auth/login")
        self.browser.submit(page.form("/login"), username=self.user, password="correct horse battery staple")

    def test_links_forms_and_endpoints_stay_below_the_issuers_path(self):
        page = self.browser.open("/auth" + NEW)
        page = self.browser.submit(page.form(NEW), "yes", name="Wiki", redirect_uris=CALLBACK)
        client_id = self.shown(page, "client_id")
        self.site.remember(self.shown(page, "client_secret"))
        for path in (f"{CLIENTS}{client_id}/", f"{CLIENTS}{client_id}/delete/"):
            page = self.assert_page(self.browser.open("/auth" + path))
            for link in (*page.links, *(form.action for form in page.forms)):
                self.assertTrue(link.startswith(("/auth/", "#")), link)
        page = self.browser.open(f"/auth{CLIENTS}{client_id}/")
        self.assertEqual(self.shown(page, "endpoint_token"), self.issuer + "/oauth/token")
        metadata = self.shown(page, "endpoint_metadata").removeprefix("http://127.0.0.1:9000")
        self.assertEqual(self.http.get(metadata).json()["issuer"], self.issuer)
        done = self.browser.submit(self.form_with(page, "save"), "yes", name="Mail")
        self.assertEqual(done.location, f"/auth{CLIENTS}{client_id}/?done=account_saved")
