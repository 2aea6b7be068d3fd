"""The programs under test, and one call of oauth2ctl."""

import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("OAUTH2_BIN", ROOT / "build" / "release")).resolve()
OAUTH2D = str(BIN / "oauth2d")
OAUTH2CTL = str(BIN / "oauth2ctl")

PATIENCE = 30  # seconds after which a test gives up; no rule depends on it


def clean_environment(**more):
    """Ours without the settings of whoever runs the tests."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("OAUTH2CTL_", "GITHUB_"))
    }
    return {**kept, "NO_COLOR": "1", **more}


class CommandFailed(AssertionError):
    def __init__(self, arguments, result):
        super().__init__(f"oauth2ctl {' '.join(arguments)}: exit {result.returncode}\n{result.stderr}")
        self.result = result


def ctl(db, *arguments, stdin="", check=True, env=None, wrapper=(), preexec=None, timeout=PATIENCE):
    """Runs oauth2ctl on the database `db`; the finished process, with its output as text."""
    words = [str(word) for word in arguments]
    result = subprocess.run(
        [*wrapper, OAUTH2CTL, "--db", str(db), "--no-input", *words],
        input=stdin,
        capture_output=True,
        text=True,
        env=clean_environment(**(env or {})),
        preexec_fn=preexec,
        timeout=timeout,
    )
    if check and result.returncode != 0:
        raise CommandFailed(words, result)
    return result


def ctl_json(db, *arguments, **options):
    return json.loads(ctl(db, *arguments, "-o", "json", **options).stdout)
