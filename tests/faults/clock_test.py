"""The wall clock jumps: nothing that had ended revives, and the server goes on."""

import contextlib
import time

from harness.fault_case import FaultCase, needs_compiler
from harness.http_client import basic

DAY = 86400


def jumps():
    """(name, seconds to add to the wall clock): away and back again, to each time of interest."""
    now = int(time.time())
    away = {
        "a day ahead": DAY,
        "a day back": -DAY,
        "an hour back": -3600,
        "1970": 100 - now,
        "2038": 2**31 + 100 - now,
    }
    for name, seconds in away.items():
        yield name, seconds
        yield f"after {name}", 0


@needs_compiler
class Clock(FaultCase):
    def setUp(self):
        super().setUp()
        self.clock, self.env = self.shim("clock_shim")

    def ctl_json(self, *arguments, **options):
        return self.site.ctl_json(*arguments, env=self.env, **options)

    @contextlib.contextmanager
    def at(self, moment, offset):
        self.clock.set(offset)
        with self.subTest(moment):
            yield

    def works(self, server, secret):
        answer = server.http.post(
            "/oauth/token", {"grant_type": "client_credentials"}, basic(self.app.id, secret)
        )
        self.assertIn(answer.status, (200, 401))
        return answer.status == 200

    def test_a_running_server_follows_the_clock_ahead_and_never_back(self):
        server = self.start(env=self.env)
        for offset, followed in ((10 * DAY, 10 * DAY), (-10 * DAY, 10 * DAY), (0, 10 * DAY)):
            self.clock.set(offset)
            document = server.http.post("/oauth/introspect", {"token": self.token(server)}, self.app.basic).json()
            self.assertLess(abs(document["iat"] - (time.time() + followed)), 60)

    def test_the_server_goes_on_and_issues_tokens_of_the_right_length(self):
        server = self.start(env=self.env)
        for moment in jumps():
            with self.at(*moment):
                answer = self.ask_token(server)
                self.assertEqual((answer.status, answer.json()["expires_in"]), (200, 3600))
                self.assert_serves(server)
                self.assertEqual(server.http.get("/readyz").status, 200)

    def test_a_server_started_under_a_wrong_clock_serves(self):
        for moment in jumps():
            with self.at(*moment):
                with self.site.server(env=self.env) as server:
                    self.assert_serves(server)

    def test_a_revoked_token_stays_revoked(self):
        server = self.start(env=self.env)
        token = self.token(server)
        self.assertEqual(self.revoke(server, token).status, 200)
        for moment in jumps():
            with self.at(*moment):
                self.assertFalse(self.is_active(server, token))

    def test_a_rotated_secret_stays_dead(self):
        server = self.start(env=self.env)
        fresh = self.ctl_json("client", "rotate-secret", self.app.id, "--yes")["client_secret"]
        self.assertFalse(self.works(server, self.app.secret))
        for moment in jumps():
            with self.at(*moment):
                self.assertFalse(self.works(server, self.app.secret))
                self.assertTrue(self.works(server, fresh))

    def test_a_rotated_personal_token_stays_dead(self):
        self.site.user("alice")
        token = self.site.personal_token("alice", "laptop")
        server = self.start(env=self.env)
        self.assertTrue(self.is_active(server, token))
        self.ctl_json("token", "rotate", "laptop")
        self.assertFalse(self.is_active(server, token))
        for moment in jumps():
            with self.at(*moment):
                self.assertFalse(self.is_active(server, token))

    def test_an_expired_token_stays_expired(self):
        server = self.start("--access-token-ttl", "1s", env=self.env)
        token = self.token(server)
        time.sleep(2.1)
        self.assertFalse(self.is_active(server, token))
        for moment in jumps():
            with self.at(*moment):
                self.assertFalse(self.is_active(server, token))

    def test_a_token_that_never_expires_outlives_every_jump(self):
        self.site.user("alice")
        token = self.site.personal_token("alice", "laptop")
        server = self.start(env=self.env)
        for moment in jumps():
            with self.at(*moment):
                self.assertTrue(self.is_active(server, token))

    def test_the_command_line_works_under_any_clock(self):
        for moment in jumps():
            with self.at(*moment):
                made = self.ctl_json("client", "create", "moment", "--grant", "client_credentials")
                self.ctl_json("client", "delete", made["client_id"], "--yes")
                self.assert_sound()
