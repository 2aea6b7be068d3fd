"""Debian's nginx in front of two servers, with the configuration of examples/cluster."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from .http_client import HttpClient
from .postgres import die_with_us, free_port
from .programs import PATIENCE, ROOT

TEMPLATE = ROOT / "examples" / "cluster" / "nginx.conf"
PROGRAM = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


class Nginx:
    """Started when made; `addresses`: HOST:PORT of the two."""

    def __init__(self, addresses):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="oauth2-nginx-", dir="/tmp"))
        self.folder.chmod(0o711)  # as root: its workers are somebody else
        self.port = free_port()
        self.log = self.folder / "log"
        self.process = None
        self._write_configuration(*addresses)
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        self.http = HttpClient(f"http://127.0.0.1:{self.port}")

    def _write_configuration(self, first, second):
        text = TEMPLATE.read_text()
        for word, value in (
            ("@USER@", "user www-data;" if os.geteuid() == 0 else ""),
            ("@PORT@", str(self.port)),
            ("@FIRST@", first),
            ("@SECOND@", second),
        ):
            text = text.replace(word, value)
        (self.folder / "nginx.conf").write_text(text)

    def _start(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", "stderr"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_us,
            )
        end = time.monotonic() + PATIENCE
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError("nginx did not start:\n" + self.log.read_text())
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
            self.process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)
