"""What tests/bench/run prints. Every server is measured in turn, twice, and the better half of each is shown."""

import argparse
import base64
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
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


def wrk(url, connections, seconds, environment):
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(HERE / "token.lua"), url],
        env={**os.environ, **environment}, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"errors under load:\n{out}")
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    p50, p99 = (milliseconds(re.search(rf"\s{p}%\s+(\S+)", out).group(1)) for p in (50, 99))
    return {"rate": rate, "requests": requests, "p50": p50, "p99": p99}


def measure(name, pid, url, environment, seconds):
    rows = []
    for connections in CONNECTIONS:
        runs = []
        for _ in range(2):
            before = cpu_seconds(pid)
            run = wrk(url, connections, seconds, environment)
            run["cpu_ms"] = (cpu_seconds(pid) - before) * 1000 / run["requests"]
            runs.append(run)
        best = max(runs, key=lambda run: run["rate"])
        rows.append({"name": name, "connections": connections, "rss": rss_mb(pid), **best})
    return rows


class Deployment:
    def __init__(self, programs, folder):
        self.programs = programs
        self.environment = {**os.environ, "OAUTH2CTL_DB": str(folder / "oauth2.db")}
        self.ctl("init")
        self.ctl("scope", "create", "records:read")
        made = json.loads(self.ctl("client", "create", "bench", "--grant", "client_credentials", "--scope",
                                   "records:read", "-o", "json"))
        self.id, self.secret = made["client_id"], made["client_secret"]
        pair = f"{self.id}:{self.secret}".encode()
        self.authorization = "Basic " + base64.b64encode(pair).decode()

    def ctl(self, *words):
        return subprocess.run([self.programs / "oauth2ctl", *words], env=self.environment, check=True,
                              capture_output=True, text=True).stdout

    def start(self, log):
        began = time.monotonic()
        server = subprocess.Popen([self.programs / "oauth2d", "--listen", "127.0.0.1:0"], env=self.environment,
                                  stderr=subprocess.PIPE, text=True)
        url = re.search(r"http://\S+", server.stderr.readline()).group(0)
        urllib.request.urlopen(url + "/readyz").read()
        first_answer = time.monotonic() - began
        subprocess.Popen(["cat"], stdin=server.stderr, stdout=log)   # the log is written, as in real life
        return server, url, first_answer

    def access_token(self, url):
        request = urllib.request.Request(url + "/oauth/token", b"grant_type=client_credentials",
                                         {"Authorization": self.authorization})
        return json.load(urllib.request.urlopen(request))["access_token"]


def measure_servers(programs, folder, seconds):
    deployment = Deployment(programs, folder)
    with open(folder / "log", "w") as log:
        server, url, first_answer = deployment.start(log)
        time.sleep(0.5)
        idle = rss_mb(server.pid)
        bare = subprocess.Popen([programs / "bench_bare", "9911"])
        time.sleep(0.3)
        try:
            authorization = {"AUTHORIZATION": deployment.authorization}
            token = urllib.parse.urlencode({"token": deployment.access_token(url)})
            rows = measure("bare cpp-httplib, 200 bytes", bare.pid, "http://127.0.0.1:9911/",
                           {"FORM": "x=y", **authorization}, seconds)
            rows += measure("introspect", server.pid, url + "/oauth/introspect", {"FORM": token, **authorization},
                            seconds)
            rows += measure("issue, durable", server.pid, url + "/oauth/token",
                            {"FORM": "grant_type=client_credentials", **authorization}, seconds)
        finally:
            for process in (server, bare):
                process.send_signal(signal.SIGTERM)
                process.wait()
    return rows, idle, first_answer


def print_table(rows):
    bare = {row["connections"]: row["rate"] for row in rows[:len(CONNECTIONS)]}
    print("| | connections | requests/s | × bare | p50 ms | p99 ms | CPU ms/request | RSS MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        print(f"| {row['name']} | {row['connections']} | {row['rate']:,.0f} | {row['rate'] / bare[row['connections']]:.2f}"
              f" | {row['p50']:.2f} | {row['p99']:.2f} | {row['cpu_ms']:.3f} | {row['rss']:.0f} |")


def many_clients(programs, folder, count):
    """A database with `count` clients, copied from one that the program made."""
    deployment = Deployment(programs, folder)
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
    environment = Deployment(programs, made).environment
    loop = f'for i in $(seq 1000); do "{programs}/oauth2ctl" client create c$i --grant client_credentials -q; done'
    began = time.monotonic()
    subprocess.run(["bash", "-c", loop], env=environment, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return sorted(times)[len(times) // 2], time.monotonic() - began


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--seconds", type=int, default=5)
    arguments = parser.parse_args()
    programs = pathlib.Path(arguments.bin).resolve()
    with tempfile.TemporaryDirectory(prefix="oauth2-bench-") as name:
        folder = pathlib.Path(name)
        rows, idle, first_answer = measure_servers(programs, folder, arguments.seconds)
        print_table(rows)
        show, thousand = measure_commands(programs, folder)
    print()
    print(f"idle RSS {idle:.1f} MB · start to first answer {first_answer * 1000:.0f} ms · "
          f"`client show` among 100,000 clients {show:.1f} ms (median of 21) · "
          f"1,000 × `client create` in a shell loop {thousand:.1f} s")


main()
