"""Clients that issue, look at and revoke tokens as fast as they can, and a model of what was promised."""

import http.client
import random
import threading

from .http_client import FORM
from .server import eventually


class Model:
    """What introspection must say. A request that got no answer may have happened or not."""

    def __init__(self):
        self.active = set()
        self.revoked = set()
        self.unsure = set()  # asked to be revoked, not answered
        self.refused = []  # answers that were neither success nor the expected refusal
        self.contradicted = []  # (token, expected) where introspection said otherwise under load
        self.lock = threading.Lock()

    def wrong(self, http, client, tokens=None):
        """Tokens on which `http` and the model disagree; all of them are asked about unless named."""
        expected = {token: True for token in self.active} | {token: False for token in self.revoked}
        if tokens is not None:
            expected = {token: value for token, value in expected.items() if token in tokens}
        connection = http.connection()
        found = []
        for token, active in expected.items():
            answer = http.post("/oauth/introspect", {"token": token}, client.basic, connection=connection)
            if answer.status != 200 or answer.json()["active"] is not active:
                found.append((token, active, answer))
        connection.close()
        return found


class Load:
    """`threads` clients at work inside `with`; `fine`: statuses beside 200 that are no failure; `unsure`:
    those that leave open whether it was done. 503 says that it was not, if the database is a file."""

    def __init__(
        self, http, client, model=None, threads=4, revoke_share=0.4, look_share=0.0, fine=(), unsure=(500,)
    ):
        self.http = http
        self.client = client
        self.model = model or Model()
        self.revoke_share = revoke_share
        self.look_share = look_share
        self.fine = set(fine)
        self.unsure = set(unsure)
        self.answered = 0
        self.good = 0  # of these, with 200
        self.not_good = []  # statuses other than 200, and exceptions where no answer came
        self.stopping = threading.Event()
        self.threads = [
            threading.Thread(target=self._run, args=(index,), daemon=True) for index in range(threads)
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)

    def wait_for(self, answers, patience=60):
        """Until so many requests have been answered."""
        return eventually(lambda: self.answered >= answers, patience)

    def wait_for_good(self, more, patience=60):
        """Until so many more have been answered with 200."""
        enough = self.good + more
        return eventually(lambda: self.good >= enough, patience)

    def _run(self, seed):
        chance = random.Random(seed)
        mine = []
        ended = []
        connection = self.http.connection()
        while not self.stopping.is_set():
            try:
                what = chance.random()
                if mine and what < self.revoke_share:
                    self._revoke(mine.pop(chance.randrange(len(mine))), ended, connection)
                elif mine and what < self.revoke_share + self.look_share:
                    self._look(chance.choice(mine), True, connection)
                    if ended:
                        self._look(chance.choice(ended), False, connection)
                else:
                    self._issue(mine, connection)
            except (OSError, http.client.HTTPException) as error:
                self.not_good.append(repr(error))
                connection.close()
                self.stopping.wait(0.05)
        connection.close()

    def _post(self, path, form, connection):
        fields = {"Content-Type": FORM, "Authorization": self.client.basic}
        answer = self.http.request("POST", path, form.encode(), fields, connection)
        self.answered += 1
        if answer.status == 200:
            self.good += 1
        else:
            self.not_good.append(answer.status)
            if answer.status not in self.fine:
                self.model.refused.append(answer)
            self.stopping.wait(0.02)  # as Retry-After asks, only sooner
        return answer

    def _issue(self, mine, connection):
        answer = self._post("/oauth/token", "grant_type=client_credentials", connection)
        if answer.status == 200:
            token = answer.json()["access_token"]
            mine.append(token)
            with self.model.lock:
                self.model.active.add(token)

    def _look(self, token, active, connection):
        """Only at this thread's own tokens: nobody else changes them meanwhile."""
        answer = self._post("/oauth/introspect", f"token={token}", connection)
        if answer.status == 200 and answer.json()["active"] is not active:
            self.model.contradicted.append((token, active))

    def _revoke(self, token, ended, connection):
        with self.model.lock:
            self.model.active.discard(token)
            self.model.unsure.add(token)
        answer = self._post("/oauth/revoke", f"token={token}", connection)
        if answer.status in self.unsure:
            return  # it may have been done and only the answer have failed
        if answer.status == 200:
            ended.append(token)
        with self.model.lock:
            self.model.unsure.discard(token)
            (self.model.revoked if answer.status == 200 else self.model.active).add(token)
