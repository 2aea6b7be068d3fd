"""examples/consumer, as its README tells it: a real application, a real browser, a real server."""

import subprocess
import sys

from chromium import Window
from harness.programs import PATIENCE, ROOT, clean_environment
from page_case import PASSWORD, PageCase

CONSUMER = ROOT / "examples" / "consumer" / "consumer.py"
GREETING = "consumer: listening on "


class Consumer:
    """Running, at `url`."""

    def __init__(self, issuer, client):
        self.process = subprocess.Popen(
            [sys.executable, CONSUMER, "--port", "0"],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_environment(
                CONSUMER_CLIENT_ID=client.id, CONSUMER_CLIENT_SECRET=client.secret, CONSUMER_ISSUER=issuer
            ),
        )
        line = self.process.stderr.readline()
        assert line.startswith(GREETING), line + self.process.stderr.read()
        self.url = line.removeprefix(GREETING).strip()

    def stop(self):
        """What it logged."""
        self.process.terminate()
        return self.process.communicate(timeout=PATIENCE)[1]


class TheConsumer(PageCase):
    @classmethod
    def populate(cls):
        super().populate()
        cls.shop = cls.site.client(
            "consumer", "--grant", "authorization_code", "--grant", "refresh_token",
            "--redirect-uri", "http://127.0.0.1/authorized", "--scope", "records:read",
        )  # fmt: skip

    def setUp(self):
        self.consumer = Consumer(self.site.issuer, self.shop)
        self.addCleanup(self.assert_no_secret_logged)
        self.name = self.fresh_person()
        self.seen = Window(self.consumer.url)
        self.addCleanup(self.seen.close)
        self.addCleanup(self.assert_clean, self.seen)

    def assert_no_secret_logged(self):
        log = self.consumer.stop()
        for secret in (self.shop.secret, "o2a_", "o2r_", "o2c_", "state=", "Traceback"):
            self.assertNotIn(secret, log)

    def begin(self):
        self.seen.open("/")
        self.seen.press_button("Sign in with oauth2d")

    def allowed(self):
        """The window, on the application's page for whoever is signed in."""
        self.begin()
        self.seen.sign_in(self.name, PASSWORD)
        self.seen.press_button("Allow")
        self.seen.wait_for("You are signed in.")
        return self.seen

    def access_token(self):
        return self.seen.do("textContent", "dd code")

    def press(self, button, notice):
        self.seen.press_button(button)
        self.seen.wait_for(notice)

    def test_from_the_sign_in_to_the_sign_out_all_works(self):
        window = self.allowed()
        self.assertEqual(window.heading, f"Hello, {self.name}")
        self.assertIn('"records:read"', window.text)
        window.screenshot("consumer-light")
        self.assertEqual(window.audit(), [])
        tokens = [self.access_token()]
        for button, notice in (
            ("Refresh now", "There is a new access token"),
            ("Let it expire, then call", "was too old and was refreshed"),
        ):
            self.press(button, notice)
            tokens.append(self.access_token())
        self.assertEqual(len(set(tokens)), 3)
        self.press("Call the API", "The API was called.")
        self.assertEqual(self.access_token(), tokens[-1])
        self.press("Validate", "The token is valid.")
        self.assertIn('"active": true', window.text)
        self.press("Sign out", "the tokens are revoked")
        self.assertEqual(self.site.ctl_json("token", "list", "--user", self.name), [])

    def test_after_grant_revoke_it_says_that_it_has_lost_access(self):
        self.allowed()
        self.site.ctl("grant", "revoke", "--user", self.name, "-y")
        self.press("Validate", "The token is not valid any more.")
        self.press("Call the API", "no longer lets this application act for you")
        self.seen.follow("Back")
        self.assertEqual(self.seen.do("count", 'role=button[name="Sign in with oauth2d"]'), 1)
        self.seen.press_button("Sign in with oauth2d")
        self.assertIn("asks for access", self.seen.heading)  # asked anew: nothing is remembered

    def test_an_access_token_that_was_revoked_is_refreshed(self):
        self.allowed()
        ids = self.site.ctl("token", "list", "--user", self.name, "--kind", "access", "-q").stdout.split()
        self.site.ctl("token", "revoke", *ids)
        self.press("Call the API", "was refused, so it was refreshed")

    def test_who_does_not_allow_it_is_told_kindly(self):
        self.begin()
        self.seen.sign_in(self.name, PASSWORD)
        self.seen.press_button("Deny")
        self.seen.wait_for("You did not allow it, so nothing happened.")

    def test_while_the_server_is_down_it_says_so(self):
        self.allowed()
        stopped = self.consumer
        self.consumer = Consumer("http://127.0.0.1:9", self.shop)
        self.addCleanup(stopped.stop)
        self.seen.site = self.consumer.url
        self.begin()
        self.assertIn("cannot be reached", self.seen.alert)

    def test_an_answer_that_this_browser_did_not_ask_for_is_refused(self):
        for query in ("code=x&state=y", f"code=x&iss={self.site.issuer}", "", "error=%3Cscript%3E&state=y"):
            with self.subTest(query):
                self.assertEqual(self.seen.open("/authorized?" + query), 400)
                self.assertIn("not started in this browser", self.seen.alert)

    def test_the_answer_of_another_authorization_server_is_refused(self):
        self.begin()
        state = self.seen.look("new URL(location).searchParams.get('next')").partition("state=")[2]
        state = state.partition("&")[0]
        self.assertEqual(self.seen.open(f"/authorized?code=x&state={state}&iss=https://evil.example"), 400)
        self.assertIn("another authorization server", self.seen.alert)

    def test_another_name_of_this_machine_is_led_to_the_one_that_has_the_cookies(self):
        self.seen.open(self.consumer.url.replace("127.0.0.1", "localhost") + "/")
        self.assertEqual(self.seen.url, self.consumer.url + "/")

    def test_a_form_without_the_token_of_this_browser_changes_nothing(self):
        window = self.allowed()
        self.assertEqual(window.send_form_unseen("/logout", csrf_token="x"), 403)
        window.open("/")
        self.assertEqual(window.heading, f"Hello, {self.name}")

    def test_it_fits_on_a_phone(self):
        window = self.allowed()
        window.do("setViewportSize", {"width": 360, "height": 740})
        window.screenshot("consumer-360")
        widths = window.look("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        self.assertLessEqual(widths[0], widths[1])
