"""The rules that a compiler does not check: who may include whom, lengths, and that every command is documented."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Left to right: a file includes its own folder and those before it.
LAYERS = ["core", "core/crypto", "core/fetch", "core/db", "core/store", "core/protocol", "core/admin",
          "core/account", "core/federation"]
PROGRAMS = ["cli", "server"]
# The library for other people's services stands beside that line: it sees no database. Its part that does sees all.
RESOURCE_SERVER = "core/resource_server"
RESOURCE_SERVER_SEES = ["core", "core/crypto", "core/fetch", RESOURCE_SERVER]
SHARED_WITH_PROTOCOL = ["core/protocol/scope.h", "core/protocol/params.h"]
LIBRARIES = {   # what a heavy header is allowed in
    "SQLiteCpp/": ["core/db/sqlite"], "sqlite3.h": ["core/db/sqlite"], "pqxx/": ["core/db/postgres"],
    "libpq-fe.h": ["core/db/postgres"], "argon2.h": ["core/crypto"],
    "openssl/": ["core/crypto", "core/fetch/connection.", "server/tls."],
    "httplib.h": ["server", "core/resource_server"],
    "CLI/": ["cli", "server/options."], "toml++/": ["core/settings_file."],
    "kainjow/": ["server/template."], "qrencode.h": ["core/qr."],
}
LONGEST_FILE = 450
LONGEST_FUNCTION = 70
LONGEST_LINE = 110


def sources(*folders):
    for folder in folders:
        yield from sorted(p for p in (ROOT / folder).rglob("*") if p.suffix in (".h", ".cc"))


def relative(path):
    return path.relative_to(ROOT).as_posix()


def layer_of(name):
    """The folder that decides: core/protocol/grants counts as core/protocol, cli/commands as cli."""
    if name.startswith(RESOURCE_SERVER + "/database/"):
        return RESOURCE_SERVER + "/database"
    parts = name.split("/")
    if parts[0] != "core":
        return parts[0]
    return "core" if len(parts) == 2 else "/".join(parts[:2])


def includes(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'\s*#include [<"]([^>"]+)[>"]', line)
        if found:
            yield number, found.group(1)


def may_include(layer, name):
    other = layer_of(name)
    if layer == RESOURCE_SERVER:
        return other in RESOURCE_SERVER_SEES or name in SHARED_WITH_PROTOCOL
    if layer == RESOURCE_SERVER + "/database":
        return other in (layer, RESOURCE_SERVER) or may_include("core/account", name)
    if layer in PROGRAMS:
        return other in LAYERS or other == layer
    return other in LAYERS and LAYERS.index(other) <= LAYERS.index(layer)


class Tidy(unittest.TestCase):
    def test_a_file_includes_its_own_folder_and_those_to_its_left(self):
        wrong = []
        for path in sources("core", "cli", "server"):
            layer = layer_of(relative(path))
            for number, name in includes(path):
                name = re.sub(r"^oauth2ctl/", RESOURCE_SERVER + "/", name)   # as those who link the library say
                if not re.match(r"(core|cli|server|tests)/", name):
                    continue
                if not may_include(layer, name):
                    wrong.append(f"{relative(path)}:{number}: includes {name}")
        self.assertEqual(wrong, [])

    def test_a_heavy_header_stays_in_its_folder(self):
        wrong = []
        for path in sources("core", "cli", "server"):
            for number, name in includes(path):
                for header, homes in LIBRARIES.items():
                    if name.startswith(header) and not any(relative(path).startswith(home) for home in homes):
                        wrong.append(f"{relative(path)}:{number}: includes {name}")
        self.assertEqual(wrong, [])

    def test_sql_stands_in_the_store_and_the_drivers_only(self):
        statement = re.compile(r'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM) ')
        wrong = [f"{relative(path)}:{number}" for path in sources("core", "cli", "server")
                 if layer_of(relative(path)) not in ("core/store", "core/db")
                 for number, line in enumerate(path.read_text().splitlines(), 1) if statement.search(line)]
        self.assertEqual(wrong, [])

    def test_the_store_keeps_to_the_sql_subset(self):
        outside = re.compile(r"\bINSERT OR\b|AUTOINCREMENT|\bFOR UPDATE\b|\bLIKE\b|\bBOOLEAN\b|\bBLOB\b|\bnow\(\)|\bPRAGMA\b"
                             r"|\bpg_|sqlite_|\bILIKE\b")
        wrong = []
        for path in [*sources("core/store"), *sorted((ROOT / "schema").glob("*.sql"))]:
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if outside.search(re.sub(r"//.*|--.*", "", line)):
                    wrong.append(f"{relative(path)}:{number}: {line.strip()}")
        self.assertEqual(wrong, [])

    def test_only_the_drivers_know_which_database_it_is(self):
        asking = re.compile(r"postgres|sqlite", re.I)
        allowed = {   # the one place that chooses a driver, and what people read and type
            "core/db/database.cc": "is_postgres|postgres_driver|open_postgres|sqlite_driver|open_sqlite|include",
        }
        wrong = []
        for path in sources("core", "cli", "server"):
            name = relative(path)
            if name.startswith(("core/db/sqlite", "core/db/postgres")):
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                code = re.sub(r'//.*|"(\\.|[^"\\])*"' if "include" not in line else r"//.*", "", line)
                if asking.search(code) and not re.search(allowed.get(name, "(?!)"), code):
                    wrong.append(f"{name}:{number}: {line.strip()}")
        self.assertEqual(wrong, [])
        overrides = [p for p in (ROOT / "schema").rglob("*.sql") if not re.fullmatch(r"\d{4}_\w+\.sql", p.name)]
        self.assertLessEqual(len(overrides), 3, overrides)

    def test_files_lines_and_functions_have_a_length_one_can_read(self):
        wrong = []
        for path in sources("core", "cli", "server", "tests"):
            lines = path.read_text().splitlines()
            if len(lines) > LONGEST_FILE:
                wrong.append(f"{relative(path)}: {len(lines)} lines")
            start = None
            for number, line in enumerate(lines, 1):
                if len(line) > LONGEST_LINE:
                    wrong.append(f"{relative(path)}:{number}: {len(line)} columns")
                if re.match(r"[A-Za-z].*[){]\s*(const )?(noexcept )?(override )?\{$", line) and "namespace" not in line \
                        and not re.match(r"(class|struct|enum|constexpr .*=|const .*=)", line):
                    start = number
                elif line == "}" and start:
                    if number - start > LONGEST_FUNCTION and not relative(path).startswith("tests/"):
                        wrong.append(f"{relative(path)}:{start}: a function of {number - start} lines")
                    start = None
        self.assertEqual(wrong, [])

    def test_every_command_is_in_the_man_page_the_completions_and_a_story(self):
        page = (ROOT / "man/oauth2ctl.1").read_text().replace("\\-", "-")
        completions = {name: (ROOT / f"completions/oauth2ctl.{name}").read_text() for name in ("bash", "zsh", "fish")}
        stories = "\n".join(p.read_text() for p in sorted((ROOT / "tests/scripts").glob("*.txt")))
        rows = re.findall(r'^\.SS "?oauth2ctl ([a-z -]+?)"?$', page, re.M)
        self.assertGreater(len(rows), 40, "the man page has no section per command")
        missing = []
        for command in rows:
            verb = command.split()[-1]
            missing += [f"completions/oauth2ctl.{name}: {command}" for name, text in completions.items()
                        if not re.search(rf"\b{re.escape(verb)}\b", text)]
            if not re.search(rf"oauth2ctl\b[^\n|]*\b{re.escape(command)}\b", stories):
                missing.append(f"no story runs {command}")
        self.assertEqual(missing, [])

    def test_every_example_has_a_test_and_stands_in_the_readme(self):
        tests = "\n".join(p.read_text() for p in (ROOT / "tests").rglob("*_test.py") if "node_modules" not in p.parts)
        readme = (ROOT / "README.md").read_text()
        missing = []
        for folder in sorted((ROOT / "examples").iterdir()):
            names = [folder.name]
            if folder.name == "proxies":
                names = [f"proxies/{p.name}" for p in folder.iterdir() if p.name != "README.md"]
            missing += [f"no test of examples/{name}" for name in names if name not in tests]
            if f"examples/{folder.name}" not in readme:
                missing.append(f"README.md does not name examples/{folder.name}")
        self.assertEqual(missing, [])

    def test_nothing_names_a_registry_or_an_address_to_download_from(self):
        files = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True).stdout.split()
        build = [f for f in files if f.startswith(("CMake", "quickstart", "packaging/", ".ci/", "tests/run"))]
        wrong = []
        for name in build:
            for found in re.findall(r"https?://[^\s\"')]+", (ROOT / name).read_text()):
                if not re.match(r"https?://(127\.0\.0\.1|localhost|\[::1\])", found):
                    wrong.append(f"{name}: {found}")
        for lock in (ROOT / "tests").rglob("package-lock.json"):
            if "node_modules" not in lock.parts and '"resolved"' in lock.read_text():
                wrong.append(f"{relative(lock)}: has addresses")
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
