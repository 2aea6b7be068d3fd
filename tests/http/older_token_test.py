"""Access and refresh tokens from before schema 5, whose ids do not tell when they were made."""

import time

from grant_case import GrantCase
from harness.planted import age_rotation, plant_tokens, timeless_id_of


class OlderTokens(GrantCase):
    def older(self, kind, **what):
        return plant_tokens(
            self.site,
            kind=kind,
            client=self.web.id,
            user=self.user_id,
            scope="read write",
            expires_at=int(time.time()) + 3600,
            timed=False,
            **what,
        )[0]

    def test_an_older_access_token_goes_on_working_until_it_is_revoked(self):
        token = self.older("access")
        document = self.introspect(token, self.web)
        self.assertEqual((document["active"], document["jti"]), (True, timeless_id_of(token)))
        self.assertEqual(self.bearer(token).status, 200)
        self.assertEqual(self.site.ctl_json("token", "show", timeless_id_of(token))["kind"], "access")
        self.assertEqual(self.site.ctl_json("token", "show", timeless_id_of(token)[:8])["kind"], "access")
        self.assertEqual(self.revoke(token, self.web).status, 200)
        self.assert_inactive(token, self.web)
        self.assertEqual(self.bearer(token).status, 401)

    def test_an_older_refresh_token_rotates_once_and_its_reuse_ends_what_it_gave(self):
        token = self.older("refresh", family="older-family")
        given = self.given(self.refresh(token))
        self.assert_active(given["access_token"], self.web)
        retried = self.given(self.refresh(token))
        self.assertEqual(retried["refresh_token"], given["refresh_token"])
        age_rotation(self.site, token, 3600)
        self.refused(self.refresh(token), "invalid_grant")
        self.assert_inactive(given["access_token"], self.web)
        self.assert_inactive(given["refresh_token"], self.web)

    def test_the_command_line_knows_an_older_token_too(self):
        token = self.older("access")
        verified = self.site.ctl("token", "verify", "--token-from", "-", "-q", stdin=token + "\n")
        self.assertEqual(verified.stdout.strip(), "true")
        self.site.ctl("token", "revoke", "--leaked", "-", "--yes", stdin=token + "\n")
        self.assert_inactive(token, self.web)
