"""Stylesheet, pictures and robots.txt: what pages load, and what may be kept."""

import re
import unittest

from harness.case import ServedCase
from harness.server import DidNotStart
from harness.site import Site

PATHS = {
    "/static/style.css": "text/css; charset=utf-8",
    "/static/copy.js": "text/javascript; charset=utf-8",
    "/static/logo.svg": "image/svg+xml",
    "/favicon.svg": "image/svg+xml",
    "/favicon.ico": "image/svg+xml",
    "/robots.txt": "text/plain; charset=utf-8",
}


class Assets(ServedCase):
    def test_each_has_its_type_and_may_be_kept_for_minutes(self):
        for path, content_type in PATHS.items():
            with self.subTest(path):
                answer = self.http.get(path)
                self.assertEqual((answer.status, answer.field("Content-Type")), (200, content_type))
                self.assertEqual(answer.field("Cache-Control"), "public, max-age=300")
                self.assertEqual(answer.field("X-Content-Type-Options"), "nosniff")
                self.assertTrue(answer.field("Content-Security-Policy").startswith("default-src 'none'"))
                self.assertTrue(answer.body)

    def test_robots_are_asked_to_stay_away(self):
        self.assertEqual(self.http.get("/robots.txt").body, b"User-agent: *\nDisallow: /\n")

    def test_a_wrong_hash_is_not_kept_for_good(self):
        for query in ("v=x", "v=", "%zz", "v=%zz"):
            answer = self.http.get(f"/static/style.css?{query}")
            self.assertEqual((answer.status, answer.field("Cache-Control")), (200, "public, max-age=300"))

    def test_head_answers_without_the_bytes(self):
        for path in PATHS:
            answer = self.http.request("HEAD", path)
            self.assertEqual((answer.status, answer.body), (200, b""))

    def test_only_get_and_head_are_allowed(self):
        for path in PATHS:
            for method in ("POST", "PUT", "DELETE", "PATCH"):
                with self.subTest(path=path, method=method):
                    answer = self.http.request(method, path, b"")
                    self.assertEqual((answer.status, answer.field("Allow")), (405, "GET, HEAD, OPTIONS"))
            answer = self.http.request("OPTIONS", path)
            self.assertEqual((answer.status, answer.field("Allow")), (204, "GET, HEAD, OPTIONS"))

    def test_nothing_else_is_served_from_there(self):
        for path in ("/static/", "/static/login.mustache", "/static/../robots.txt", "/static/%2e%2e/robots.txt",
                     "/texts/en.json", "/style.css", "/static/style.css/", "/STATIC/style.css"):
            with self.subTest(path):
                self.assertIn(self.http.get(path).status, (400, 404))


class BelowAPath(ServedCase):
    issuer = "https://auth.example.org/auth"

    def test_they_are_below_the_issuers_path_too(self):
        for path in PATHS:
            self.assertEqual(self.http.get("/auth" + path).status, 200)
            self.assertEqual(self.http.get(path).status, 200)


class Themes(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)
        self.theme = self.site.folder / "theme"
        self.theme.mkdir()
        (self.theme / "style.css").write_text("body { color: red }\n")

    def start(self, **options):
        server = self.site.server("--theme", self.theme, **options)
        self.addCleanup(server.stop)
        return server

    def test_a_themes_stylesheet_is_served_and_a_reload_takes_the_changed_one(self):
        server = self.start()
        self.assertEqual(server.http.get("/static/style.css").body, b"body { color: red }\n")
        (self.theme / "style.css").write_text("body { color: blue }\n")
        self.assertEqual(server.http.get("/static/style.css").body, b"body { color: red }\n")
        self.assertTrue(server.reload())
        self.assertEqual(server.http.get("/static/style.css").body, b"body { color: blue }\n")

    def test_a_theme_that_broke_leaves_the_old_one_at_a_reload(self):
        server = self.start()
        (self.theme / "login.mustache").write_text("{{#error}}")
        server.reload()
        self.assertEqual(server.http.get("/static/style.css").body, b"body { color: red }\n")
        self.assertTrue(re.search(r"configuration not reloaded.*login\.mustache", server.stderr()), server.stderr())

    def test_a_broken_theme_is_refused_at_start_with_the_name_of_its_file(self):
        (self.theme / "login.mustache").write_text("{{usrname}}")
        with self.assertRaises(DidNotStart) as caught:
            self.start()
        self.assertEqual(caught.exception.code, 1)
        self.assertRegex(caught.exception.stderr, r"login\.mustache: line 1: login has no 'usrname'")
