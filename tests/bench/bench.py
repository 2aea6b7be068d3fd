"""What tests/bench/run prints. Every server is measured in turn, twice, and the better half of each is shown."""

import argparse
import base64
import contextlib
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import types
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from harness.postgres import Postgres, Schema   # noqa: E402
import flows   # noqa: E402
import protect   # noqa: E402

CONNECTIONS = (1, 16, 64)
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def milliseconds(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def wrk(urls, connections, seconds, environment, script="token.lua"):
    threads = min(len(urls), connections)   # each has one of the addresses
    out = subprocess.run(
        ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(HERE / script),
         urls[0]],
        env={**os.environ, **environment, "ADDRESSES": " ".join(map(address_of, urls))},
        capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"errors under load:\n{out}")
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    p50, p99 = (milliseconds(re.search(rf"\s{p}%\s+(\S+)", out).group(1)) for p in (50, 99))
    return {"rate": rate, "requests": requests, "p50": p50, "p99": p99}


def address_of(url):
    return urllib.parse.urlsplit(url).netloc


def measure(name, servers, path, environment, seconds, script="token.lua"):
    """`servers`: (pid, url) of all that share the load."""
    rows = []
    urls = [url + path for _, url in servers]
    for connections in CONNECTIONS:
        runs = []
        for _ in range(2):
            before = sum(cpu_seconds(pid) for pid, _ in servers)
            run = wrk(urls, connections, seconds, environment, script)
            run["cpu_ms"] = (sum(cpu_seconds(pid) for pid, _ in servers) - before) * 1000 / run["requests"]
            runs.append(run)
        best = max(runs, key=lambda run: run["rate"])
        rss = sum(rss_mb(pid) for pid, _ in servers)
        rows.append({"name": name, "connections": connections, "rss": rss, **best})
    return rows


class Deployment:
    issuer = "http://127.0.0.1:9000"   # the default, wherever it listens

    def __init__(self, programs, db):
        self.programs = programs
        self.environment = {**os.environ, "OAUTH2CTL_DB": str(db)}
        self.ctl("init")
        self.ctl("scope", "create", "records:read")
        self.id, self.secret = self.client("bench")
        self.authorization = self.basic(self.id, self.secret)
        jwt = ("--access-token-format", "jwt", "--signing-alg", "EdDSA")
        self.jwt_authorization = self.basic(*self.client("bench-jwt", *jwt))

    def client(self, name, *flags):
        made = json.loads(self.ctl("client", "create", name, "--grant", "client_credentials", "--scope",
                                   "records:read", *flags, "-o", "json"))
        return made["client_id"], made["client_secret"]

    @staticmethod
    def basic(client_id, client_secret):
        return "Basic " + base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()

    def ctl(self, *words):
        return subprocess.run([self.programs / "oauth2ctl", *words], env=self.environment, check=True,
                              capture_output=True, text=True).stdout

    def start(self, log):
        began = time.monotonic()
        server = subprocess.Popen([self.programs / "oauth2d", "--listen", "127.0.0.1:0", "--trusted-proxies",
                                   "127.0.0.1"], env=self.environment, stderr=subprocess.PIPE, text=True)
        url = re.search(r"http://\S+", server.stderr.readline()).group(0)
        urllib.request.urlopen(url + "/readyz").read()
        first_answer = time.monotonic() - began
        subprocess.Popen(["cat"], stdin=server.stderr, stdout=log)   # the log is written, as in real life
        return server, url, first_answer

    def access_token(self, url, authorization=None):
        request = urllib.request.Request(url + "/oauth/token", b"grant_type=client_credentials",
                                         {"Authorization": authorization or self.authorization})
        return json.load(urllib.request.urlopen(request))["access_token"]


@contextlib.contextmanager
def ended_after(*processes):
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
            process.wait()


def measure_bare(programs, seconds):
    bare = subprocess.Popen([programs / "bench_bare", "9911"])
    with ended_after(bare):
        time.sleep(0.3)
        return measure("bare cpp-httplib, 200 bytes", [(bare.pid, "http://127.0.0.1:9911")], "/",
                       {"FORM": "x=y", "AUTHORIZATION": "none"}, seconds)


def measure_servers(programs, db, folder, seconds, where="", instances=1):
    """Its rows, the idle memory of one instance, and the seconds from its start to its first answer."""
    deployment = Deployment(programs, db)
    with open(folder / "log", "w") as log:
        started = [deployment.start(log) for _ in range(instances)]
        with ended_after(*(server for server, _, _ in started)):
            time.sleep(0.5)
            servers = [(server.pid, url) for server, url, _ in started]
            idle = rss_mb(servers[0][0])
            authorization = {"AUTHORIZATION": deployment.authorization}
            token = urllib.parse.urlencode({"token": deployment.access_token(servers[-1][1])})
            rows = measure("introspect" + where, servers, "/oauth/introspect", {"FORM": token, **authorization},
                           seconds)
            rows += measure("issue, durable" + where, servers, "/oauth/token",
                            {"FORM": "grant_type=client_credentials", **authorization}, seconds)
            rows += measure("issue JWT (EdDSA), durable" + where, servers, "/oauth/token",
                            {"FORM": "grant_type=client_credentials",
                             "AUTHORIZATION": deployment.jwt_authorization}, seconds)
            if not where:
                rows += measure_people(deployment, db, servers[0], token, folder, seconds)
    return rows, idle, started[0][2]


def measure_protected(programs, db, seconds):
    """Rows of what protects an API, and the table of verifying JWTs."""
    deployment = Deployment(programs, db)
    with open(db.parent / "protect.log", "w") as log:
        server, url, _ = deployment.start(log)
        api = subprocess.Popen([programs / "bench_bare", "9912"])
        guard = subprocess.Popen([programs / "bench_guard", "9913", str(db)])
        with ended_after(server, api, guard):
            time.sleep(0.3)
            rows = protect.measure_checks(deployment, (server.pid, url), (api.pid, "http://127.0.0.1:9912"),
                                          (guard.pid, "http://127.0.0.1:9913"), seconds,
                                          types.SimpleNamespace(measure=measure))
            return rows, protect.measure_verifying(programs, deployment, url, seconds)


def measure_people(deployment, db, server, token, folder, seconds):
    """At 16 connections: what a person's client does at the token endpoint, and others beside a flood of sign-ins."""
    pid, url = server
    bench = types.SimpleNamespace(wrk=wrk, cpu_seconds=cpu_seconds, rss_mb=rss_mb, here=HERE, folder=folder,
                                  environment=os.environ)
    with contextlib.closing(sqlite3.connect(db, timeout=30)) as database:
        rows = flows.measure_flows(deployment, database, url, pid, seconds, bench)
    raw_token = urllib.parse.parse_qs(token)["token"][0]
    return rows + [flows.measure_under_sign_ins(deployment, url, pid, raw_token, seconds, bench)]


def print_table(rows):
    """Each beside the bare server, and on PostgreSQL beside the same on SQLite."""
    rate = {(row["name"], row["connections"]): row["rate"] for row in rows}
    with_sqlite = any(" on " in row["name"] for row in rows)
    print("| | connections | requests/s | × bare |" + (" × SQLite |" if with_sqlite else "")
          + " p50 ms | p99 ms | CPU ms/request | RSS MB |")
    print("|---|" + "---:|" * (8 if with_sqlite else 7))
    for row in rows:
        connections = row["connections"]
        beside = f" {row['rate'] / rate[rows[0]['name'], connections]:.2f} |"
        if with_sqlite:
            sqlite = rate.get((row["name"].split(" on ")[0], connections))
            beside += f" {row['rate'] / sqlite:.2f} |" if " on " in row["name"] else " |"
        print(f"| {row['name']} | {connections} | {row['rate']:,.0f} |{beside} {row['p50']:.2f} | {row['p99']:.2f}"
              f" | {row['cpu_ms']:.3f} | {row['rss']:.0f} |")


def many_clients(programs, folder, count):
    """A database with `count` clients, copied from one that the program made."""
    deployment = Deployment(programs, folder / "oauth2.db")
    database = sqlite3.connect(folder / "oauth2.db")
    columns = [row[1] for row in database.execute("PRAGMA table_info(clients)")]
    original = dict(zip(columns, database.execute("SELECT * FROM clients").fetchone()))
    rows = ([{**original, "id": f"copy{i:028d}", "name": f"copy-{i}"}[c] for c in columns] for i in range(count))
    database.executemany(f"INSERT INTO clients VALUES ({','.join('?' * len(columns))})", rows)
    database.commit()
    database.close()
    return deployment


def measure_commands(programs, folder):
    shown = folder / "shown"
    shown.mkdir()
    deployment = many_clients(programs, shown, 100_000)
    times = []
    for i in range(21):
        began = time.monotonic()
        deployment.ctl("client", "show", f"copy-{i * 4000}")
        times.append((time.monotonic() - began) * 1000)
    made = folder / "made"
    made.mkdir()
    environment = Deployment(programs, made / "oauth2.db").environment
    loop = f'for i in $(seq 1000); do "{programs}/oauth2ctl" client create c$i --grant client_credentials -q; done'
    began = time.monotonic()
    subprocess.run(["bash", "-c", loop], env=environment, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return sorted(times)[len(times) // 2], time.monotonic() - began


def measure_postgresql(programs, folder, seconds):
    """One instance, then two, on a server of their own on this machine; its CPU time is not counted as theirs."""
    rows = []
    with Postgres() as server:
        for instances, where in ((1, " on PostgreSQL"), (2, " on PostgreSQL, two instances")):
            schema = Schema(server.url())
            rows += measure_servers(programs, schema.url, folder, seconds, where, instances)[0]
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--db", choices=["sqlite", "postgresql"], default="sqlite")
    arguments = parser.parse_args()
    programs = pathlib.Path(arguments.bin).resolve()
    with tempfile.TemporaryDirectory(prefix="oauth2-bench-") as name:
        folder = pathlib.Path(name)
        rows = measure_bare(programs, arguments.seconds)
        served, idle, first_answer = measure_servers(programs, folder / "oauth2.db", folder, arguments.seconds)
        rows += served
        if arguments.db == "postgresql":
            print_table(rows + measure_postgresql(programs, folder, arguments.seconds))
            return
        protected, verified = measure_protected(programs, folder / "protect.db", arguments.seconds)
        print_table(rows + protected)
        print()
        protect.print_verifying(verified)
        show, thousand = measure_commands(programs, folder)
    print()
    print(f"idle RSS {idle:.1f} MB · start to first answer {first_answer * 1000:.0f} ms · "
          f"`client show` among 100,000 clients {show:.1f} ms (median of 21) · "
          f"1,000 × `client create` in a shell loop {thousand:.1f} s")


main()
