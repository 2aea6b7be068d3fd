"""The parts of tests/bench/run about people: codes, refresh tokens and sign-ins."""

import html
import json
import re
import subprocess
import time
import urllib.parse
import urllib.request

from harness.planted import hash_of, id_of, issued_ms_of, ordered_id, token_string

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"      # RFC 7636 appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
CALLBACK = "https://bench.example/cb"
MOST_A_SECOND = 20_000


def plant_codes(database, client_id, user_id, count, now):
    codes = [token_string("authorization_code") for _ in range(count)]
    database.executemany(
        "INSERT INTO authorization_codes (code_hash, client_id, user_id, redirect_uri, scope, code_challenge,"
        " family_id, created_at, expires_at) VALUES (?, ?, ?, ?, 'records:read', ?, ?, ?, ?)",
        ((hash_of(code), client_id, user_id, CALLBACK, CHALLENGE, ordered_id(), now, now + 3600)
         for code in codes))
    database.commit()
    return [urllib.parse.urlencode({"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK,
                                    "code_verifier": VERIFIER}) for code in codes]


def plant_refresh_tokens(database, client_id, user_id, count, now):
    tokens = [token_string("refresh") for _ in range(count)]
    database.executemany(
        "INSERT INTO tokens (issued_ms, id, token_hash, kind, client_id, user_id, scope, internal, family_id,"
        " created_at, expires_at, lifetime)"
        " VALUES (?, ?, ?, 'refresh', ?, ?, 'records:read', 0, ?, ?, ?, 86400)",
        ((issued_ms_of(token), id_of(token), hash_of(token), client_id, user_id, ordered_id(), now,
          now + 86400) for token in tokens))
    database.commit()
    return [urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": token}) for token in tokens]


def measure_once(name, url, pid, forms_of, authorization, connections, seconds, bench):
    """Each run has forms of its own: what was used once is used up."""
    runs = []
    for _ in range(2):
        forms = bench.folder / "forms"
        forms.write_text("\n".join(forms_of(seconds * MOST_A_SECOND)) + "\n")
        before = bench.cpu_seconds(pid)
        run = bench.wrk([url], connections, seconds,
                        {"AUTHORIZATION": authorization, "FORMS": str(forms), "THREADS": "1"}, "once.lua")
        run["cpu_ms"] = (bench.cpu_seconds(pid) - before) * 1000 / run["requests"]
        runs.append(run)
    best = max(runs, key=lambda run: run["rate"])
    return {"name": name, "connections": connections, "rss": bench.rss_mb(pid), **best}


def measure_flows(deployment, database, url, pid, seconds, bench):
    """Code exchange and refresh, durable, at 16 connections."""
    made = json.loads(deployment.ctl("client", "create", "people", "--grant", "authorization_code", "--grant",
                                     "refresh_token", "--redirect-uri", CALLBACK, "--scope", "records:read",
                                     "-o", "json"))
    user_id = deployment.ctl("user", "create", "bench", "--no-password", "-q").strip()
    authorization = deployment.basic(made["client_id"], made["client_secret"])
    now = int(time.time())
    rows = []
    for name, plant in (("code exchange, durable", plant_codes), ("refresh, durable", plant_refresh_tokens)):
        def forms_of(count, plant=plant):
            return plant(database, made["client_id"], user_id, count, now)
        rows.append(measure_once(name, url + "/oauth/token", pid, forms_of, authorization, 16, seconds, bench))
    return rows


def measure_under_sign_ins(deployment, url, pid, token, seconds, bench):
    """Introspection at 16 connections while 16 others sign in as fast as they can; and how many they were."""
    page = urllib.request.urlopen(url + "/login")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    csrf = html.unescape(re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode()).group(1))
    flood = subprocess.Popen(
        ["wrk", "-t1", "-c16", f"-d{seconds * 2 + 3}s", "-s", str(bench.here / "sign_in.lua"), url + "/login"],
        env={**bench.environment, "COOKIE": cookie, "CSRF": csrf}, stdout=subprocess.PIPE, text=True)
    time.sleep(1)
    form = urllib.parse.urlencode({"token": token})
    runs = [bench.wrk([url + "/oauth/introspect"], 16, seconds,
                      {"FORM": form, "AUTHORIZATION": deployment.authorization}) for _ in range(2)]
    signed_in = float(re.search(r"Requests/sec:\s+([\d.]+)", flood.communicate()[0]).group(1))
    best = max(runs, key=lambda run: run["rate"])
    return {"name": f"introspect beside {signed_in:.0f} sign-ins/s", "connections": 16, "cpu_ms": 0.0,
            "rss": bench.rss_mb(pid), **best}
