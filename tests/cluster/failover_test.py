"""Behind nginx one server may die, and PostgreSQL may go and come back; what was answered holds."""

import time

from cluster_case import ClusterCase, needs_nginx
from harness.load import Model
from harness.server import DidNotStart, eventually

AWAY = 10  # seconds without PostgreSQL
STILL = 8  # seconds in which it takes connections and answers nothing


@needs_nginx
class OneServerDies(ClusterCase):
    THREADS = 8

    def test_only_requests_in_flight_see_that_a_server_was_killed(self):
        http = self.behind_nginx()
        first, second = self.instances
        port = first.port
        with self.load(http, fine=(502, 503), threads=self.THREADS) as load:
            self.assertTrue(load.wait_for_good(300))
            self.assertEqual(load.not_good, [])
            gone = self.killed(first, load)
            self.assertTrue(load.wait_for_good(300))
            lost = list(load.not_good)
            self.assertLessEqual(len(lost) - gone, self.THREADS, lost[:20])
            self.assertTrue(load.wait_for_good(500))
            self.assertEqual(load.not_good, lost)
            first = self.start("--trusted-proxies", "127.0.0.1", listen=(f"127.0.0.1:{port}",))
            self.instances[0] = first
            self.assertTrue(eventually(lambda: self.has_answered(first)))
            self.assertTrue(load.wait_for_good(300))
            self.assertEqual(load.not_good, lost)
        self.assert_kept(http, load)

    def killed(self, server, load):
        """How many requests had failed when it was gone. While it dies the kernel takes connections for it; from then
        on each failure costs nginx a connection that it still had, and it has no more than there are clients."""
        server.kill()
        return len(load.not_good)

    def has_answered(self, server):
        return any(line["event"] == "request" and line["status"] == 200 for line in server.log())

    def test_killed_in_turn_under_load_they_lose_nothing(self):
        http = self.behind_nginx()
        model = Model()
        for turn in range(6):
            dying = self.instances[turn % 2]
            with self.load(http, fine=(502, 503), threads=self.THREADS, model=model) as load:
                self.assertTrue(load.wait_for_good(100))
                gone = self.killed(dying, load)
                self.assertTrue(load.wait_for_good(100))
                self.assertLessEqual(len(load.not_good) - gone, self.THREADS, load.not_good[:20])
            self.instances[turn % 2] = self.start(
                "--trusted-proxies", "127.0.0.1", listen=(f"127.0.0.1:{dying.port}",)
            )
        self.assert_kept(http, load)

    def test_the_address_in_log_and_audit_is_the_clients(self):
        http = self.behind_nginx()
        answer = http.post(
            "/oauth/token", {"grant_type": "client_credentials"}, self.app.basic,
            headers={"X-Forwarded-For": "203.0.113.9"},
        )  # fmt: skip
        self.assertEqual(answer.status, 200)
        request_id = answer.field("X-Request-Id")

        def found():
            return [
                line for server in self.instances for line in server.log()
                if line.get("request_id") == request_id
            ]  # fmt: skip

        self.assertEqual([line["address"] for line in eventually(found)], ["127.0.0.1"])


@needs_nginx
class PostgresqlGoes(ClusterCase):
    def check_unready(self):
        """As long as it is away: 503 with Retry-After, at both, for whatever needs it."""
        for server in self.instances:
            self.assertTrue(eventually(lambda: self.ready(server) == 503))
            self.assertEqual(server.http.get("/healthz").status, 200)
            for answer in (self.ask_token(server), self.revoke(server, "o2a_unknown")):
                self.assertEqual(answer.status, 503, answer)
                self.assertEqual(answer.json()["error"], "temporarily_unavailable")
                self.assertRegex(answer.field("Retry-After") or "", r"\A[1-9]\d*\Z")

    def outage(self, stop):
        http = self.behind_nginx()
        with self.load(http) as load:
            self.assertTrue(load.wait_for_good(300))
            stop()
            began = time.monotonic()
            self.check_unready()
            eventually(lambda: time.monotonic() - began > AWAY)
            self.assertIn(503, load.not_good)
            self.postgres.start()
            self.wait_until_ready(*self.instances)
            self.assertTrue(load.wait_for_good(300))
        self.assertEqual(set(load.not_good), {503})
        self.assertTrue(all(server.is_up() for server in self.instances))
        self.assert_kept(http, load)

    def test_a_crash_of_ten_seconds_is_503_meanwhile_and_nothing_is_lost(self):
        self.outage(lambda: self.postgres.stop("immediate"))

    def test_an_orderly_restart_is_503_meanwhile_and_nothing_is_lost(self):
        http = self.behind_nginx()
        with self.load(http) as load:
            for _ in range(3):
                self.assertTrue(load.wait_for_good(100))
                self.postgres.stop("fast")
                self.postgres.start()
            self.assertTrue(load.wait_for_good(300))
        self.assertLessEqual(set(load.not_good), {503})
        self.assert_kept(http, load)

    def test_a_killed_postmaster_takes_nothing_along(self):
        http = self.behind_nginx()
        with self.load(http) as load:
            self.assertTrue(load.wait_for_good(200))
            self.postgres.kill()
            self.postgres.start()
            self.assertTrue(load.wait_for_good(300))
        self.assertLessEqual(set(load.not_good), {503})
        self.assert_kept(http, load)

    def test_a_postgresql_that_stands_still_for_a_while_is_waited_for(self):
        http = self.behind_nginx()
        with self.load(http) as load:
            self.assertTrue(load.wait_for_good(200))
            self.postgres.freeze()
            try:
                time.sleep(STILL)
                for server in self.instances:
                    self.assertEqual(server.http.get("/healthz").status, 200)
            finally:
                self.postgres.thaw()
            self.wait_until_ready(*self.instances)
            self.assertTrue(load.wait_for_good(300))
        self.assertLessEqual(set(load.not_good), {503})
        self.assert_kept(http, load)

    def test_terminated_backends_are_replaced_and_no_client_sees_a_500(self):
        http = self.behind_nginx()
        ended = 0
        with self.load(http) as load:
            self.assertTrue(load.wait_for_good(100))
            for _ in range(5):
                for pid in self.backends():
                    ended += self.postgres.execute("SELECT pg_terminate_backend(%s)", (pid,))[0][0]
                    self.assertTrue(load.wait_for_good(5))
            self.assertTrue(load.wait_for_good(200))
        self.assertGreater(ended, 10)
        self.assertLessEqual(set(load.not_good), {503})
        for server in self.instances:
            self.assert_serves(server)
        self.assert_kept(http, load)

    def backends(self):
        rows = self.postgres.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return [row[0] for row in rows]

    def test_a_server_that_is_started_without_postgresql_ends_with_8(self):
        self.postgres.stop()
        result = self.site.ctl("client", "list", check=False)
        self.assertEqual(result.returncode, 8, result.stderr)
        with self.assertRaises(DidNotStart) as caught:
            self.start()
        self.assertEqual(caught.exception.code, 8, caught.exception.stderr)
