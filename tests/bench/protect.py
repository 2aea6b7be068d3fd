"""What protecting an API costs: /oauth/check, the guard, nginx with and without asking, and verifying JWTs."""

import re
import subprocess
import urllib.parse

from harness.proxy import protecting_nginx

SPEED_NAMES = {"EdDSA": "ed25519", "ES256": "ecdsap256", "RS256": "rsa2048"}


def measure_checks(deployment, server, api, guard, seconds, bench):
    """`server`, `api` (bare) and `guard`: (pid, url). CPU of the nginx rows is that of oauth2d."""
    pid, url = server
    token = {"AUTHORIZATION": "Bearer " + deployment.access_token(url)}

    def measure(name, which, path):
        return bench.measure(name, [which], path, token, seconds, "bearer.lua")

    rows = measure("/oauth/check with a scope", server, "/oauth/check?scope=records:read")
    rows += measure("guard, database validator", guard, "/")
    with_path = {"proxy_pass http://api;": "proxy_pass http://api/;"}   # it answers at / alone
    nginx = protecting_nginx(address_of(url), address_of(api[1]), with_path)
    try:
        proxied = (pid, f"http://127.0.0.1:{nginx.port}")
        rows += measure("nginx, open", proxied, "/api/public/")
        rows += measure("nginx with auth_request", proxied, "/api/")
    finally:
        nginx.close()
    return rows


def address_of(url):
    return urllib.parse.urlsplit(url).netloc


def measure_verifying(programs, deployment, url, seconds):
    """(algorithm, JWTs a second, `openssl speed`'s verifications a second), each on one thread."""
    rows = []
    for alg, name in SPEED_NAMES.items():
        client = deployment.client(f"bench-{alg}", "--access-token-format", "jwt", "--signing-alg", alg)
        token = deployment.access_token(url, deployment.basic(*client))
        rate = subprocess.run([programs / "bench_verify", deployment.issuer, url + "/oauth/jwks", str(seconds), token], check=True,
                              capture_output=True, text=True).stdout
        speed = subprocess.run(["openssl", "speed", "-seconds", str(seconds), name], check=True,
                               capture_output=True, text=True).stdout
        rows.append((alg, float(rate), float(re.findall(r"([\d.]+)\s*$", speed)[0])))
    return rows


def print_verifying(rows):
    print("| JWT verified, one thread | tokens/s | `openssl speed` | × |")
    print("|---|---:|---:|---:|")
    for alg, rate, speed in rows:
        print(f"| {alg} | {rate:,.0f} | {speed:,.0f} | {rate / speed:.2f} |")
