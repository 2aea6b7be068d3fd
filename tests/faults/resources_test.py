"""Descriptors, memory, randomness and the log run out: requests fail, the server does not."""

import contextlib
import os
import pathlib
import re
import resource
import shutil
import socket
import subprocess
import time
import unittest

from harness.fault_case import FaultCase, many_files, needs_compiler, needs_root, needs_strace
from harness.http_client import FORM
from harness.load import Load
from harness.programs import OAUTH2D
from harness.server import eventually

DEVICES = ("/dev/urandom", "/dev/random", "/dev/srandom", "/dev/hwrng")
HIDE_DEVICES = "; ".join(f"test ! -e {device} || mount --bind /dev/null {device}" for device in DEVICES)
FAIL_GETRANDOM = "strace -D -f -qq -o /dev/null -e trace=getrandom -e inject=getrandom:error=EIO"
WITHOUT_RANDOMNESS = ("unshare", "-m", "sh", "-c", f'{HIDE_DEVICES}; exec {FAIL_GETRANDOM} "$@"', "sh")


def can_hide_devices():
    return (
        os.geteuid() == 0
        and shutil.which("unshare")
        and subprocess.run(
            ["unshare", "-m", "mount", "--bind", "/dev/null", "/dev/urandom"], capture_output=True
        ).returncode
        == 0
    )


SANITIZED = b"__asan_init" in pathlib.Path(OAUTH2D).read_bytes()


class Descriptors(FaultCase):
    def test_out_of_descriptors_the_listener_survives_and_recovers(self):
        server = self.start(preexec=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
        # The first signing keys are made at the start, in the background; without a descriptor that would fail, and
        # the sanitizer, which needs one itself to look at an exception, would take it for a broken object.
        self.assertTrue(eventually(lambda: len(server.http.get("/oauth/jwks").json()["keys"]) == 2))
        token = self.token(server)
        for _ in range(3):
            held = []
            for _ in range(150):
                raw = server.http.socket()
                raw.sendall(b"POST /oauth/token HTTP/1.1\r\nHost: a\r\n")
                held.append(raw)
            time.sleep(0.2)
            self.assertTrue(server.is_up())
            for raw in held:
                raw.close()
            self.assertTrue(eventually(lambda: self.answers(server)))
        self.assertTrue(self.is_active(server, token))
        self.assert_serves(server)
        self.assertEqual(server.stop(), 0)

    def answers(self, server):
        try:
            return server.http.get("/healthz").status == 200
        except OSError:
            return False


class Crowd(FaultCase):
    def test_a_thousand_idle_and_two_hundred_dripping_connections_delay_nobody(self):
        server = self.start()
        with many_files():
            idle = [server.http.socket() for _ in range(1000)]
            dripping = [server.http.socket() for _ in range(200)]
            request = b"POST /oauth/token HTTP/1.1\r\nHost: a\r\nX-Slow: " + b"x" * 100
            waits = []
            for index in range(20):
                for raw in dripping:
                    try:
                        raw.sendall(request[index : index + 1])
                    except OSError:
                        pass  # given up by the server, which is its right
                began = time.monotonic()
                self.token(server)
                waits.append(time.monotonic() - began)
                time.sleep(0.05)
            for raw in (*idle, *dripping):
                raw.close()
        # Whoever waited for one that drips would wait for its deadline, 10 s after its first byte.
        self.assertLess(sorted(waits)[len(waits) // 2], 3, waits)
        self.assertLess(max(waits), 9, waits)
        self.assert_serves(server)

    def test_more_connections_than_allowed_are_no_end(self):
        server = self.start("--max-connections", "20")
        idle = [server.http.socket() for _ in range(200)]
        for _ in range(10):
            self.token(server)
        for raw in idle:
            raw.close()
        self.assert_serves(server)


class Memory(FaultCase):
    def test_without_more_address_space_the_server_goes_on_and_recovers(self):
        server = self.start()
        with Load(server.http, self.app, fine=(500, 503)) as load:
            load.wait_for(50)
            status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
            size = int(re.search(r"VmSize:\s+(\d+) kB", status).group(1)) * 1024
            resource.prlimit(server.pid, resource.RLIMIT_AS, (size + (1 << 20), resource.RLIM_INFINITY))
            held = []
            for _ in range(100):
                raw = server.http.socket()
                held.append(raw)
                with contextlib.suppress(OSError):
                    raw.sendall(
                        b"POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n"
                        + b"x" * 60000
                    )
            load.wait_for(load.answered + 50, patience=5)
            self.assertTrue(server.is_up(), server.stderr()[-2000:])
            for raw in held:
                raw.close()
            resource.prlimit(server.pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            self.assertTrue(eventually(lambda: self.recovered(server)))
        self.assert_agrees(server, load.model)
        self.assert_serves(server)

    @needs_compiler
    @unittest.skipIf(SANITIZED, "the sanitizer has an allocator of its own")
    def test_failing_allocations_crash_nothing_and_break_no_promise(self):
        dial, env = self.shim("malloc_shim")
        server = self.start(env=env)
        with Load(server.http, self.app, fine=(500, 503)) as load:
            load.wait_for(50)
            for every in (5000, 1009, 499, 211, 97, 53):
                dial.set(every)
                load.wait_for(load.answered + 100, patience=3)
                self.assertTrue(server.is_up(), f"it died while every allocation number {every} failed")
            dial.set(0)
            self.assertTrue(eventually(lambda: self.recovered(server)))
        self.assert_agrees(server, load.model)
        self.assert_serves(server)
        self.assert_sound()
        self.assertEqual(server.stop(), 0)

    def recovered(self, server):
        try:
            return self.ask_token(server).status == 200
        except OSError:
            return False


class Randomness(FaultCase):
    @needs_strace
    @unittest.skipUnless(can_hide_devices(), "hiding /dev/urandom needs root and mount namespaces")
    def test_without_randomness_no_token_is_issued(self):
        server = self.start(wrapper=WITHOUT_RANDOMNESS)
        for _ in range(3):
            answer = self.ask_token(server)
            self.assertIn(answer.status, (500, 503), answer)
            self.assertIn(answer.json()["error"], ("server_error", "temporarily_unavailable"))
        self.assertEqual(server.http.get("/healthz").status, 200)
        self.assertEqual(self.site.ctl_json("token", "list", "--all"), [])
        self.assertTrue(server.is_up())

    @needs_strace
    def test_where_only_the_system_call_is_missing_tokens_are_still_random(self):
        server = self.start(
            wrapper=(
                "strace",
                "-D",
                "-f",
                "-qq",
                "-o",
                os.devnull,
                "-e",
                "trace=getrandom",
                "-e",
                "inject=getrandom:error=ENOSYS",
            )
        )
        answers = [self.ask_token(server) for _ in range(20)]
        tokens = [answer.json()["access_token"] for answer in answers if answer.status == 200]
        self.assertEqual(len(set(tokens)), len(tokens))
        self.assertTrue(server.is_up())

    @needs_strace
    @unittest.skipUnless(can_hide_devices(), "hiding /dev/urandom needs root and mount namespaces")
    def test_the_command_line_makes_no_secret_without_randomness(self):
        result = self.site.ctl(
            "client",
            "create",
            "weak",
            "--grant",
            "client_credentials",
            check=False,
            wrapper=WITHOUT_RANDOMNESS,
        )
        self.assertEqual(result.returncode, 1, result)
        self.assertTrue(result.stderr.startswith("oauth2ctl: "), result.stderr)
        self.assertEqual([client["client_name"] for client in self.site.ctl_json("client", "list")], ["app"])


class BlockedLog(FaultCase):
    REQUESTS = 8000  # far more than the pipe and the log's own memory hold

    def ask_many(self, server):
        connection = server.http.connection()
        for _ in range(self.REQUESTS):
            self.assertEqual(server.http.request("GET", "/healthz", connection=connection).status, 200)
        connection.close()

    def test_a_stderr_that_nobody_reads_delays_no_request(self):
        server = self.start()
        server.read_log(False)
        self.ask_many(server)
        self.assert_serves(server)
        server.read_log(True)
        self.assertTrue(eventually(lambda: self.is_told_of_lost_lines(server)))
        request_id = server.http.get("/healthz").field("X-Request-Id")
        self.assertIsNotNone(server.log_line(request_id))

    def is_told_of_lost_lines(self, server):
        server.http.get("/healthz")
        return any(line["event"] == "lines dropped" for line in server.log())

    def test_a_server_whose_stderr_nobody_reads_still_stops(self):
        server = self.start()
        server.read_log(False)
        self.ask_many(server)
        server.process.terminate()
        self.assertEqual(server.process.wait(20), 0)

    def test_a_closed_stderr_ends_nothing(self):
        server = self.start()
        server.read_log(False)
        server.http.get("/healthz")
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), server.process.stderr.fileno())  # the pipe has no reader any more
        for _ in range(100):
            self.assertEqual(server.http.get("/healthz").status, 200)
        self.assert_serves(server)

    @needs_root
    def test_a_log_file_on_a_full_disk_delays_no_request(self):
        folder = self.tmpfs("64k")
        server = self.start("--log-file", folder / "oauth2d.log")
        self.ask_many(server)
        self.assert_serves(server)


class Stopping(FaultCase):
    BOUND = 15

    def stop(self, server):
        began = time.monotonic()
        server.process.terminate()
        code = server.process.wait(60)
        self.assertLess(time.monotonic() - began, self.BOUND)
        self.assertEqual(code, 0)

    def test_a_request_under_way_is_finished_and_no_new_one_is_taken(self):
        server = self.start()
        body = b"grant_type=client_credentials"
        idle = server.http.socket()
        raw = server.http.socket()
        raw.sendall(
            (
                f"POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\n"
                f"Authorization: {self.app.basic}\r\nContent-Length: {len(body)}\r\n"
                "Expect: 100-continue\r\n\r\n"
            ).encode()
        )
        # Now it has the head, and has accepted `idle`, which was there before.
        self.assertEqual(raw.recv(4096), b"HTTP/1.1 100 Continue\r\n\r\n")
        raw.sendall(body[:5])
        server.process.terminate()
        self.assertTrue(eventually(lambda: self.refuses(server)))
        raw.sendall(body[5:])
        answer = b"".join(iter(lambda: raw.recv(4096), b""))
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
        self.assertEqual(idle.recv(1), b"")
        self.assertEqual(server.process.wait(20), 0)
        raw.close()
        idle.close()

    def refuses(self, server):
        try:
            server.http.socket().close()
            return False
        except ConnectionRefusedError:
            return True

    def test_dripping_and_idle_connections_hold_it_only_so_long(self):
        server = self.start()
        held = [server.http.socket() for _ in range(50)]
        for raw in held[:25]:
            raw.sendall(b"POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nx")
        self.stop(server)
        for raw in held:
            raw.close()

    def test_under_load_every_answer_counts_and_it_stops_in_time(self):
        server = self.start()
        # 503: a request of which only the first bytes were there when the reading side was closed
        with Load(server.http, self.app, fine=(503,)) as load:
            load.wait_for(100)
            self.stop(server)
        self.assert_agrees(self.start(), load.model)
        self.assert_sound()

    def test_sigint_stops_as_sigterm_does(self):
        server = self.start()
        server.process.send_signal(2)
        self.assertEqual(server.process.wait(20), 0)

    def test_a_broken_client_ends_nothing(self):
        server = self.start()
        for _ in range(50):
            raw = server.http.socket()
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            raw.sendall(b"GET /.well-known/oauth-authorization-server HTTP/1.1\r\nHost: a\r\n\r\n" * 50)
            raw.close()  # with a reset
        self.assert_serves(server)
