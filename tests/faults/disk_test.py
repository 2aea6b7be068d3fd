"""No room, no right to grow, a file that is not ours or is damaged, a lock that nobody lets go of."""

import resource
import sqlite3
import time

from harness import programs
from harness.fault_case import FaultCase, needs_root
from harness.load import Load
from harness.planted import opened
from harness.server import DidNotStart, Server, eventually
from harness.site import Site


class NoRoom(FaultCase):
    def exhaust(self, server):
        """Load until the server says 503; the model of what it answered."""
        with Load(server.http, self.app, fine=(503,)) as load:
            self.assertTrue(eventually(lambda: self.ask_token(server).status == 503), "it never got full")
            load.wait_for(load.answered + 200)
        return load.model

    def check_exhausted(self, server, model):
        """Reads go on, writes are refused and not pretended."""
        self.assert_agrees(server, model)
        answer = self.ask_token(server)
        self.assertEqual((answer.status, answer.json()["error"]), (503, "temporarily_unavailable"))
        self.assertEqual(server.http.get("/healthz").status, 200)
        for token in list(model.active)[:20]:
            status = self.revoke(server, token).status
            self.assertIn(status, (200, 503))
            if status == 200:
                model.active.discard(token)
                model.revoked.add(token)
        self.assert_agrees(server, model)

    def check_recovered(self, server, model):
        self.assertTrue(eventually(lambda: self.ask_token(server).status == 200), "it did not recover")
        self.assert_serves(server)
        self.assert_agrees(server, model)
        self.assert_sound()

    @needs_root
    def test_a_full_disk_costs_no_promise_and_service_resumes_when_there_is_room(self):
        folder = self.tmpfs("2m")
        self.site = Site(folder=folder)
        self.app = self.site.client("app")
        filler = folder / "filler"
        filler.write_bytes(bytes(1024 * 1024))
        server = self.start()
        model = self.exhaust(server)
        self.check_exhausted(server, model)
        result = self.site.ctl("client", "create", "other", "--grant", "client_credentials", check=False)
        self.assertNotEqual(result.returncode, 0)
        self.assertTrue(result.stderr.startswith("oauth2ctl: "), result.stderr)
        filler.unlink()
        self.check_recovered(server, model)

    @needs_root
    def test_a_server_killed_on_a_full_disk_starts_again_when_there_is_room(self):
        folder = self.tmpfs("2m")
        self.site = Site(folder=folder)
        self.app = self.site.client("app")
        filler = folder / "filler"
        filler.write_bytes(bytes(1024 * 1024))
        server = self.start()
        model = self.exhaust(server)
        server.kill()
        filler.unlink()
        self.check_recovered(self.start(), model)

    def test_a_file_size_limit_is_an_error_to_answer_and_not_an_end(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))

        server = self.start(preexec=limit)
        model = self.exhaust(server)
        self.assertTrue(server.is_up())
        self.check_exhausted(server, model)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        self.check_recovered(server, model)

    def test_the_command_line_reports_a_file_size_limit(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

        result = self.site.ctl(
            "client", "create", "other", "--grant", "client_credentials", check=False, preexec=limit
        )
        self.assertGreater(result.returncode, 0, result)  # an exit code, not a signal
        self.assertTrue(result.stderr.startswith("oauth2ctl: "), result.stderr)
        self.assert_sound()


class Files(FaultCase):
    def assert_refused(self, code=8):
        """By both programs, and the file is as it was."""
        before = self.site.db.read_bytes()
        result = self.site.ctl("client", "list", check=False)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertTrue(result.stderr.startswith("oauth2ctl: "), result.stderr)
        for command in (("init",), ("init", "--if-not-exists")):
            self.assertNotEqual(self.site.ctl(*command, check=False).returncode, 0)
        with self.assertRaises(DidNotStart) as caught:
            self.start()
        self.assertEqual(caught.exception.code, code, caught.exception.stderr)
        self.assertTrue(caught.exception.stderr.startswith("oauth2d: "), caught.exception.stderr)
        self.assertEqual(self.site.db.read_bytes(), before)

    def settle(self):
        """All of the database in its one file; its bytes."""
        with opened(self.site.db) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = self.site.db.read_bytes()
        self.put(whole)
        return whole

    def put(self, content):
        """These bytes as the database, and nothing beside it."""
        for suffix in ("-wal", "-shm"):
            self.site.db.with_name(self.site.db.name + suffix).unlink(missing_ok=True)
        self.site.db.write_bytes(content)

    def replace(self, content):
        self.settle()
        self.put(content)

    def test_a_text_file_is_refused(self):
        self.replace(b"not a database at all\n" * 1000)
        self.assert_refused()

    def test_a_file_of_noise_is_refused(self):
        self.replace(bytes(range(256)) * 64)
        self.assert_refused()

    def test_a_truncated_database_is_refused(self):
        whole = self.settle()
        for size in (1, 50, 100, 512, 4096, len(whole) // 2, len(whole) - 4096):
            with self.subTest(size):
                self.put(whole[:size])
                self.assert_refused()

    def test_a_damaged_first_page_is_refused(self):
        whole = bytearray(self.settle())
        whole[100:3000] = bytes(2900)
        self.site.db.write_bytes(whole)
        self.assert_refused()

    def test_damage_within_is_found_by_db_check(self):
        whole = bytearray(self.settle())
        for page in range(2, len(whole) // 4096, 3):
            whole[page * 4096 : page * 4096 + 64] = b"\xff" * 64
        self.site.db.write_bytes(whole)
        self.assertIn(self.site.ctl("db", "check", check=False).returncode, (1, 8))
        self.assertEqual(self.site.db.read_bytes(), bytes(whole))

    def test_another_programs_database_is_refused(self):
        self.settle()
        self.site.db.unlink()
        other = sqlite3.connect(self.site.db)
        other.execute("CREATE TABLE recipes (title TEXT)")
        other.commit()
        other.close()
        self.site.db.chmod(0o600)
        self.assert_refused()

    def test_an_empty_file_is_not_initialised(self):
        self.replace(b"")
        result = self.site.ctl("client", "list", check=False)
        self.assertEqual(result.returncode, 8)
        self.assertIn("oauth2ctl init", result.stderr)
        with self.assertRaises(DidNotStart) as caught:
            self.start()
        self.assertEqual(caught.exception.code, 8)
        self.assertEqual(self.site.db.read_bytes(), b"")

    def test_a_folder_is_refused(self):
        self.settle()
        self.site.db.unlink()
        self.site.db.mkdir(mode=0o700)
        self.assertEqual(self.site.ctl("client", "list", check=False).returncode, 8)
        with self.assertRaises(DidNotStart):
            self.start()

    def test_a_database_of_a_newer_program_is_refused_and_left_alone(self):
        with opened(self.site.db) as connection:
            connection.execute(
                "INSERT INTO schema_migrations (version, name, applied_at) VALUES (9999, 'new', 0)"
            )
        self.settle()
        self.assert_refused()
        for command in (("db", "migrate"), ("db", "prune", "--yes")):
            self.assertEqual(self.site.ctl(*command, check=False).returncode, 8)
        with opened(self.site.db) as connection:
            connection.execute("DELETE FROM schema_migrations WHERE version = 9999")
        self.assert_serves(self.start())

    def test_noise_behind_the_wal_is_ignored(self):
        with Server(self.site.db) as server:
            token = self.token(server)
            server.kill()
        with open(self.site.db.with_name(self.site.db.name + "-wal"), "ab") as wal:
            wal.write(b"\xa5" * 10_000)
        self.site.db.with_name(self.site.db.name + "-shm").unlink()
        server = self.start()
        self.assertTrue(self.is_active(server, token))
        self.assert_serves(server)
        self.assert_sound()


class HeldLock(FaultCase):
    BOUND = 20

    def test_the_command_line_waits_for_a_lock_only_so_long(self):
        with opened(self.site.db) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            result = self.site.ctl("client", "create", "late", "--grant", "client_credentials", check=False)
            self.assertEqual(result.returncode, 8, result.stderr)
            self.assertLess(time.monotonic() - began, self.BOUND)
            self.site.ctl("client", "list")  # reading waits for nobody
            other.execute("ROLLBACK")
        self.site.ctl("client", "create", "late", "--grant", "client_credentials")

    def test_a_server_starts_and_stops_while_another_holds_the_lock(self):
        with opened(self.site.db) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            try:
                with Server(self.site.db) as server:
                    self.assertEqual(server.http.get("/readyz").status, 200)
            except DidNotStart as failure:
                self.assertEqual(failure.code, 8, failure.stderr)
            self.assertLess(time.monotonic() - began, self.BOUND)
            other.execute("ROLLBACK")
        self.assert_serves(self.start())

    def test_init_on_a_database_in_use_harms_nobody(self):
        server = self.start()
        with Load(server.http, self.app, fine=(503,)) as load:
            for _ in range(5):
                self.assertEqual(self.site.ctl("init", check=False).returncode, 4)
                programs.ctl(self.site.db, "init", "--if-not-exists")
            load.wait_for(100)
        self.assert_agrees(server, load.model)
