"""examples/protected-api, built against the installed package as anybody would, in front of a real oauth2d."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

from harness.http_client import HttpClient
from harness.person import Person
from harness.planted import plant_tokens, token_string
from harness.postgres import free_port
from harness.programs import BIN, PATIENCE, ROOT, clean_environment
from harness.site import Site
from interop_case import PASSWORD, USERNAME

INVALID = 'Bearer realm="records", error="invalid_token"'
NOTHING = 'Bearer realm="records"'


def lacks(scope):
    return f'Bearer realm="records", error="insufficient_scope", scope="{scope}"'


class Package:
    """The package in a prefix of its own, and the example built against it. Once for all classes."""

    made = None

    @classmethod
    def program(cls):
        if cls.made is None:
            cls.made = tempfile.TemporaryDirectory(prefix="oauth2-package-")
            cls.build(pathlib.Path(cls.made.name))
        return pathlib.Path(cls.made.name) / "build" / "protected-api"

    @classmethod
    def build(cls, folder):
        cls.run("cmake", "--install", BIN, "--prefix", folder / "prefix")
        flags = re.search(r"^OAUTH2_SANITIZE:STRING=(.+)$", (BIN / "CMakeCache.txt").read_text(), re.M)
        sanitize = f"-fsanitize={flags[1]}" if flags else ""
        cls.run("cmake", "-S", ROOT / "examples" / "protected-api", "-B", folder / "build", "-G", "Ninja",
                f"-DCMAKE_PREFIX_PATH={folder / 'prefix'}",
                f"-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Wshadow -Werror {sanitize}")
        cls.run("cmake", "--build", folder / "build")

    @staticmethod
    def run(*command):
        result = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=clean_environment())
        assert result.returncode == 0, f"{command}:\n{result.stdout}{result.stderr}"


class Api:
    """A running protected-api."""

    def __init__(self, env):
        self.process = subprocess.Popen(
            [Package.program()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=clean_environment(API_PORT="0", **env))
        greeting = self.process.stdout.readline()
        found = re.search(r"listening on (http://\S+)", greeting)
        if not found:
            raise AssertionError(f"protected-api did not start: {greeting}{self.stop()}")
        self.http = HttpClient(found[1])

    def stop(self):
        """What it wrote to stderr."""
        self.process.terminate()
        return self.process.communicate(timeout=PATIENCE)[1]


class ProtectedApiCase(unittest.TestCase):
    flags = ()
    validator = None

    @classmethod
    def setUpClass(cls):
        Package.program()
        port = free_port()
        cls.site = Site(f"http://127.0.0.1:{port}")
        cls.addClassCleanup(cls.site.close)
        cls.site.scopes("records:read", "records:write", "records:admin")
        cls.site.user_with_password(USERNAME, PASSWORD)
        cls.app = cls.site.client("app", "--scope", "records:read", "--scope", "records:write")
        cls.service = cls.site.client("service")
        cls.server = cls.site.server(*cls.flags, listen=(f"127.0.0.1:{port}",))
        cls.addClassCleanup(cls.server.stop)
        cls.api = Api(cls.environment())
        cls.addClassCleanup(cls.stop_and_search_for_secrets)

    @classmethod
    def stop_and_search_for_secrets(cls):
        errors = cls.api.stop()
        found = [secret for secret in cls.site.secrets if secret in errors]
        assert not found, f"secrets on stderr: {errors}"

    @classmethod
    def environment(cls, validator=None):
        return {"API_VALIDATOR": validator or cls.validator, "OAUTH2_ISSUER": cls.site.issuer, "API_CACHE": "0",
                "OAUTH2_CLIENT_ID": cls.service.id, "OAUTH2_CLIENT_SECRET": cls.service.secret,
                "OAUTH2CTL_DB": str(cls.site.db), "API_SESSIONS": "on"}

    # What the classes do.

    def issued(self, client, scope="", **more):
        form = {"grant_type": "client_credentials", "scope": scope, **more}
        answer = self.server.http.post("/oauth/token", form, client.basic)
        self.assertEqual(answer.status, 200, answer)
        return self.site.remember(answer.json()["access_token"])

    def get(self, path, token=None, **headers):
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.api.http.get(path, **headers)

    def assert_refused(self, answer, status, challenge):
        self.assertEqual((answer.status, answer.field("WWW-Authenticate")), (status, challenge), answer)
        self.assertEqual(answer.field("Cache-Control"), "no-store", answer)
        self.assertEqual(answer.field("Content-Type"), "application/json", answer)
        error = re.search(r'error="(\w+)"', challenge)
        self.assertEqual(answer.json().get("error"), error[1] if error else None, answer)

    def assert_invalid(self, token):
        for path in ("/whoami", "/records", "/greeting", "/records/1"):
            self.assert_refused(self.get(path, token), 401, INVALID)

    def assert_pages_are_protected(self, live, name):
        """`live`: a token of `name` for records:read."""
        self.assertEqual(self.get("/").body, b"Everybody may read this.\n")
        self.assertEqual(self.get("/greeting").body, b"Hello, stranger.\n")
        for path in ("/whoami", "/records", "/export", "/records/1"):
            self.assert_refused(self.get(path), 401, NOTHING)
        self.assertTrue(self.get("/whoami", live).body.decode().startswith(f"{name}, by a token of kind "))
        self.assertEqual(self.get("/greeting", live).body.decode(), f"Hello, {name}.\n")
        self.assertEqual(self.get("/records", live).body, b"Two records.\n")
        self.assertEqual(self.get("/records/7", live).body.decode(), f"The record 7 for {name}.\n")
        self.assert_refused(self.get("/export", live), 403, lacks("records:read records:write"))
        written = self.api.http.post("/records", {}, headers={"Authorization": f"Bearer {live}"})
        self.assert_refused(written, 403, lacks("records:write"))

    def assert_forgeries_are_refused(self, live):
        self.assertEqual(self.get("/whoami", live).status, 200)
        middle = len(live) // 2
        changed = live[:middle] + ("A" if live[middle] != "A" else "B") + live[middle + 1:]
        for token in (live[:-1], live + "A", changed, live.swapcase(), "x", token_string("access"),
                      self.service.secret):
            self.assert_invalid(token)

    def assert_dead_tokens_are_refused(self):
        """Opaque ones: expired, revoked, refresh, for another audience."""
        def planted(**more):
            return plant_tokens(self.site, client=self.app.id, scope="records:read", **more)[0]
        now = int(time.time())
        self.assert_invalid(planted(expires_at=now - 1))
        self.assert_invalid(planted(kind="refresh", expires_at=now + 1000))
        self.assert_invalid(planted(audience="https://other.example", expires_at=now + 1000))
        self.assertEqual(self.get("/whoami", planted(expires_at=now + 1000)).status, 200)
        revoked = self.issued(self.app, "records:read")
        self.server.http.post("/oauth/revoke", {"token": revoked}, self.app.basic)
        self.assert_invalid(revoked)


class Introspection(ProtectedApiCase):
    validator = "introspection"

    def test_a_clients_token_and_a_personal_one_open_what_their_scopes_allow(self):
        self.assert_pages_are_protected(self.issued(self.app, "records:read"), self.app.id)
        token = self.site.personal_token(USERNAME, "tutorial", "--scope", "records:read")
        self.assert_pages_are_protected(token, USERNAME)
        admin = self.site.personal_token(USERNAME, "admin", "--scope", "records:admin")
        self.assertEqual(self.get("/export", admin).status, 200)
        self.assert_refused(self.get("/records", admin), 403, lacks("records:read"))

    def test_forged_truncated_and_foreign_tokens_are_refused(self):
        self.assert_forgeries_are_refused(self.issued(self.app, "records:read"))

    def test_expired_revoked_and_misplaced_tokens_are_refused(self):
        self.assert_dead_tokens_are_refused()

    def test_wrong_credentials_are_503_and_let_nobody_in(self):
        api = Api({**self.environment(), "OAUTH2_CLIENT_SECRET": "wrong"})
        token = self.issued(self.app, "records:read")
        answer = api.http.get("/whoami", Authorization=f"Bearer {token}")
        self.assertEqual((answer.status, answer.json()["error"]), (503, "temporarily_unavailable"))
        self.assertIsNotNone(answer.field("Retry-After"))
        self.assertEqual(api.http.get("/greeting").status, 200)
        self.assertIn("it answered 401", api.stop())


class AuthorizationServerGone(ProtectedApiCase):
    validator = "introspection"

    def test_while_the_server_is_gone_nobody_gets_in_and_afterwards_they_do(self):
        token = self.issued(self.app, "records:read")
        self.assertEqual(self.get("/whoami", token).status, 200)
        port = self.server.port
        self.server.stop()
        answer = self.get("/whoami", token)
        self.assertEqual((answer.status, answer.field("Retry-After")), (503, "5"), answer)
        self.assertEqual(self.get("/").status, 200)
        again = self.site.server(*self.flags, listen=(f"127.0.0.1:{port}",))
        self.addCleanup(again.stop)
        deadline = time.monotonic() + PATIENCE
        while self.get("/whoami", token).status != 200 and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(self.get("/whoami", token).status, 200)


class Database(ProtectedApiCase):
    validator = "database"

    def test_a_clients_token_and_a_personal_one_open_what_their_scopes_allow(self):
        self.assert_pages_are_protected(self.issued(self.app, "records:read"), self.app.id)
        token = self.site.personal_token(USERNAME, "tutorial", "--scope", "records:read")
        self.assert_pages_are_protected(token, USERNAME)

    def test_forged_truncated_and_foreign_tokens_are_refused(self):
        self.assert_forgeries_are_refused(self.issued(self.app, "records:read"))

    def test_expired_revoked_and_misplaced_tokens_are_refused(self):
        self.assert_dead_tokens_are_refused()

    def test_a_session_counts_and_unsafe_methods_need_its_csrf_token(self):
        person = Person(self.server.http)
        self.assertEqual(person.sign_in(USERNAME, PASSWORD).status, 303)
        cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        csrf = self.server.http.get("/oauth/csrf", Cookie=cookie).json()["csrf_token"]
        self.assertEqual(self.get("/records", Cookie=cookie).status, 200)
        self.assertTrue(self.get("/whoami", Cookie=cookie).body.startswith(b"alice, by a token of kind session"))

        def post(**headers):
            return self.api.http.post("/records", {}, headers={"Cookie": cookie, **headers})
        self.assert_refused(post(), 400, 'Bearer realm="records", error="invalid_request"')
        self.assert_refused(post(**{"X-CSRF-Token": csrf[:-2]}), 403, 'Bearer realm="records", error="access_denied"')
        self.assertEqual(post(**{"X-CSRF-Token": csrf}).body, b"Written for alice.\n")
        self.assert_refused(post(Authorization="Bearer x", **{"X-CSRF-Token": csrf}), 401, INVALID)
        self.server.http.post("/logout", {"csrf_token": csrf}, headers={"Cookie": cookie})
        self.assert_refused(self.get("/records", Cookie=cookie), 401, NOTHING)


class Jwt(ProtectedApiCase):
    validator = "jwt"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signing = cls.site.client("signing", "--scope", "records:read", "--access-token-format", "jwt")

    def test_a_signed_token_opens_what_its_scopes_allow(self):
        self.assert_pages_are_protected(self.issued(self.signing, "records:read"), self.signing.id)

    def test_opaque_forged_and_truncated_tokens_are_refused(self):
        live = self.issued(self.signing, "records:read")
        self.assert_forgeries_are_refused(live)
        self.assert_invalid(self.issued(self.app, "records:read"))
        header, claims, signature = live.split(".")
        self.assert_invalid(f"{header}.{claims}.")
        self.assert_invalid(f"{header}.{claims}.{self.issued(self.signing).split('.')[2]}")

    def test_each_algorithm_is_checked_and_a_rotated_key_is_found(self):
        for algorithm in ("EdDSA", "ES256", "RS256"):
            client = self.site.client(algorithm, "--scope", "records:read", "--access-token-format", "jwt",
                                      "--signing-alg", algorithm)
            self.assertEqual(self.get("/records", self.issued(client, "records:read")).status, 200, algorithm)
        before = self.issued(self.signing, "records:read")
        self.site.ctl("key", "rotate")
        after = self.issued(self.signing, "records:read")
        self.assertNotEqual(before.split(".")[0], after.split(".")[0])
        # The API asks for unknown keys once in a few seconds at most.
        deadline = time.monotonic() + PATIENCE
        while self.get("/records", after).status != 200 and time.monotonic() < deadline:
            time.sleep(0.2)
        for token in (before, after):
            self.assertEqual(self.get("/records", token).status, 200)

    def test_a_token_for_another_audience_is_refused(self):
        uri = "https://other.example"
        client = self.site.client("elsewhere", "--scope", "records:read", "--access-token-format", "jwt",
                                  "--resource", uri)
        self.assert_invalid(self.issued(client, "records:read", resource=uri))

    def test_an_expired_token_is_refused(self):
        live = self.issued(self.signing, "records:read")
        later = Api({**self.environment(), **self.clock_ahead(7200)})
        self.addCleanup(later.stop)
        self.assert_refused(later.http.get("/whoami", Authorization=f"Bearer {live}"), 401, INVALID)
        self.assertEqual(self.get("/whoami", live).status, 200)

    def clock_ahead(self, seconds):
        """The environment of a program whose clock is ahead."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="oauth2-test-"))
        self.addCleanup(shutil.rmtree, folder)
        shim, dial = folder / "clock_shim.so", folder / "dial"
        source = ROOT / "tests" / "faults" / "clock_shim.c"
        Package.run("gcc", "-shared", "-fPIC", "-O1", "-o", shim, source)
        dial.write_bytes(seconds.to_bytes(8, "little", signed=True))
        preload = ":".join(filter(None, [str(shim), os.environ.get("LD_PRELOAD")]))
        return {"LD_PRELOAD": preload, "TEST_DIAL": str(dial)}

    def test_a_revoked_token_lives_on_here_but_not_where_the_server_is_asked(self):
        token = self.issued(self.signing, "records:read")
        asking = []
        for validator in ("introspection", "database"):
            asking.append(Api(self.environment(validator)))
            self.addCleanup(asking[-1].stop)
        for api in asking:
            self.assertEqual(api.http.get("/records", Authorization=f"Bearer {token}").status, 200)
        self.server.http.post("/oauth/revoke", {"token": token}, self.signing.basic)
        for api in asking:
            self.assert_refused(api.http.get("/records", Authorization=f"Bearer {token}"), 401, INVALID)
        self.assertEqual(self.get("/records", token).status, 200)


class ThePackage(unittest.TestCase):
    def test_a_service_without_the_database_links_no_sqlite(self):
        with tempfile.TemporaryDirectory(prefix="oauth2-test-") as name:
            folder = pathlib.Path(name)
            (folder / "CMakeLists.txt").write_text(
                "cmake_minimum_required(VERSION 3.25)\nproject(small LANGUAGES CXX)\nfind_package(oauth2ctl REQUIRED)\n"
                "add_executable(small main.cc)\ntarget_link_libraries(small oauth2ctl::resource_server)\n")
            (folder / "main.cc").write_text(
                "#include <oauth2ctl/resource_server.h>\nnamespace rs = oauth2::resource_server;\nint main() {\n"
                "  rs::Guard guard;\n  guard.add(rs::jwt({.issuer = \"https://as.example\", .resource = \"x\"}));\n"
                "  guard.add(rs::introspection({.endpoint = \"https://as.example/i\", .client_id = \"x\"}));\n}\n")
            prefix = Package.program().parents[1] / "prefix"
            flags = re.search(r"^OAUTH2_SANITIZE:STRING=(.+)$", (BIN / "CMakeCache.txt").read_text(), re.M)
            Package.run("cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
                        f"-DCMAKE_CXX_FLAGS={'-fsanitize=' + flags[1] if flags else ''}")
            Package.run("cmake", "--build", folder / "build")
            Package.run(folder / "build" / "small")
            linked = subprocess.run(["ldd", folder / "build" / "small"], capture_output=True, text=True).stdout
            self.assertIn("libssl", linked)
            self.assertNotRegex(linked, "sqlite|argon2|pq|qrencode")


if __name__ == "__main__":
    unittest.main()
