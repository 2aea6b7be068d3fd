"""What PostgreSQL and those who look after it do to its clients, and what is promised meanwhile and then."""

import concurrent.futures
import time
from collections import Counter

from cluster_case import ClusterCase, all_at_once
from harness import planted
from harness.distant import Distant
from harness.load import Load
from harness.postgres import Postgres, execute
from harness.programs import PATIENCE
from harness.server import Server, eventually

FROZEN = 13  # seconds: longer than a statement may hang
ONLY_200 = {200}


class DatabaseCase(ClusterCase):
    def introspect(self, server, token="o2a_unknown", connection=None):
        form = {"token": token}
        return server.http.post("/oauth/introspect", form, self.app.basic, connection=connection).status

    def introspections(self, server, token, threads=16, each=25):
        """Status → how often, of clients that each keep their connection."""

        def client():
            connection = server.http.connection()
            statuses = Counter(self.introspect(server, token, connection) for _ in range(each))
            connection.close()
            return statuses

        return sum(all_at_once(*[client] * threads), Counter())

    def statuses(self, server):
        """Of a token's whole way, as far as it comes."""
        answer = self.ask_token(server)
        if answer.status != 200:
            return [answer.status]
        token = answer.json()["access_token"]
        return [
            200,
            self.introspect(server, token),
            self.revoke(server, token).status,
            self.introspect(server, token),
        ]

    def all_served(self, server):
        """Whichever connection of the instance's the requests come upon."""
        ways = all_at_once(*[lambda: self.statuses(server)] * 16)
        return {status for way in ways for status in way} == ONLY_200

    def assert_served_from_now_on(self, server):
        """After a moment that the repair may take."""
        self.assertTrue(
            eventually(lambda: all(self.all_served(server) for _ in range(3))), server.stderr()[-2000:]
        )


class SessionEnds(DatabaseCase):
    def terminate_who_waits(self):
        """The session of the command line that waits for a lock; returns when it is no more."""
        waiting = (
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'oauth2ctl'"
            " AND wait_event_type = 'Lock'"
        )
        (found,) = eventually(lambda: self.postgres.execute(waiting))
        ended = self.postgres.execute("SELECT pg_terminate_backend(%s, %s)", (found[0], PATIENCE * 1000))
        self.assertEqual(ended, [(True,)])

    def test_a_revocation_whose_session_is_terminated_reports_what_the_database_then_says(self):
        # Whichever of its tokens it was about to revoke: some of the others came before it, or none.
        for which in (min, max):
            with self.subTest(which.__name__):
                user = self.site.user(which.__name__)
                tokens = [self.site.personal_token(user, f"t-{number}") for number in range(5)]
                ids = sorted(map(planted.id_of, tokens))
                with concurrent.futures.ThreadPoolExecutor(1) as worker:
                    with self.held("SELECT 1 FROM tokens WHERE id = ? FOR UPDATE", (which(ids),)):
                        command = worker.submit(
                            self.site.ctl_json, "token", "revoke", "--user", user, "--yes"
                        )
                        self.terminate_who_waits()
                    reported = command.result()
                self.assertEqual(sorted(row["id"] for row in reported), ids)
                self.assertEqual([row["changed"] for row in reported], [True] * len(ids))
                live = self.rows("SELECT id FROM tokens WHERE user_id = ? AND revoked_at IS NULL", (user,))
                self.assertEqual(live, [])
        self.assert_sound()


class Failover(DatabaseCase):
    def setUp(self):
        super().setUp()
        self.standby = Postgres(standby_of=self.postgres)
        self.addCleanup(self.standby.close)
        self.site.db = self.url_through(self.postgres, self.standby)
        self.assertTrue(eventually(self.postgres.is_followed))

    def check_unready(self, server):
        """A standby answers, but what it says may be old, and nothing can be written there."""
        self.assertTrue(eventually(lambda: self.ready(server) == 503))
        for _ in range(10):
            statuses = [*self.statuses(server), self.introspect(server), self.revoke(server, "o2a_x").status]
            self.assertEqual([*statuses, self.ready(server)], [503] * 4)
            self.assertEqual(server.http.get("/healthz").status, 200)
            time.sleep(0.3)

    def check_outage(self, recover):
        server = self.start()
        self.instances = [server]
        with self.load(server.http) as load:
            self.assertTrue(load.wait_for_good(300))
            self.postgres.stop()
            self.check_unready(server)
            recover()
            self.wait_until_ready(server)
            self.assertTrue(load.wait_for_good(300))
        self.assertLessEqual(set(load.not_good), {503})
        self.assert_served_from_now_on(server)
        self.assert_kept(server.http, load)

    def test_without_its_primary_an_instance_waits_until_the_primary_is_back(self):
        self.check_outage(self.postgres.start)

    def test_without_its_primary_an_instance_waits_until_the_standby_is_promoted(self):
        self.check_outage(self.standby.promote)

    def test_the_primary_is_found_behind_a_standby_that_stands_first_in_the_url(self):
        self.site.db = self.url_through(self.standby, self.postgres)
        self.assert_serves(self.start())
        self.site.user("alice")


class Limits(DatabaseCase):
    def test_a_role_with_fewer_connections_than_an_instance_would_open_is_served_all_the_same(self):
        schema = self.site.schema.name
        for statement in (
            "CREATE ROLE narrow LOGIN CONNECTION LIMIT 5",
            f"GRANT USAGE ON SCHEMA {schema} TO narrow",
            f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO narrow",
        ):
            self.postgres.execute(statement)
        server = Server(self.site.db.replace("//postgres@", "//narrow@"))
        self.addCleanup(server.stop)
        token = self.token(server)
        for _ in range(3):
            self.assertEqual(self.introspections(server, token), {200: 16 * 25})
        # Those who write have to do with what those who read have left.
        for _ in range(10):
            self.assert_serves(server)

    def test_sessions_that_are_to_be_read_only_write_nothing(self):
        before = [self.rows(f"SELECT count(*) FROM {table}") for table in ("users", "audit_log")]
        writable = self.postgres.url(options="-cdefault_transaction_read_only=off")
        for whose in ("ROLE postgres", "DATABASE postgres"):
            with self.subTest(whose):
                execute(writable, f"ALTER {whose} SET default_transaction_read_only = on")
                result = self.site.ctl("user", "create", "zed", "--no-password", check=False)
                execute(writable, f"ALTER {whose} RESET default_transaction_read_only")
                self.assertNotEqual(result.returncode, 0, result.stdout)
                after = [self.rows(f"SELECT count(*) FROM {table}") for table in ("users", "audit_log")]
                self.assertEqual(after, before)
        self.site.user("zed")


class Standstill(DatabaseCase):
    def test_a_column_of_another_type_costs_no_more_than_a_moment(self):
        server = self.start()
        personal = self.site.personal_token(self.site.user("alice"), "laptop")
        for changed in ("varchar(200)", 'text COLLATE "C"'):
            with self.subTest(changed):
                self.assertEqual(self.introspections(server, personal, each=5), {200: 16 * 5})
                self.postgres.execute(
                    f"ALTER TABLE {self.site.schema.name}.tokens ALTER COLUMN name TYPE {changed}"
                )
                self.assert_served_from_now_on(server)
                self.assertEqual(self.introspections(server, personal, each=5), {200: 16 * 5})

    def test_a_frozen_postgresql_is_503_meanwhile_and_afterwards_all_is_served(self):
        server = self.start()
        self.instances = [server]
        asks = [
            lambda: self.ask_token(server).status,
            lambda: self.introspect(server),
            lambda: self.revoke(server, "o2a_unknown").status,
            lambda: self.ready(server),
        ]
        with self.load(server.http) as load:
            self.assertTrue(load.wait_for_good(300))
            try:
                healthy, *found = self.asked_until_long_frozen(
                    lambda: server.http.get("/healthz").status, *asks * 4
                )
            finally:
                self.postgres.thaw()
            self.wait_until_ready(server)
            self.assertTrue(load.wait_for_good(300))
        self.assertEqual(set(healthy), ONLY_200)
        for statuses in found:
            self.assertEqual((statuses[-1], set(statuses) - {200}), (503, {503}))
        self.assertLessEqual(set(load.not_good), {503})
        self.assert_served_from_now_on(server)
        self.assert_kept(server.http, load)

    def asked_until_long_frozen(self, *asks):
        """The statuses that each got. All have been answered when this returns, and nothing has thawed; no
        client waits for longer than PATIENCE."""
        begin = time.monotonic() + 0.5  # some requests are in the middle of something then

        def asked(ask):
            found = []
            while time.monotonic() < begin + FROZEN:
                found.append(ask())
            return found

        def freeze():
            time.sleep(max(0, begin - time.monotonic()))
            self.postgres.freeze()

        return all_at_once(*[lambda ask=ask: asked(ask) for ask in asks], freeze)[:-1]

    def test_while_a_table_is_locked_every_request_is_answered_in_bounded_time(self):
        server = self.start()
        token = self.token(server)
        waiting = {
            "readers": lambda: self.introspect(server, token),
            "writers": lambda: self.ask_token(server).status,
        }
        for who, ask in waiting.items():
            with self.subTest(who), self.held("LOCK TABLE tokens IN ACCESS EXCLUSIVE MODE"):
                asks = [ask] * 40 + [lambda: self.ready(server)]
                *answers, ready = all_at_once(*[lambda ask=ask: self.timed(ask) for ask in asks])
                self.assertEqual({status for status, _ in answers}, {503})
                self.assertLess(max(seconds for _, seconds in answers), 30)
                self.assertLess(ready[1], 15)
            self.assert_served_from_now_on(server)

    def timed(self, ask):
        began = time.monotonic()
        status = ask()
        return status, time.monotonic() - began


class LastUses(DatabaseCase):
    def test_many_tokens_used_at_one_instance_do_not_keep_the_other_from_issuing(self):
        # Each statement takes its time, as over a network: 2,000 in one transaction would hold its locks for
        # longer than anybody waits for them.
        far = Distant(self.postgres, 0.004)
        self.addCleanup(far.close)
        first = Server(self.url_through(far))
        self.addCleanup(first.stop)
        second = self.start()
        tokens = planted.plant_tokens(self.site, 2000, kind="personal", user=self.site.user("alice"))
        with Load(second.http, self.app, threads=2, revoke_share=0) as load:
            self.assertEqual(self.used_once(first, tokens), ONLY_200)
            used = "SELECT count(last_used_at) FROM tokens WHERE kind = 'personal'"
            self.assertTrue(eventually(lambda: self.rows(used) == [(2000,)], 4 * PATIENCE), self.rows(used))
            self.assertTrue(load.wait_for(10))
        self.assertEqual(load.not_good, [])
        self.assert_agrees(second, load.model)

    def used_once(self, server, tokens):
        def client(own):
            connection = server.http.connection()
            statuses = set()
            for token in own:
                fields = {"Authorization": f"Bearer {token}"}
                answer = server.http.request("GET", "/oauth/ping", headers=fields, connection=connection)
                statuses.add(answer.status)
            connection.close()
            return statuses

        return set().union(*all_at_once(*[lambda own=tokens[n::16]: client(own) for n in range(16)]))
