"""Rows put into the database by hand, where no command or grant makes them yet, or not in such numbers."""

import base64
import contextlib
import hashlib
import io
import secrets
import sqlite3
import time
import zlib

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PREFIXES = {
    "personal": "o2p",
    "access": "o2a",
    "refresh": "o2r",
    "authorization_code": "o2c",
    "device_code": "o2d",
}


def base62(value, length):
    digits = []
    for _ in range(length):
        value, digit = divmod(value, 62)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def random_base62(length):
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def time_code():
    return base62(int(time.time() * 1000), 7)


TIMED = ("access", "refresh")


def token_string(kind, timed=True):
    start = time_code() if timed and kind in TIMED else ""
    head = f"{PREFIXES[kind]}_{start}" + random_base62(43 - len(start))
    return head + base62(zlib.crc32(head.encode()), 6)


def ordered_id():
    """The name of a new family of tokens."""
    return time_code() + random_base62(16)


def is_postgresql(db):
    return str(db).startswith("postgresql://")


class PostgresqlConnection:
    """As much of sqlite3's connection as the tests use, with `?` for parameters."""

    def __init__(self, url):
        import psycopg2

        self.connection = psycopg2.connect(url)
        self.connection.autocommit = True

    def execute(self, sql, parameters=()):
        cursor = self.connection.cursor()
        cursor.execute(sql.replace("%", "%%").replace("?", "%s"), tuple(parameters))
        return cursor

    def executemany(self, sql, rows):
        from psycopg2.extras import execute_batch

        execute_batch(self.connection.cursor(), sql.replace("%", "%%").replace("?", "%s"), rows)

    def tables(self):
        rows = self.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        return [row[0] for row in rows.fetchall()]

    def dump(self, table):
        """All its rows, every column as text."""
        out = io.BytesIO()
        self.connection.cursor().copy_expert(f'COPY "{table}" TO STDOUT', out)
        return out.getvalue()

    def close(self):
        self.connection.close()


@contextlib.contextmanager
def opened(db):
    """The database as another program would open it: it waits for locks and leaves the WAL alone."""
    if is_postgresql(db):
        connection = PostgresqlConnection(db)
    else:
        connection = sqlite3.connect(db, timeout=30, isolation_level=None)
    try:
        if not is_postgresql(db):
            connection.execute("PRAGMA wal_autocheckpoint=0")
        yield connection
    finally:
        connection.close()


def begin_write(connection):
    """Until COMMIT or ROLLBACK nobody else writes, and everybody may read."""
    if isinstance(connection, PostgresqlConnection):
        from psycopg2.errors import DeadlockDetected

        for _ in range(20):  # a server in the middle of a write has its tables in another order
            connection.execute("BEGIN")
            try:
                connection.execute(f"LOCK TABLE {', '.join(connection.tables())} IN EXCLUSIVE MODE")
                return
            except DeadlockDetected:
                connection.execute("ROLLBACK")
        raise TimeoutError("the tables could not be locked")
    else:
        connection.execute("BEGIN IMMEDIATE")


def digest_of(token):
    return hashlib.sha256(token.encode()).digest()


def hash_of(token):
    return base64.urlsafe_b64encode(digest_of(token)).rstrip(b"=").decode()


def timeless_id_of(token):
    """The id of a personal token, and of any that was made before schema 5."""
    return base62(int.from_bytes(digest_of(token)[:16], "big"), 22)


def is_timed(token):
    return token[:3] in [PREFIXES[kind] for kind in TIMED]


def id_of(token):
    """The id under which oauth2ctl knows a token that is no JWT."""
    return timeless_id_of(token)[-16:] + token[4:11] if is_timed(token) else timeless_id_of(token)


def issued_ms_of(token):
    """The first part of its row's key."""
    milliseconds = 0
    for digit in token[4:11] if is_timed(token) else "":
        milliseconds = milliseconds * 62 + ALPHABET.index(digit)
    return milliseconds


def execute_many(site, sql, rows):
    """One statement for each of the rows, which give its `?` their values, in one transaction."""
    with opened(site.db) as connection:
        connection.execute("BEGIN")
        connection.executemany(sql, rows)
        connection.execute("COMMIT")


def plant_tokens(
    site,
    count=1,
    kind="access",
    client=None,
    user=None,
    scope="",
    audience=None,
    family=None,
    created_at=None,
    expires_at=None,
    timed=True,
):
    """The token strings, in one transaction. Not `timed`: as they were made before schema 5."""
    created_at = int(time.time()) if created_at is None else created_at
    tokens = [token_string(kind, timed) for _ in range(count)]
    rows = []
    for token in tokens:
        rows.append(
            (
                issued_ms_of(token) if timed else 0,
                id_of(token) if timed else timeless_id_of(token),
                hash_of(token),
                kind,
                client,
                user,
                scope,
                audience,
                family,
                created_at,
                expires_at,
            )
        )
    execute_many(
        site,
        "INSERT INTO tokens (issued_ms, id, token_hash, kind, client_id, user_id, scope, audience, internal,"
        " family_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
        rows,
    )
    for token in tokens[:10]:
        site.remember(token)
    return tokens


def plant_code(
    site, client, user, scope="", redirect_uri=None, code_challenge=None, audience=None, age=0, ttl=60
):
    """The string of an authorization code that the user approved `age` seconds ago."""
    code = site.remember(token_string("authorization_code"))
    created_at = int(time.time()) - age
    execute_many(
        site,
        "INSERT INTO authorization_codes (code_hash, client_id, user_id, redirect_uri, scope, audience,"
        " code_challenge, family_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                hash_of(code),
                client,
                user,
                redirect_uri,
                scope,
                audience,
                code_challenge,
                secrets.token_hex(16),
                created_at,
                created_at + ttl,
            )
        ],
    )
    return code


def plant_decision(site, device_code, user=None):
    """As if the user had approved what the device asks for; without one, as if somebody had denied it."""
    column, now = "approved_at" if user else "denied_at", int(time.time())
    execute_many(
        site,
        f"UPDATE device_codes SET user_id = ?, {column} = ? WHERE device_code_hash = ?",
        [(user, now, hash_of(device_code))],
    )


def age_device_code(site, device_code, seconds):
    """As if the device had begun, and polled last, so much earlier."""
    execute_many(
        site,
        "UPDATE device_codes SET created_at = created_at - ?, expires_at = expires_at - ?,"
        " last_poll_at = last_poll_at - ? WHERE device_code_hash = ?",
        [(seconds, seconds, seconds, hash_of(device_code))],
    )


def age_failures(site, seconds):
    """As if all failed attempts had been made so much earlier."""
    execute_many(
        site,
        "UPDATE failed_attempts SET first_at = first_at - ?, blocked_until = blocked_until - ?,"
        " expires_at = expires_at - ?",
        [(seconds, seconds, seconds)],
    )


def age_secrets(site, client_id, seconds):
    """As if those of the client's secrets that have an end had been given it so much earlier."""
    execute_many(
        site,
        "UPDATE client_secrets SET expires_at = expires_at - ?"
        " WHERE client_id = ? AND expires_at IS NOT NULL",
        [(seconds, client_id)],
    )


def age_rotation(site, token, seconds):
    """As if the token had been rotated so much earlier."""
    execute_many(
        site, "UPDATE tokens SET rotated_at = rotated_at - ? WHERE token_hash = ?", [(seconds, hash_of(token))]
    )
