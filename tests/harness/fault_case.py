"""The test case of a fault: a site of its own, and the oracles that hold whatever has happened."""

import contextlib
import mmap
import os
import pathlib
import resource
import shutil
import struct
import subprocess
import tempfile
import unittest

from .planted import opened
from .server import Server
from .site import Site

FAULTS = pathlib.Path(__file__).resolve().parents[1] / "faults"

needs_root = unittest.skipUnless(os.geteuid() == 0, "needs root")
needs_strace = unittest.skipUnless(shutil.which("strace"), "strace is not installed")
needs_compiler = unittest.skipUnless(shutil.which("gcc"), "gcc is not installed")


class FaultCase(unittest.TestCase):
    def setUp(self):
        self.site = self.make_site()
        self.addCleanup(self.site.close)
        self.app = self.site.client("app")

    def make_site(self):
        return Site()

    def start(self, *flags, **options):
        server = Server(self.site.db, *flags, **options)
        self.addCleanup(server.stop)
        return server

    def ask_token(self, server):
        return server.http.post("/oauth/token", {"grant_type": "client_credentials"}, self.app.basic)

    def token(self, server):
        answer = self.ask_token(server)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["access_token"]

    def revoke(self, server, token):
        return server.http.post("/oauth/revoke", {"token": token}, self.app.basic)

    def is_active(self, server, token):
        answer = server.http.post("/oauth/introspect", {"token": token}, self.app.basic)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["active"]

    def assert_serves(self, server):
        """The whole way, once: issue, look, revoke, look."""
        token = self.token(server)
        self.assertTrue(self.is_active(server, token))
        self.assertEqual(self.revoke(server, token).status, 200)
        self.assertFalse(self.is_active(server, token))

    def assert_agrees(self, server, model, tokens=None):
        """The oracle: every answered write is there, and nothing that was revoked is active again."""
        wrong = model.wrong(server.http, self.app, tokens)
        self.assertEqual(len(wrong), 0, f"of {len(model.active) + len(model.revoked)}: {wrong[:5]}")
        self.assertEqual(model.refused, [])
        self.assertEqual(model.contradicted, [])

    def assert_sound(self, site=None):
        """No damage, and audit ids without a gap."""
        site = site or self.site
        site.ctl("db", "check")
        with opened(site.db) as connection:
            ids = [row[0] for row in connection.execute("SELECT id FROM audit_log ORDER BY id")]
        self.assertEqual(ids, list(range(1, len(ids) + 1)))

    def tmpfs(self, size):
        """A folder with so much room and no more."""
        folder = tempfile.mkdtemp(prefix="oauth2-tmpfs-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", folder],
            capture_output=True,
            text=True,
        )
        if mounted.returncode != 0:
            self.skipTest("no tmpfs can be mounted: " + mounted.stderr.strip())
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=True)
        return pathlib.Path(folder)

    def shim(self, name):
        dial, env = built_shim(name, self.site.folder)
        self.addCleanup(dial.close)
        return dial, env


def built_shim(name, folder):
    """An LD_PRELOAD library made of tests/faults/NAME.c: the Dial that it reads its orders from, and the
    environment that loads it."""
    library = folder / f"{name}.so"
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, FAULTS / f"{name}.c"],
        check=True,
    )
    dial = Dial(folder / f"{name}.dial")
    return dial, {"LD_PRELOAD": str(library), "TEST_DIAL": str(dial.path)}


class Dial:
    """One 64-bit number that the test sets and a shim inside the server reads, without any system call."""

    def __init__(self, path):
        self.path = path
        path.write_bytes(bytes(8))
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 8)

    def set(self, number):
        self.memory[:] = struct.pack("<q", number)

    def close(self):
        self.memory.close()


@contextlib.contextmanager
def many_files():
    """Room for thousands of sockets in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
