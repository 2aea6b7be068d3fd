"""Many processes on one database: no update is lost, and what one has ended is ended for all."""

import concurrent.futures

from harness.fault_case import FaultCase
from harness.load import Load
from harness.planted import opened


class Writers(FaultCase):
    def test_eight_command_lines_and_the_server_lose_no_update(self):
        server = self.start()
        shared = self.site.client("shared")

        def work(worker):
            for turn in range(5):
                name = f"c-{worker}-{turn}"
                self.site.ctl("client", "create", name, "--grant", "client_credentials")
                self.site.ctl("client", "secret", "add", shared.id)
                self.site.ctl(
                    "client",
                    "disable" if turn % 2 else "update",
                    name,
                    *(() if turn % 2 else ("--description", "changed")),
                )

        with Load(server.http, self.app, threads=2, fine=(503,)) as load:
            with concurrent.futures.ThreadPoolExecutor(8) as workers:
                list(workers.map(work, range(8)))
            load.wait_for(50)
        clients = {client["client_name"]: client for client in self.site.ctl_json("client", "list")}
        self.assertEqual(len(clients), 2 + 40)
        for worker in range(8):
            for turn in range(5):
                client = clients[f"c-{worker}-{turn}"]
                if turn % 2:
                    self.assertIsNotNone(client["disabled_at"])
                else:
                    self.assertEqual(client["description"], "changed")
        self.assertEqual(len(self.site.ctl_json("client", "secret", "list", shared.id)), 1 + 40)
        self.assert_agrees(server, load.model)
        self.assert_sound()
        with opened(self.site.db) as connection:
            count = connection.execute(
                "SELECT count(*) FROM audit_log WHERE action = 'client.secret.add'"
            ).fetchone()
        self.assertEqual(count[0], 40)

    def test_of_eight_creations_of_one_name_one_wins(self):
        def create(_):
            return self.site.ctl(
                "client", "create", "one", "--grant", "client_credentials", check=False
            ).returncode

        with concurrent.futures.ThreadPoolExecutor(8) as workers:
            codes = sorted(workers.map(create, range(8)))
        self.assertEqual(codes, [0] + [4] * 7)
        self.assert_sound()


class TwoServers(FaultCase):
    def test_what_one_server_revokes_is_inactive_at_the_others_next_answer(self):
        first, second = self.start(), self.start()
        for _ in range(50):
            token = self.token(first)
            self.assertTrue(self.is_active(second, token))
            self.assertEqual(self.revoke(second, token).status, 200)
            self.assertFalse(self.is_active(first, token))
            self.assertFalse(self.is_active(second, token))

    def test_what_the_command_line_ends_is_ended_at_both_servers_next_answer(self):
        servers = [self.start(), self.start()]
        for _ in range(5):
            token = self.token(servers[0])
            self.site.ctl("token", "revoke", "--leaked", "-", stdin=token)
            self.assertEqual([self.is_active(server, token) for server in servers], [False, False])
        self.site.ctl("client", "disable", self.app.id)
        self.assertEqual([self.ask_token(server).status for server in servers], [401, 401])
        self.site.ctl("client", "enable", self.app.id)
        self.assertEqual([self.ask_token(server).status for server in servers], [200, 200])

    def test_two_servers_under_load_agree_on_every_token(self):
        first, second = self.start(), self.start()
        with Load(first.http, self.app, fine=(503,)) as one, Load(second.http, self.app, fine=(503,)) as two:
            self.assertTrue(one.wait_for(300))
            self.assertTrue(two.wait_for(300))
        self.assert_agrees(second, one.model)
        self.assert_agrees(first, two.model)
        self.assert_sound()

    def test_a_killed_server_holds_no_lock(self):
        first, second = self.start(), self.start()
        with Load(first.http, self.app) as load:
            load.wait_for(50)
            first.kill()
            self.assert_serves(second)
        self.assert_agrees(second, load.model)
