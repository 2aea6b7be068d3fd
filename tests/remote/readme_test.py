"""examples/federation/README.md: what it tells people to type makes the providers that it promises."""

import re
import shlex

from harness.programs import ROOT
from remote_case import RemoteCase

README = ROOT / "examples" / "federation" / "README.md"


def commands():
    """The shell lines of its blocks, each in words, with what a backslash continues."""
    text = README.read_text().replace("\\\n", " ")
    return [shlex.split(line.strip()[2:]) for line in re.findall(r"^ *\$ .*", text, re.MULTILINE)]


class Readme(RemoteCase):
    def test_its_providers_can_be_made_and_get_a_button(self):
        made = []
        for words in commands():
            if words[:3] != ["oauth2ctl", "provider", "create"] or words[3] == "--help":
                continue
            source = words.index("--secret-from")
            words[source + 1] = "-"
            self.site.ctl(*words[1:], stdin="a-secret-from-there")
            made.append(words[3])
        self.assertEqual(made, ["github", "orcid", "campus"])
        page = self.browser().open("/login")
        for title in ("GitHub", "ORCID", "Example University"):
            self.assertIn(f"Continue with {title}", page.text)

    def test_the_callback_is_the_address_that_it_names(self):
        self.provider("callback", "github", "a-secret-from-there", "--client-id", "x")
        shown = self.site.ctl_json("provider", "show", "callback")["redirect_uri"]
        self.assertEqual(shown, f"{self.issuer}/oauth/authorized/callback")
        page = self.browser().open("/oauth/login/callback")
        self.assertEqual(page.query()["redirect_uri"], shown)
        self.assertIn("ISSUER/oauth/authorized/NAME", README.read_text())
