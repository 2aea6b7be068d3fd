"""Two servers, command lines and one database: all see the same, at once, and what is to happen once does."""

import concurrent.futures
import time

from cluster_case import ClusterCase, all_at_once
from harness import planted, postgres, programs
from harness.http_client import basic
from harness.server import Server, eventually

DAY = 86400
SAME = 200


class Agreement(ClusterCase):
    def both(self, ask):
        return [ask(server) for server in self.instances]

    def test_a_token_revoked_at_one_server_is_inactive_at_the_others_next_answer(self):
        first, second = self.pair()
        for issuer, ender in ((first, second), (second, first)) * 25:
            token = self.token(issuer)
            self.assertEqual(self.both(lambda server: self.is_active(server, token)), [True, True])
            self.assertEqual(self.revoke(ender, token).status, 200)
            self.assertEqual(self.both(lambda server: self.is_active(server, token)), [False, False])

    def test_a_token_revoked_with_oauth2ctl_is_inactive_at_both_servers_next_answer(self):
        self.pair()
        for _ in range(10):
            token = self.token(self.instances[0])
            self.assertEqual(self.both(lambda server: self.is_active(server, token)), [True, True])
            self.site.ctl("token", "revoke", "--leaked", "-", stdin=token)
            self.assertEqual(self.both(lambda server: self.is_active(server, token)), [False, False])

    def test_a_disabled_client_is_refused_at_both_servers_next_answer(self):
        self.pair()
        for _ in range(5):
            self.assertEqual(self.both(lambda server: self.ask_token(server).status), [200, 200])
            self.site.ctl("client", "disable", self.app.id)
            self.assertEqual(self.both(lambda server: self.ask_token(server).status), [401, 401])
            self.site.ctl("client", "enable", self.app.id)

    def test_a_rotated_secret_is_dead_at_both_servers_next_answer(self):
        self.pair()
        for _ in range(5):
            old, new = self.app, self.site.ctl_json("client", "rotate-secret", self.app.id, "--yes")
            for secret, status in ((old.secret, 401), (new["client_secret"], 200)):
                auth = basic(self.app.id, secret)
                self.assertEqual(
                    self.both(
                        lambda server: server.http.post(
                            "/oauth/token", {"grant_type": "client_credentials"}, auth
                        ).status
                    ),
                    [status, status],
                )
            self.app.secret = new["client_secret"]

    def test_both_under_load_of_their_own_agree_on_every_token(self):
        first, second = self.pair()
        with self.load(first.http, fine=(), threads=4) as one, self.load(
            second.http, fine=(), threads=4
        ) as two:
            self.assertTrue(one.wait_for(300))
            self.assertTrue(two.wait_for(300))
        for load in (one, two):
            self.assert_kept(None, load)

    def test_command_lines_and_both_servers_lose_no_update(self):
        first, second = self.pair()
        with self.load(first.http, threads=2) as one, self.load(second.http, threads=2) as two:
            with concurrent.futures.ThreadPoolExecutor(8) as workers:
                list(
                    workers.map(
                        lambda name: self.site.ctl("client", "create", name, "--grant", "client_credentials"),
                        [f"c-{number}" for number in range(40)],
                    )
                )
            self.assertTrue(one.wait_for(200) and two.wait_for(200))
        self.assertEqual(len(self.site.ctl_json("client", "list")), 1 + 40)
        for load in (one, two):
            self.assert_kept(None, load)


    def test_failed_sign_ins_count_at_both_servers_together(self):
        first, second = self.pair("--password-grant", "true")
        client = self.site.client("signer", "--grant", "password")
        self.site.user_with_password("alice", "correct horse battery")

        def sign_in(server, password):
            form = {"grant_type": "password", "username": "alice", "password": password}
            return server.http.post("/oauth/token", form, client.basic).status

        statuses = [sign_in(server, "wrong") for server in (first, second) * 3]
        self.assertEqual(statuses, [400] * 5 + [429])
        planted.age_failures(self.site, -60)  # the block does not end before the next requests
        self.assertEqual(self.both(lambda server: sign_in(server, "correct horse battery")), [429, 429])
        planted.age_failures(self.site, 120)
        self.assertEqual(self.both(lambda server: sign_in(server, "correct horse battery")), [200, 200])

    def test_of_polls_at_both_servers_at_once_one_gets_the_tokens(self):
        self.pair()
        device = self.site.client("tv", "--grant", "device_code")
        user = self.site.user("alice")
        for _ in range(5):
            begun = self.instances[0].http.post("/oauth/device_authorization", {}, device.basic).json()
            planted.plant_decision(self.site, begun["device_code"], user)
            form = {
                "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
                "device_code": begun["device_code"],
            }
            polls = [
                lambda server=server: server.http.post("/oauth/token", form, device.basic).status
                for server in self.instances * 8
            ]
            self.assertEqual(sorted(all_at_once(*polls)), [200] + [400] * 15)


class Once(ClusterCase):
    def fresh(self):
        schema = postgres.Schema(self.postgres.url())
        self.addCleanup(schema.drop)
        return schema.url

    def check_made_once(self, db):
        with planted.opened(db) as connection:
            versions = [
                row[0] for row in connection.execute("SELECT version FROM schema_migrations").fetchall()
            ]
        self.assertGreater(len(versions), 0)
        self.assertEqual(len(versions), len(set(versions)))
        self.assertEqual([row["action"] for row in programs.ctl_json(db, "audit", "list")], ["init"])
        self.assertEqual([scope["name"] for scope in programs.ctl_json(db, "scope", "list")], ["user:email"])

    def test_of_many_inits_at_once_one_makes_the_database(self):
        for _ in range(3):
            db = self.fresh()

            def init():
                return programs.ctl_json(db, "init", "--if-not-exists")["changed"]

            self.assertEqual(sorted(all_at_once(*[init] * 6)), [False] * 5 + [True])
            self.check_made_once(db)

    def test_of_many_bare_inits_at_once_one_wins_and_the_others_say_that_it_is_there(self):
        db = self.fresh()
        codes = all_at_once(*[lambda: programs.ctl(db, "init", check=False).returncode] * 6)
        self.assertEqual(sorted(codes), [0] + [4] * 5)
        self.check_made_once(db)

    def test_servers_that_start_at_once_all_serve(self):
        servers = all_at_once(*[lambda: Server(self.site.db)] * 4)
        for server in servers:
            self.addCleanup(server.stop)
        for server in servers:
            self.assert_serves(server)
        self.assert_sound()

    def test_one_server_at_a_time_prunes_and_one_row_tells_of_it(self):
        now = int(time.time())
        planted.plant_tokens(
            self.site, 5000, client=self.app.id, created_at=now - 60 * DAY, expires_at=now - 59 * DAY
        )
        live = planted.plant_tokens(
            self.site, 50, client=self.app.id, created_at=now - 60 * DAY, expires_at=now + DAY
        )
        self.instances = all_at_once(*[lambda: Server(self.site.db, "--prune-interval", "1h")] * 2)
        for server in self.instances:
            self.addCleanup(server.stop)
        self.assertTrue(eventually(lambda: self.rows("SELECT count(*) FROM tokens")[0][0] == 50, 60))
        # A clean stop ends what a server has begun: after it nothing is pruned any more.
        time.sleep(3)
        for server in self.instances:
            self.assertEqual(server.stop(), 0)
        pruned = self.rows("SELECT actor FROM audit_log WHERE action = 'db.prune'")
        self.assertEqual(pruned, [("server",)])
        told = [line for server in self.instances for line in server.log() if line["event"] == "pruned"]
        self.assertEqual(sum(line["rows"] for line in told), 5000)
        server = self.start()
        for token in live:
            self.assertTrue(self.is_active(server, token))


class SameCodeAndToken(ClusterCase):
    """RFC 6749 4.1.2: a code is redeemed once. Of one refresh token all get the same successor."""

    def setUp(self):
        super().setUp()
        self.user = self.site.user("alice")
        self.web = self.site.client(
            "web", "--grant", "authorization_code", "--grant", "refresh_token",
            "--redirect-uri", "https://web.example/cb",
        )  # fmt: skip
        self.pair()

    def post_to_both(self, form):
        return all_at_once(
            *[
                lambda server=server: server.http.post("/oauth/token", form, self.web.basic)
                for server in self.instances
            ]
        )

    def test_one_code_at_both_servers_at_once_is_redeemed_once(self):
        for turn in range(SAME):
            with self.subTest(turn):
                code = planted.plant_code(self.site, client=self.web.id, user=self.user)
                answers = self.post_to_both({"grant_type": "authorization_code", "code": code})
                self.assertEqual(sorted(answer.status for answer in answers), [200, 400], answers)
                refused = next(answer for answer in answers if answer.status == 400)
                self.assertEqual(refused.json()["error"], "invalid_grant")

    def test_one_refresh_token_at_both_servers_at_once_has_one_successor(self):
        for turn in range(SAME):
            with self.subTest(turn):
                (refresh,) = planted.plant_tokens(
                    self.site, kind="refresh", client=self.web.id, user=self.user, family=f"family-{turn}",
                    expires_at=int(time.time()) + DAY,
                )  # fmt: skip
                answers = self.post_to_both({"grant_type": "refresh_token", "refresh_token": refresh})
                self.assertLessEqual({answer.status for answer in answers}, {200, 400}, answers)
                successors = {answer.json()["refresh_token"] for answer in answers if answer.status == 200}
                self.assertEqual(len(successors), 1, answers)
