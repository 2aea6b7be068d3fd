"""What oauth2ctl changes, the server obeys at its next request."""

import time

from harness.case import ServedCase
from harness.http_client import basic
from harness.planted import age_secrets


class Disabling(ServedCase):
    def test_a_disabled_client_gets_nothing_and_its_tokens_are_inactive_until_it_is_enabled(self):
        client = self.site.client("blinking", "--scope", "read")
        token = self.token(client)
        self.assert_active(token)
        self.site.ctl("client", "disable", client.id)
        self.assert_error(self.ask_token(client), 401, "invalid_client")
        self.assert_error(self.revoke(token, client), 401, "invalid_client")
        answer = self.http.post("/oauth/introspect", {"token": token}, client.basic)
        self.assert_error(answer, 401, "invalid_client")
        self.assert_inactive(token)
        self.assertEqual(self.bearer(token).status, 401)
        self.site.ctl("client", "enable", client.id)
        self.assert_active(token)
        self.assertEqual(self.bearer(token).status, 200)
        self.token(client)

    def test_a_token_revoked_while_its_client_was_disabled_stays_revoked(self):
        client = self.site.client("half gone")
        token = self.token(client)
        self.site.ctl("client", "disable", client.id)
        self.site.ctl("token", "revoke", "--client", client.id, "--yes")
        self.site.ctl("client", "enable", client.id)
        self.assert_inactive(token)

    def test_a_disabled_owner_takes_the_clients_along_until_enabled(self):
        self.site.user("owner")
        client = self.site.client("owned", "--owner", "owner")
        token = self.token(client)
        self.site.ctl("user", "disable", "owner")
        self.assert_error(self.ask_token(client), 401, "invalid_client")
        self.assert_inactive(token)
        self.assertEqual(self.bearer(token).status, 401)
        self.site.ctl("user", "enable", "owner")
        self.assert_active(token)
        self.token(client)

    def test_a_disabled_user_takes_the_personal_tokens_along_until_enabled(self):
        self.site.user("petra")
        token = self.site.personal_token("petra", "laptop")
        self.assert_active(token)
        self.site.ctl("user", "disable", "petra")
        self.assert_inactive(token)
        self.assertEqual(self.bearer(token).status, 401)
        self.site.ctl("user", "enable", "petra")
        self.assert_active(token)


class Deletion(ServedCase):
    def test_a_deleted_client_takes_its_tokens_along(self):
        client = self.site.client("doomed")
        token = self.token(client)
        self.site.ctl("client", "delete", client.id, "--yes")
        self.assert_inactive(token)
        self.assertEqual(self.bearer(token).status, 401)
        self.assert_error(self.ask_token(client), 401, "invalid_client")

    def test_a_client_made_anew_under_the_same_id_inherits_nothing(self):
        client = self.site.client("phoenix", "--id", "phoenix-1")
        token = self.token(client)
        self.site.ctl("client", "delete", client.id, "--yes")
        again = self.site.client("phoenix", "--id", "phoenix-1")
        self.assert_inactive(token)
        self.assert_error(self.ask_token(client), 401, "invalid_client")
        self.token(again)

    def test_a_deleted_user_takes_tokens_and_clients_along(self):
        self.site.user("ghost")
        personal = self.site.personal_token("ghost", "laptop")
        client = self.site.client("ghostly", "--owner", "ghost")
        token = self.token(client)
        self.site.ctl("user", "delete", "ghost", "--yes")
        self.assert_inactive(personal)
        self.assert_inactive(token)
        self.assert_error(self.ask_token(client), 401, "invalid_client")


class Secrets(ServedCase):
    def rotate(self, client, *flags):
        return self.site.remember(
            self.site.ctl_json("client", "rotate-secret", client.id, *flags)["client_secret"]
        )

    def works(self, client, secret):
        answer = self.remembered(
            self.http.post("/oauth/token", {"grant_type": "client_credentials"}, basic(client.id, secret))
        )
        self.assertIn(answer.status, (200, 401))
        return answer.status == 200

    def test_a_rotated_secret_is_dead_at_once_and_the_new_one_works(self):
        client = self.site.client("rotating")
        token = self.token(client)
        fresh = self.rotate(client, "--yes")
        self.assertFalse(self.works(client, client.secret))
        self.assertTrue(self.works(client, fresh))
        self.assert_active(token)

    def test_with_an_overlap_both_secrets_work_and_then_only_the_new_one(self):
        client = self.site.client("overlapping")
        fresh = self.rotate(client, "--overlap", "1h")
        self.assertTrue(self.works(client, client.secret))
        self.assertTrue(self.works(client, fresh))
        age_secrets(self.site, client.id, 3601)
        self.assertFalse(self.works(client, client.secret))
        self.assertTrue(self.works(client, fresh))

    def test_an_added_secret_works_beside_the_first_until_it_is_revoked(self):
        client = self.site.client("two keys")
        added = self.site.ctl_json("client", "secret", "add", client.id)
        self.site.remember(added["client_secret"])
        self.assertTrue(self.works(client, client.secret))
        self.assertTrue(self.works(client, added["client_secret"]))
        self.site.ctl("client", "secret", "revoke", client.id, added["id"])
        self.assertTrue(self.works(client, client.secret))
        self.assertFalse(self.works(client, added["client_secret"]))

    def test_a_secret_with_an_end_works_until_then(self):
        client = self.site.client("ending")
        added = self.site.ctl_json("client", "secret", "add", client.id, "--expires-in", "1h")
        self.site.remember(added["client_secret"])
        self.assertTrue(self.works(client, added["client_secret"]))
        age_secrets(self.site, client.id, 3601)
        self.assertFalse(self.works(client, added["client_secret"]))

    def test_a_client_that_turned_public_has_no_secret_even_when_it_turns_back(self):
        client = self.site.client(
            "wavering", "--grant", "authorization_code", "--redirect-uri", "https://a.example/"
        )
        self.site.ctl("client", "update", client.id, "--public")
        self.site.ctl(
            "client",
            "update",
            client.id,
            "--auth-method",
            "client_secret_basic",
            "--grant",
            "client_credentials",
        )
        self.assertFalse(self.works(client, client.secret))


class Expiry(ServedCase):
    flags = ("--access-token-ttl", "1s")

    def test_an_expired_token_is_inactive_everywhere(self):
        answer = self.ask_token()
        self.assertEqual(answer.json()["expires_in"], 1)
        token = answer.json()["access_token"]
        time.sleep(2.1)
        self.assert_inactive(token)
        self.assertEqual(self.bearer(token).status, 401)

    def test_an_expired_personal_token_is_inactive(self):
        self.site.user("brief")
        token = self.site.personal_token("brief", "short", "--expires-in", "1s")
        time.sleep(2.1)
        self.assert_inactive(token)

    def test_an_expired_token_may_still_be_revoked_without_harm(self):
        token = self.token()
        time.sleep(2.1)
        self.assertEqual(self.revoke(token).status, 200)
        self.assert_inactive(token)
