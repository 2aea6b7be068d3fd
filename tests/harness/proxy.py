"""A reverse proxy of Debian's in front of oauth2d and an API, with a configuration of examples/."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from .http_client import HttpClient
from .postgres import die_with_us, free_port
from .programs import PATIENCE, ROOT

PATH = os.environ.get("PATH", "") + ":/usr/sbin"


def needs(program):
    return unittest.skipUnless(shutil.which(program, path=PATH), f"{program} is not installed")


class Proxy:
    """Started when made. `places`: what stands in the example → what stands for it here; each must be there.

    `command` may name {conf}, the file as it was written, and {folder}, a folder of its own. `also`: examples
    that the first one reads; `files`: name → text of what is not part of the example.
    """

    def __init__(self, example, command, places, also=(), files=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="oauth2-proxy-", dir="/tmp"))
        self.folder.chmod(0o711)  # as root: its workers are somebody else
        self.port = free_port()
        self.log = self.folder / "log"
        self.process = None
        conf = self.folder / pathlib.Path(example).name
        words = {"folder": str(self.folder), "conf": str(conf), "port": str(self.port)}
        for name in (example, *also):
            text = (ROOT / "examples" / name).read_text()
            for old, new in places.items():
                assert old in text or name in also, f"{name} has no {old}"
                text = text.replace(old, new.format(**words))
            (self.folder / pathlib.Path(name).name).write_text(text)
        for name, text in (files or {}).items():
            (self.folder / name).write_text(text.format(**words))
        try:
            self._start([word.format(**words) for word in command])
        except BaseException:
            self.close()
            raise
        self.http = HttpClient(f"http://127.0.0.1:{self.port}")

    def _start(self, command):
        environment = {"PATH": PATH, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=environment,
                preexec_fn=die_with_us,
            )
        end = time.monotonic() + PATIENCE
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"{command[0]} did not start:\n" + self.log.read_text())
            time.sleep(0.02)

    def _listens(self):
        try:
            HttpClient(f"http://127.0.0.1:{self.port}").socket().close()
            return True
        except OSError:
            return False

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)


TEMPORARY = "\n".join(
    f"  {name}_temp_path {{folder}}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
)


def protecting_nginx(oauth2d, api, more=None):
    """Debian's nginx with examples/nginx in front of these two addresses."""
    return Proxy(
        "nginx/nginx.conf",
        ("nginx", "-c", "{conf}", "-e", "stderr", "-g", "daemon off;"),
        {
            "user www-data;": "user www-data;" if os.geteuid() == 0 else "",
            "pid /run/nginx.pid;": "pid {folder}/nginx.pid;",
            "http {": "http {{\n" + TEMPORARY,
            "127.0.0.1:8080;": "127.0.0.1:{port};",
            "127.0.0.1:9000": oauth2d,
            "127.0.0.1:8000": api,
            **(more or {}),
        },
    )
