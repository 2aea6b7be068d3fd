"""Deleting what expired long ago disturbs nobody and deletes nothing else."""

import time

from harness.fault_case import FaultCase
from harness.load import Load
from harness.planted import opened, plant_tokens
from harness.server import eventually

DAY = 86400
MANY = 20_000


class Prune(FaultCase):
    def setUp(self):
        super().setUp()
        self.site.user("alice")
        now = int(time.time())
        client = {"client": self.app.id}
        plant_tokens(self.site, MANY, **client, created_at=now - 60 * DAY, expires_at=now - 59 * DAY)
        self.recent = plant_tokens(
            self.site, 100, **client, created_at=now - 3 * DAY, expires_at=now - 2 * DAY
        )
        self.live = plant_tokens(self.site, 100, **client, created_at=now - 90 * DAY, expires_at=now + DAY)
        self.eternal = self.site.personal_token("alice", "laptop")

    def count(self):
        with opened(self.site.db) as connection:
            return connection.execute(
                "SELECT count(*) FROM tokens WHERE client_id = ?", (self.app.id,)
            ).fetchone()[0]

    def check_kept(self, server):
        for token in (*self.live, self.eternal):
            self.assertTrue(self.is_active(server, token))
        for token in self.recent:
            self.assertFalse(self.is_active(server, token))

    def test_the_server_prunes_many_dead_rows_under_load_and_answers_every_request(self):
        server = self.start()
        # A write that waited for 5 s would be refused with 503, which is a failure to this load.
        with Load(server.http, self.app, threads=3, revoke_share=0.2) as load:
            self.assertTrue(eventually(lambda: any(line["event"] == "pruned" for line in server.log()), 60))
            load.wait_for(load.answered + 50)
        pruned = [line for line in server.log() if line["event"] == "pruned"]
        self.assertEqual([(line["table"], line["rows"]) for line in pruned], [("tokens", MANY)])
        self.assertEqual(self.count(), 200 + len(load.model.active) + len(load.model.revoked))
        self.check_kept(server)
        self.assert_agrees(server, load.model)
        self.assert_sound()

    def test_the_command_line_prunes_beside_the_server(self):
        server = self.start("--prune-after", "100d")
        with Load(server.http, self.app, threads=2, fine=(503,)) as load:
            result = self.site.ctl_json("db", "prune", "--older", "30d", "--yes")
            load.wait_for(load.answered + 50)
        self.assertEqual({row["table"]: row["rows"] for row in result}["tokens"], MANY)
        self.check_kept(server)
        self.assert_agrees(server, load.model)
        self.assert_sound()

    def test_a_server_killed_while_it_prunes_goes_on_at_its_next_start(self):
        server = self.start()
        eventually(lambda: self.count() < MANY)
        server.kill()
        self.assert_sound()
        server = self.start()
        self.assertTrue(eventually(lambda: self.count() == 200, 60))
        self.check_kept(server)
        self.assert_sound()
