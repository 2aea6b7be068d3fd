"""A real browser for the tests: one Chromium for the whole run, a window with its own cookies for each."""

import atexit
import json
import pathlib
import queue
import subprocess
import threading

from harness.programs import PATIENCE, ROOT

HERE = pathlib.Path(__file__).resolve().parent
SCREENSHOTS = ROOT / "build" / "screenshots"


class Refused(AssertionError):
    """What Playwright said, for instance that an element was not there in time."""


class Chromium:
    """browser.mjs, which passes orders on to Playwright."""

    def __init__(self):
        assert (HERE / "node_modules").is_dir(), "run `npm ci` in tests/browser first"
        self.process = subprocess.Popen(
            ["node", HERE / "browser.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._answers = queue.Queue()
        self._complaints = []
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._complaints.extend, args=(self.process.stderr,), daemon=True).start()
        atexit.register(self.close)

    def _read(self):
        for line in self.process.stdout:
            self._answers.put(json.loads(line))
        self._answers.put({"error": "the browser ended\n" + "".join(self._complaints)})

    def order(self, on, do, *given):
        self.process.stdin.write(json.dumps({"on": on, "do": do, "with": given}) + "\n")
        self.process.stdin.flush()
        answer = self._answers.get(timeout=3 * PATIENCE)
        if "error" in answer:
            raise Refused(f"{on}.{do}{given}: {answer['error']}")
        return answer["value"]

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()


_shared = None


def shared():
    global _shared
    _shared = _shared or Chromium()
    return _shared


class Window:
    """One tab. `site`: what paths are relative to; options as Playwright's newContext takes them."""

    def __init__(self, site, name=None, **options):
        self.browser = shared()
        self.site = site
        # Without transitions, so that nothing is looked at half way between two colours.
        options = {"viewport": {"width": 1000, "height": 800}, "reducedMotion": "reduce", **options}
        self.name = name or self.browser.order("browser", "open", {"patience": PATIENCE * 1000, **options})

    def do(self, what, *given):
        return self.browser.order(self.name, what, *given)

    def another(self):
        """One more tab of the same browser: same cookies, same notes."""
        return Window(self.site, self.do("another"))

    def close(self):
        """The tab, and all others that share its cookies."""
        self.browser.order(self.name + ".context", "close")

    def take_cookies(self, cookies):
        given = [{"name": name, "value": value, "url": self.site} for name, value in cookies.items()]
        self.browser.order(self.name + ".context", "addCookies", given)

    # What a person does.

    def open(self, target):
        """The status of the page in the end."""
        return self.do("goto", self.site + target if target.startswith("/") else target)

    def fill(self, label, text):
        self.do("fill", f"internal:label={json.dumps(label)}", text)

    def press_button(self, name):
        self.do("go", f"role=button[name={json.dumps(name, ensure_ascii=False)}]")

    def follow(self, name):
        self.do("go", f"role=link[name={json.dumps(name, ensure_ascii=False)}]")

    def type(self, text):
        self.browser.order(self.name + ".keyboard", "type", text)

    def key(self, name):
        self.browser.order(self.name + ".keyboard", "press", name)

    def back(self):
        self.do("goBack")

    def sign_in(self, username, password):
        """In any language."""
        self.do("fill", "#username", username)
        self.do("fill", "#password", password)
        self.do("go", "button.primary")

    def send_form_unseen(self, action, **fields):
        """The page's form as a click would send it, while the page stays as it is; the answer's status."""
        hidden = self.look(
            f"Object.fromEntries(new FormData(document.querySelector('form[action=\"{action}\"]')))"
        )
        order = {"form": {**hidden, **fields}, "maxRedirects": 0}
        return self.browser.order(self.name + ".request", "post", self.site + action, order)

    # What a person sees.

    @property
    def url(self):
        return self.do("url")

    @property
    def heading(self):
        return self.do("textContent", "h1")

    @property
    def text(self):
        return " ".join(self.do("innerText", "body").split())

    @property
    def alert(self):
        return self.do("textContent", "role=alert")

    def focused(self):
        """What the next key goes to: its name, or its text."""
        return self.look("document.activeElement.name || document.activeElement.textContent")

    def wait_for(self, text):
        self.do("waitForSelector", f"text={text}")

    def look(self, script):
        return self.do("evaluate", script)

    def screenshot(self, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.do("screenshot", {"path": str(SCREENSHOTS / f"{name}.png"), "fullPage": True})

    def audit(self):
        return self.do("audit")

    # What the browser noted, of this window and those that share its cookies.

    def events(self, kind):
        return [event for event in self.do("events") if event["kind"] == kind]

    def policy_refusals(self):
        """What a Content-Security-Policy stopped."""
        texts = [event["text"] for event in self.events("console")]
        return [text for text in texts if "Content Security Policy" in text]
