"""examples/proxies/traefik.yaml, which nothing here can run: that it is YAML and fits together."""

import urllib.parse

import yaml

from harness.case import ServedCase
from harness.programs import ROOT

TOLD = {"X-Auth-User", "X-Auth-Client", "X-Auth-Scope", "X-Auth-Token"}


class Traefik(ServedCase):
    def setUp(self):
        self.http_part = yaml.safe_load((ROOT / "examples/proxies/traefik.yaml").read_text())["http"]

    def test_a_router_names_middlewares_and_a_service_that_are_there(self):
        for name, router in self.http_part["routers"].items():
            with self.subTest(name):
                self.assertIn(router["service"], self.http_part["services"])
                self.assertLessEqual(set(router.get("middlewares", [])), set(self.http_part["middlewares"]))

    def test_what_a_client_says_of_itself_is_dropped_before_anybody_is_asked(self):
        dropped = set(self.http_part["middlewares"]["forget-claims"]["headers"]["customRequestHeaders"])
        for name in TOLD:
            first, second, third = name.split("-")
            for one in "-_":
                for other in "-_":
                    spelt = f"{first}{one}{second}{other}{third}".lower()
                    self.assertIn(spelt, {each.lower() for each in dropped})
        for name, router in self.http_part["routers"].items():
            if router["service"] == "api":
                self.assertEqual(router["middlewares"][0], "forget-claims", name)

    def test_a_question_is_one_that_the_server_understands(self):
        asked = [one["forwardAuth"] for one in self.http_part["middlewares"].values() if "forwardAuth" in one]
        self.assertEqual(len(asked), 4)
        token = self.token(scope="read")
        for question in asked:
            url = urllib.parse.urlsplit(question["address"])
            answer = self.http.get(f"{url.path}?{url.query}", Authorization=f"Bearer {token}")
            self.assertEqual(answer.status, 204, question)
            self.assertEqual(set(question["authResponseHeaders"]), TOLD)
            self.assertIs(question["trustForwardHeader"], False)
