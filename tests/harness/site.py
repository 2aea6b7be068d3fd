"""A deployment in a temporary folder: a database made by oauth2ctl, and all secrets that came of it.

With OAUTH2_TEST_DATABASE=postgresql the database is a schema of its own in a PostgreSQL server (postgres.py).
"""

import os
import pathlib
import shutil
import tempfile
import unittest

from . import planted, postgres, programs
from .http_client import basic
from .server import Server

ON_POSTGRESQL = os.environ.get("OAUTH2_TEST_DATABASE", "sqlite") == "postgresql"


def sqlite_only(reason):
    return unittest.skipIf(ON_POSTGRESQL, f"is about SQLite: {reason}")


class Client:
    """A registered client, as a program that uses it would know it."""

    def __init__(self, client_id, secret):
        self.id = client_id
        self.secret = secret

    @property
    def basic(self):
        return basic(self.id, self.secret)

    @property
    def post(self):
        return {"client_id": self.id, "client_secret": self.secret}


class Site:
    def __init__(self, issuer="http://127.0.0.1:9000", folder=None, postgresql=None):
        """`postgresql`: the URL of a server to make the schema in, whatever the environment says."""
        if postgresql is None and ON_POSTGRESQL:
            postgresql = postgres.shared()
        self._own_folder = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="oauth2-test-"))
        self.schema = postgres.Schema(postgresql) if postgresql else None
        self.db = self.schema.url if self.schema else self.folder / "oauth2.db"
        self.issuer = issuer
        self.secrets = set()
        try:
            self.ctl("init", "--issuer", issuer)
        except BaseException:
            self.close()
            raise

    def close(self):
        if self.schema:
            self.schema.drop()
        if self._own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ctl(self, *arguments, **options):
        return programs.ctl(self.db, *arguments, **options)

    def ctl_json(self, *arguments, **options):
        return programs.ctl_json(self.db, *arguments, **options)

    def server(self, *flags, **options):
        return Server(self.db, *flags, **options)

    def remember(self, secret):
        """Secrets that must never stand in a log or in the database."""
        if secret:
            self.secrets.add(secret)
        return secret

    def scopes(self, *names):
        for name in names:
            self.ctl("scope", "create", name)

    def client(self, name, *flags, secret=None):
        """One for client_credentials, unless the flags say otherwise."""
        if not {"--grant", "--public"} & set(flags):
            flags = (*flags, "--grant", "client_credentials")
        if secret is None:
            made = self.ctl_json("client", "create", name, *flags)
        else:
            made = self.ctl_json("client", "create", name, *flags, "--secret-from", "-", stdin=secret)
        return Client(made["client_id"], self.remember(secret or made["client_secret"]))

    def user(self, name, *flags):
        return self.ctl_json("user", "create", name, "--no-password", *flags)["id"]

    def user_with_password(self, name, password, *flags):
        """Its password is a secret like the others."""
        self.remember(password)
        return self.ctl_json("user", "create", name, "--password-from", "-", *flags, stdin=password)["id"]

    def personal_token(self, user, name, *flags):
        return self.remember(
            self.ctl_json("token", "create", "--user", user, "--name", name, *flags)["token"]
        )

    def contents(self):
        """All that the database keeps: name → bytes, of its files or of its tables."""
        if self.schema:
            with planted.opened(self.db) as connection:
                return {table: connection.dump(table) for table in connection.tables()}
        return {path.name: path.read_bytes() for path in self.files()}

    def files(self):
        """An SQLite database with all that SQLite keeps beside it."""
        return sorted(
            path
            for path in self.folder.iterdir()
            if path.name.startswith(self.db.name) and not path.name.endswith(".key")
        )


# On a database server there is no key file beside the database.
KEY = {"OAUTH2CTL_SERVER_KEY": "env:KEY_OF_THE_TESTS", "KEY_OF_THE_TESTS": "7" * 40} if ON_POSTGRESQL else {}


class KeyedSite(Site):
    def ctl(self, *arguments, env=None, **options):
        return super().ctl(*arguments, env={**KEY, **(env or {})}, **options)

    def ctl_json(self, *arguments, env=None, **options):
        return super().ctl_json(*arguments, env={**KEY, **(env or {})}, **options)

    def server(self, *flags, env=None, **options):
        return super().server(*flags, env={**KEY, **(env or {})}, **options)
