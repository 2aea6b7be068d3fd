"""Rows put into the database by hand, where no command or grant makes them yet, or not in such numbers."""

import base64
import contextlib
import hashlib
import secrets
import sqlite3
import time
import zlib

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PREFIXES = {"personal": "o2p", "access": "o2a", "refresh": "o2r"}


def base62(value, length):
    digits = []
    for _ in range(length):
        value, digit = divmod(value, 62)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def token_string(kind):
    head = f"{PREFIXES[kind]}_" + "".join(secrets.choice(ALPHABET) for _ in range(43))
    return head + base62(zlib.crc32(head.encode()), 6)


@contextlib.contextmanager
def opened(db):
    """The database as another program would open it: it waits for locks and leaves the WAL alone."""
    connection = sqlite3.connect(db, timeout=30, isolation_level=None)
    try:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        yield connection
    finally:
        connection.close()


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
):
    """The token strings, in one transaction."""
    created_at = int(time.time()) if created_at is None else created_at
    tokens = [token_string(kind) for _ in range(count)]
    rows = []
    for token in tokens:
        digest = hashlib.sha256(token.encode()).digest()
        token_hash = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        rows.append(
            (
                base62(int.from_bytes(digest[:16], "big"), 22),
                token_hash,
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
    with opened(site.db) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO tokens (id, token_hash, kind, client_id, user_id, scope, audience, internal,"
            " family_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
            rows,
        )
        connection.execute("COMMIT")
    for token in tokens[:10]:
        site.remember(token)
    return tokens
