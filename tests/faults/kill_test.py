"""kill -9, of the server and of the command line: what was answered is there, what was ended stays ended."""

import collections
import os
import pathlib
import random
import shutil
import subprocess
import tempfile

from harness import programs
from harness.fault_case import FaultCase, needs_strace
from harness.load import Load, Model
from harness.server import eventually
from harness.site import Site

ROUNDS = int(os.environ.get("OAUTH2_FAULT_ROUNDS", "25"))

# Where a kill or an error can leave something half done.
CALLS = ("openat", "mkdir", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "fchmod", "unlink")


class Server(FaultCase):
    def test_a_server_killed_under_load_loses_nothing_that_it_answered(self):
        model = Model()
        chance = random.Random(1)
        for number in range(ROUNDS):
            known = model.active | model.revoked
            server = self.start()
            fresh = (model.active | model.revoked) - known
            self.assert_agrees(server, model, fresh or None)
            with Load(server.http, self.app, model) as load:
                load.wait_for(20)
                eventually(lambda: False, chance.uniform(0.02, 0.3))
                server.kill()
            if number % 5 == 0:
                self.assert_sound()
        self.assertGreater(len(model.revoked), ROUNDS)
        server = self.start()
        self.assert_agrees(server, model)
        self.assert_serves(server)
        self.assert_sound()

    def test_a_server_killed_at_once_after_its_answer_has_kept_the_promise(self):
        for _ in range(5):
            server = self.start()
            revoked, kept = self.token(server), self.token(server)
            self.assertEqual(self.revoke(server, revoked).status, 200)
            server.kill()
            server = self.start()
            self.assertFalse(self.is_active(server, revoked))
            self.assertTrue(self.is_active(server, kept))
            server.kill()


@needs_strace
class CommandLine(FaultCase):
    def points(self, db, *arguments):
        """(call, n) for each of CALLS that a run makes; of opened files, only those beside the database."""
        seen = collections.Counter()
        with tempfile.NamedTemporaryFile("r") as trace:
            programs.ctl(
                db,
                *arguments,
                wrapper=("strace", "-f", "-qq", "-o", trace.name, "-e", "trace=" + ",".join(CALLS)),
            )
            for line in trace:
                call = line.split()[1].split("(")[0]
                seen[call] += 1
                if call in CALLS and (call != "openat" or str(db) in line):
                    yield call, seen[call]

    def injected(self, db, *arguments, call, what):
        """One run with a fault at one system call."""
        return programs.ctl(
            db,
            *arguments,
            check=False,
            wrapper=(
                "strace",
                "-f",
                "-qq",
                "-o",
                os.devnull,
                "-e",
                f"trace={call}",
                "-e",
                f"inject={call}:{what}",
            ),
        )

    def fresh_folder(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="oauth2-killed-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def test_an_init_killed_at_any_system_call_can_be_run_again(self):
        points = list(self.points(self.fresh_folder() / "sub" / "oauth2.db", "init"))
        self.assertGreater(len(points), 20)
        for call, number in points:
            with self.subTest(call=call, number=number):
                folder = self.fresh_folder()
                db = folder / "sub" / "oauth2.db"
                self.injected(db, "init", call=call, what=f"signal=KILL:when={number}")
                programs.ctl(db, "init", "--if-not-exists")
                programs.ctl(db, "db", "check")
                programs.ctl(db, "client", "create", "app", "--grant", "client_credentials")
                scopes = programs.ctl_json(db, "scope", "list")
                self.assertEqual([scope["name"] for scope in scopes], ["user:email"])
                key = db.with_name(db.name + ".key")
                self.assertEqual(len(key.read_text().strip()), 43, "the server's key")
                shutil.rmtree(folder)

    def test_a_client_create_killed_at_any_system_call_made_all_of_it_or_nothing(self):
        command = (
            "client",
            "create",
            "half",
            "--grant",
            "authorization_code",
            "--redirect-uri",
            "https://a.example/",
        )
        with Site() as other:
            points = list(self.points(other.db, *command))
        self.assertGreater(len(points), 5)
        for call, number in points:
            with self.subTest(call=call, number=number):
                self.injected(self.site.db, *command, call=call, what=f"signal=KILL:when={number}")
                made = self.site.ctl_json(*command, "--if-not-exists")
                self.assertEqual(made["redirect_uris"], ["https://a.example/"])
                self.assertEqual(len(self.site.ctl_json("client", "secret", "list", made["client_id"])), 1)
                self.assert_sound()
                self.site.ctl("client", "delete", made["client_id"], "--yes")

    def test_a_client_create_that_meets_an_error_says_truly_whether_it_is_done(self):
        command = ("client", "create", "half", "--grant", "client_credentials")
        with Site() as other:
            points = list(self.points(other.db, *command))
        self.assertGreater(len(points), 5)
        for call, number in points:
            if call in ("openat", "write"):
                continue  # a file may be tried in two ways, and the terminal is no database
            with self.subTest(call=call, number=number):
                result = self.injected(self.site.db, *command, call=call, what=f"error=ENOSPC:when={number}")
                names = [client["client_name"] for client in self.site.ctl_json("client", "list")]
                if result.returncode == 0:
                    self.assertIn("half", names)
                else:
                    self.assertTrue(result.stderr.startswith("oauth2ctl: "), result.stderr)
                self.assert_sound()
                self.site.ctl("client", "create", "half", "--grant", "client_credentials", "--if-not-exists")
                self.site.ctl("client", "delete", "half", "--yes")
