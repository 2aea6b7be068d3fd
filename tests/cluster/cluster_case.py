"""Two servers on one PostgreSQL, nginx in front: what all tests of this folder start from."""

import concurrent.futures
import contextlib
import threading
import unittest

from harness import postgres
from harness.fault_case import FaultCase
from harness.load import Load, Model
from harness.nginx import PROGRAM, Nginx
from harness.planted import opened
from harness.postgres import free_port
from harness.server import eventually
from harness.site import Site

# From a database on another machine 503 may mean that the commit was sent and its answer lost; 502 and 504
# are nginx's, of a request whose answer did not come.
UNSURE = (500, 502, 503, 504)

needs_nginx = unittest.skipUnless(PROGRAM, "nginx is not installed: apt-get install nginx-light")


def all_at_once(*actions):
    """Their results; they start together."""
    barrier = threading.Barrier(len(actions))

    def run(action):
        barrier.wait()
        return action()

    with concurrent.futures.ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(run, actions))


@unittest.skipUnless(
    postgres.is_installed(), "PostgreSQL is not installed: apt-get install postgresql python3-psycopg2"
)
class ClusterCase(FaultCase):
    def make_site(self):
        """In a server of its own, for some tests stop it."""
        self.postgres = postgres.Postgres()
        self.addCleanup(self.postgres.close)
        return Site(postgresql=self.postgres.url())

    def pair(self, *flags):
        """On ports that nobody is given while one of the two is down."""
        self.instances = [self.start(*flags, listen=(f"127.0.0.1:{free_port()}",)) for _ in range(2)]
        return self.instances

    def behind_nginx(self, *flags):
        """The pair's public face."""
        self.pair("--trusted-proxies", "127.0.0.1", *flags)
        nginx = Nginx([server.addresses[0].removeprefix("http://") for server in self.instances])
        self.addCleanup(nginx.close)
        return nginx.http

    @contextlib.contextmanager
    def load(self, http, fine=(503,), threads=8, model=None):
        mixed = {"revoke_share": 0.3, "look_share": 0.3}
        with Load(http, self.app, model or Model(), threads, fine=fine, unsure=UNSURE, **mixed) as load:
            yield load
            # What was asked for in an outage is promised neither way; so on, until there is enough that is.
            eventually(lambda: min(len(load.model.active), len(load.model.revoked)) > 20, 60)

    def assert_kept(self, http, load):
        """Whoever is asked: what was promised holds at every instance, and most was promised for sure."""
        self.assertGreater(len(load.model.revoked), 20)
        self.assertGreater(len(load.model.active), 20)
        for server in self.instances:
            if server.is_up():
                self.assert_agrees(server, load.model)
        self.assert_sound()

    def ready(self, server):
        return server.http.get("/readyz").status

    def wait_until_ready(self, *servers):
        for server in servers:
            self.assertTrue(eventually(lambda: self.ready(server) == 200), server.stderr()[-2000:])

    def rows(self, sql, parameters=()):
        with opened(self.site.db) as connection:
            return connection.execute(sql, parameters).fetchall()

    @contextlib.contextmanager
    def held(self, statement, parameters=()):
        """Somebody else's transaction with this statement in it, open meanwhile and undone then."""
        with opened(self.site.db) as connection:
            connection.execute("BEGIN")
            connection.execute(statement, parameters)
            yield
            connection.execute("ROLLBACK")

    def url_through(self, *servers):
        """The site's database, by another way to it."""
        return postgres.url_of(*servers, options=f"-csearch_path={self.site.schema.name}")
