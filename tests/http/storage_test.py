"""A database that is locked or can only be read: what can be answered is answered, the rest is 503."""

import os
import shutil
import subprocess
import tempfile
import time
import unittest

from harness.case import ServedCase
from harness.planted import begin_write, opened
from harness.server import Server, eventually
from harness.site import Site, sqlite_only

BOUND = 15  # seconds: what is bounded ends far before, and what is not never does


class Locked(ServedCase):
    def assert_busy(self, answer):
        self.assert_error(answer, 503, "temporarily_unavailable")
        self.assertRegex(answer.field("Retry-After"), r"\A[1-9]\d*\Z")

    def test_while_another_program_holds_the_lock_writes_are_503_and_reads_go_on(self):
        token = self.token()
        with opened(self.site.db) as other:
            begin_write(other)
            for act in (self.ask_token, lambda: self.revoke(token)):
                began = time.monotonic()
                self.assert_busy(act())
                self.assertLess(time.monotonic() - began, BOUND)
            self.assert_active(token)
            self.assertEqual(self.bearer(token).status, 200)
            self.assertEqual(self.http.get("/healthz").status, 200)
            other.execute("ROLLBACK")
        self.assert_active(self.token())
        self.assertEqual(self.revoke(token).status, 200)
        self.assert_inactive(token)

    def test_a_short_lock_is_only_waited_for(self):
        with opened(self.site.db) as other:
            begin_write(other)
            connection = self.http.connection()
            connection.request(
                "POST",
                "/oauth/token",
                "grant_type=client_credentials",
                {"Content-Type": "application/x-www-form-urlencoded", "Authorization": self.app.basic},
            )
            time.sleep(0.1)
            other.execute("ROLLBACK")
            self.assertEqual(connection.getresponse().status, 200)
            connection.close()

    def test_many_waiting_requests_all_end_in_time(self):
        with opened(self.site.db) as other:
            begin_write(other)
            connections = [self.http.connection() for _ in range(50)]
            began = time.monotonic()
            for connection in connections:
                connection.request(
                    "POST",
                    "/oauth/token",
                    "grant_type=client_credentials",
                    {"Content-Type": "application/x-www-form-urlencoded", "Authorization": self.app.basic},
                )
            statuses = [connection.getresponse().status for connection in connections]
            self.assertLess(time.monotonic() - began, 2 * BOUND)
            self.assertEqual(set(statuses), {503})
            other.execute("ROLLBACK")
        for connection in connections:
            connection.close()
        self.token()


@sqlite_only("a file on a disk that can only be read")
@unittest.skipUnless(os.geteuid() == 0 and shutil.which("mount"), "mounting a tmpfs needs root")
class ReadOnly(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="oauth2-readonly-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=32m,mode=0700", "tmpfs", self.folder],
            capture_output=True,
            text=True,
        )
        if mounted.returncode != 0:
            self.skipTest("no tmpfs can be mounted: " + mounted.stderr.strip())
        self.addCleanup(subprocess.run, ["umount", "-l", self.folder], check=True)
        self.site = Site(folder=self.folder)
        self.app = self.site.client("app")
        self.site.user("alice")
        self.site.ctl("key", "rotate")
        self.personal = self.site.personal_token("alice", "laptop")
        with self.site.server() as server:
            self.token = self.ask(server, "/oauth/token", grant_type="client_credentials").json()[
                "access_token"
            ]

    def ask(self, server, path, **form):
        return server.http.post(path, form, self.app.basic)

    def remount_read_only(self):
        subprocess.run(["mount", "-o", "remount,ro", self.folder], check=True)

    def check(self):
        with Server(self.site.db) as server:
            for token in (self.token, self.personal):
                answer = self.ask(server, "/oauth/introspect", token=token)
                self.assertIs(answer.json()["active"], True, answer)
                self.assertEqual(server.http.get("/oauth/ping", Authorization=f"Bearer {token}").status, 200)
            for answer in (
                self.ask(server, "/oauth/token", grant_type="client_credentials"),
                self.ask(server, "/oauth/revoke", token=self.token),
            ):
                self.assertEqual((answer.status, answer.json()["error"]), (503, "temporarily_unavailable"))
            self.assertEqual(self.ask(server, "/oauth/revoke", token="unknown").status, 200)
            self.assertEqual(server.http.get("/healthz").status, 200)
            self.assertIn("EdDSA", [key["alg"] for key in server.http.get("/oauth/jwks").json()["keys"]])
            self.assertTrue(eventually(lambda: "can only be read" in server.stderr()))
            self.assertEqual(server.stop(), 0)
        self.assertIsNone(self.site.ctl_json("token", "show", "laptop")["last_used_at"])

    def test_a_database_with_its_wal_on_a_read_only_disk_is_served(self):
        self.assertTrue(self.site.db.with_name(self.site.db.name + "-wal").exists())
        self.remount_read_only()
        self.check()

    def test_what_cannot_be_stored_is_not_made_a_key_for(self):
        for key in self.site.ctl_json("key", "list"):
            self.site.ctl("key", "retire", key["kid"], "--yes")
        self.remount_read_only()
        with Server(self.site.db) as server:
            form = {"token": self.personal}
            signed = {"Accept": "application/token-introspection+jwt"}
            answer = server.http.post("/oauth/introspect", form, self.app.basic, signed)
            self.assertEqual((answer.status, answer.json()["error"]), (503, "temporarily_unavailable"))
            self.assertTrue(eventually(lambda: "no key can be made" in server.stderr()))
            self.assertIs(self.ask(server, "/oauth/introspect", token=self.personal).json()["active"], True)

    def test_a_database_without_a_wal_on_a_read_only_disk_is_served(self):
        with opened(self.site.db) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for suffix in ("-wal", "-shm"):
            self.site.db.with_name(self.site.db.name + suffix).unlink(missing_ok=True)
        self.remount_read_only()
        self.check()
