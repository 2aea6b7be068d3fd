"""A PostgreSQL on a machine far away: what is sent to it takes its time, and so does every statement."""

import contextlib
import pathlib
import shutil
import socket
import tempfile
import threading
import time


class Distant:
    """A socket in front of that of `server`: each message to it arrives so many seconds later."""

    def __init__(self, server, seconds):
        self.seconds = seconds
        self.port = server.port
        self.real = server.folder / self._name()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="oauth2-far-", dir="/tmp"))
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / self._name()))
        self.listener.listen(64)
        self._start(self._accept)

    def _name(self):
        return f".s.PGSQL.{self.port}"

    def _start(self, action, *arguments):
        threading.Thread(target=action, args=arguments, daemon=True).start()

    def close(self):
        """Connections that stand go on until one of their ends goes."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # closing alone would not end a waiting accept
        self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            try:
                far.connect(str(self.real))
            except OSError:
                near.close()
                far.close()
                continue
            self._start(self._join, near, far)

    def _join(self, near, far):
        with near, far:
            back = threading.Thread(target=self._pass, args=(far, near, 0), daemon=True)
            back.start()
            self._pass(near, far, self.seconds)
            back.join()

    def _pass(self, source, target, seconds):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                time.sleep(seconds)
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
