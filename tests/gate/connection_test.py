"""Listening, making room, draining: one connection never costs another its answer."""

import os
import resource
import socket
import stat
import subprocess
import tempfile
import threading
import time
import unittest

from probe import GET, PATIENCE, SLOW, Client, Probe


class ProbeTest(unittest.TestCase):
    def start(self, *flags, **options):
        probe = Probe(*flags, **options)
        self.addCleanup(probe.stop)
        return probe

    def connections(self, probe, count):
        clients = [probe.connect() for _ in range(count)]
        for client in clients:
            self.addCleanup(client.socket.close)
        return clients


class Listening(ProbeTest):
    def test_a_second_instance_on_the_port_does_not_start(self):
        first = self.start()
        second = self.start(listen=(f"127.0.0.1:{first.port}",))
        self.assertNotEqual(second.wait(), 0)
        self.assertIn("Address already in use", second.refusal_lines()[0])
        self.assertIn(f"127.0.0.1:{first.port}", second.refusal_lines()[0])
        self.assertTrue(first.is_alive())

    def test_a_successor_can_listen_at_once(self):
        first = self.start()
        with first.connect() as client:
            client.send(GET)
            client.response()
            first.stop()
            self.assertTrue(self.start(listen=(f"127.0.0.1:{first.port}",)).is_alive())

    def test_a_malformed_address_is_named(self):
        for address in ("127.0.0.1", ":80", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1",
                        "::1:80", "[::1:80", "unix:", "unix:" + "a" * 200):
            with self.subTest(address):
                probe = self.start(listen=(address,))
                self.assertEqual(probe.wait(), 1)
                self.assertIn(address, probe.refusal_lines()[0])

    def test_several_addresses_are_served(self):
        with tempfile.TemporaryDirectory() as folder:
            probe = self.start(listen=("127.0.0.1:0", f"unix:{folder}/socket"))
            self.assertTrue(probe.is_alive())
            self.assertEqual(unix_answer(f"{folder}/socket")["remote_addr"], "")

    def test_ipv6_is_served(self):
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            self.skipTest("no IPv6 here")
        probe = self.start(listen=("[::1]:0",))
        self.assertTrue(probe.addresses[0].startswith("http://[::1]:"))
        with Client(socket.create_connection(("::1", probe.port), timeout=PATIENCE)) as client:
            client.send(GET)
            self.assertEqual(client.response().json()["remote_addr"], "::1")


def unix_answer(path):
    with Client(socket.socket(socket.AF_UNIX)) as client:
        client.socket.settimeout(PATIENCE)
        client.socket.connect(path)
        client.send(GET)
        return client.response().json()


class UnixSockets(ProbeTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = f"{folder.name}/socket"

    def listen(self, **options):
        return self.start(listen=(f"unix:{self.path}",), **options)

    def test_only_owner_and_group_may_connect_whatever_the_umask(self):
        for umask in (0o000, 0o077):
            probe = self.listen(preexec=lambda mask=umask: os.umask(mask))
            self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o660)
            probe.stop()

    def test_the_file_is_gone_at_the_end(self):
        self.assertEqual(self.listen().stop(), 0)
        self.assertFalse(os.path.exists(self.path))

    def test_a_file_that_a_killed_server_left_is_replaced(self):
        first = self.listen()
        first.process.kill()
        first.wait()
        self.assertTrue(os.path.exists(self.path))
        self.listen()
        self.assertEqual(unix_answer(self.path)["path"], "/next")

    def test_a_socket_that_answers_is_left_alone(self):
        self.listen()
        self.assertEqual(self.listen().wait(), 1)
        self.assertEqual(unix_answer(self.path)["path"], "/next")

    def test_a_file_that_is_no_socket_is_left_alone(self):
        with open(self.path, "w") as file:
            file.write("precious")
        self.assertEqual(self.listen().wait(), 1)
        with open(self.path) as file:
            self.assertEqual(file.read(), "precious")


class MakingRoom(ProbeTest):
    def test_the_connection_that_has_been_idle_longest_makes_room(self):
        probe = self.start("--max-connections", 4)
        oldest, *others = self.connections(probe, 4)
        for client in (oldest, *others):
            client.send(GET)
            client.response()
            probe.await_idle()
        self.assertTrue(probe.is_alive())
        self.assertTrue(oldest.is_closed())
        for client in others:
            client.send(GET)
            self.assertEqual(client.response().status, 200)

    def test_half_a_request_makes_room_too(self):
        probe = self.start("--max-connections", 2)
        for client in self.connections(probe, 2):
            client.send(GET[:10])
        self.assertTrue(probe.is_alive())

    def test_a_request_that_is_being_served_never_makes_room(self):
        probe = self.start("--max-connections", 2)
        busy = self.connections(probe, 2)
        for client in busy:
            client.send(SLOW)
        probe.await_slow(len(busy))
        response = probe.ask(GET)
        self.assertEqual(response.status, 503)
        self.assertIsNotNone(response.field("Retry-After"))
        probe.answer_slow(len(busy))
        self.assertEqual([client.response().status for client in busy], [200, 200])

    def test_a_thousand_idle_and_two_hundred_dripping_clients_do_not_stop_a_fresh_one(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        if hard < 3000:
            self.skipTest("too few open files allowed")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        probe = self.start()
        self.connections(probe, 1000)
        dripping = self.connections(probe, 200)
        done = threading.Event()

        def drip():
            for byte in b"GET / HTTP/1.1\r\nX: " + b"a" * 100:
                for client in dripping:
                    try:
                        client.send(bytes([byte]))
                    except OSError:
                        pass
                if done.wait(1):
                    return

        writer = threading.Thread(target=drip)
        writer.start()
        try:
            for _ in range(20):
                begin = time.monotonic()
                self.assertTrue(probe.is_alive())
                # Whoever waited for one that drips would wait for its deadline, 10 s after its first byte.
                self.assertLess(time.monotonic() - begin, 8)
                time.sleep(0.1)
        finally:
            done.set()
            writer.join()


class Draining(ProbeTest):
    def test_a_running_request_is_finished_and_new_ones_are_refused(self):
        probe = self.start("--drain-ms", 60_000)
        idle, busy = self.connections(probe, 2)
        busy.send(SLOW)
        probe.await_slow()
        probe.terminate()
        self.assertTrue(idle.is_closed())
        with self.assertRaises(ConnectionError):
            probe.connect()
        probe.answer_slow()
        response = busy.response()
        self.assertEqual((response.status, response.field("Connection")), (200, "close"))
        self.assertTrue(busy.is_closed())
        self.assertEqual(probe.wait(), 0)

    def test_a_dripping_client_does_not_hold_it(self):
        probe = self.start("--drain-ms", 1000)
        (client,) = self.connections(probe, 1)
        client.send(GET[:10])
        time.sleep(0.1)
        probe.terminate()
        self.assertEqual(probe.wait(), 0)

    def test_a_client_that_does_not_read_does_not_hold_it(self):
        probe = self.start("--drain-ms", 1000)
        (client,) = self.connections(probe, 1)
        client.send(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.3)
        probe.terminate()
        self.assertEqual(probe.wait(), 0)

    def test_a_signal_without_connections_ends_it(self):
        self.assertEqual(self.start().stop(), 0)


class Faults(ProbeTest):
    def test_too_few_descriptors_do_not_end_the_listener(self):
        with open(os.environ["GATE_PROBE"], "rb") as program:
            if b"__ubsan_handle" in program.read():
                self.skipTest("this sanitizer needs descriptors of its own and takes their lack for a fault")
        probe = self.start(preexec=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)))
        clients = self.connections(probe, 80)
        self.assertTrue(probe.is_alive())
        for client in clients:
            client.socket.close()
        self.assertTrue(probe.is_alive())

    def test_no_failure_of_accept_ends_the_listener(self):
        strace = ["strace", "-D", "-f", "-qq", "-o", "/dev/null"]
        try:
            subprocess.run([*strace, "true"], check=True, capture_output=True, timeout=PATIENCE)
        except (OSError, subprocess.SubprocessError):
            self.skipTest("no working strace")
        for error in ("ECONNABORTED", "EMFILE", "ENFILE", "ENOMEM", "ENOBUFS", "EPROTO", "EPERM"):
            with self.subTest(error):
                inject = f"inject=accept4:error={error}:when=2..4"
                probe = self.start(wrapper=[*strace, "-e", "trace=accept4", "-e", inject])
                for _ in range(4):
                    self.assertTrue(probe.is_alive())
                probe.stop()


if __name__ == "__main__":
    unittest.main()
