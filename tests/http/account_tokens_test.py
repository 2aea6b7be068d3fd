"""The page on which users make their personal tokens."""

import html
import shlex
import subprocess

from harness.planted import id_of, opened

from browser_case import PASSWORD
from own_token_case import APPLICATIONS, DAY, NEW, OwnTokenCase, SECRET, day_in, end_of, path_of

SCOPE_ROW = "INSERT INTO scopes (name, description, internal, is_default, created_at) VALUES (?, '', 0, 0, 1)"


class Making(OwnTokenCase):
    def test_the_token_works_at_once_and_shows_whose_it_is(self):
        token = self.made(name="backup", scopes=["records:read", "read"])
        info = self.info(token)
        self.assertEqual(info["user"]["username"], self.user)
        self.assertEqual(sorted(info["scopes"]), ["read", "records:read"])
        self.assertEqual(self.introspect(token)["token_kind"], "personal")

    def test_the_curl_line_works_as_it_is_shown(self):
        page = self.ask(name="try")
        token, curl = self.shown(page), self.shown(page, "curl")
        self.assertEqual(curl, f'curl -H "Authorization: Bearer {token}" {self.issuer}/oauth/info')
        here = curl.replace(self.issuer, self.server.addresses[0])
        out = subprocess.run(["/bin/sh", "-c", here + " -s"], capture_output=True, timeout=60).stdout
        self.assertIn(self.user, out.decode())

    def test_the_page_that_shows_it_says_when_it_ends(self):
        self.assertIn("(in 30 days)", self.ask(name="a").text)
        self.assertIn("It never expires.", self.ask(name="b", expires_in="never").text)

    def test_only_the_page_that_shows_it_may_run_a_script(self):
        policy = self.ask(name="a").answer.field("Content-Security-Policy")
        self.assertIn("script-src 'self'", policy)
        for path in (NEW, self.made(name="b") and APPLICATIONS):
            self.assertNotIn("script-src", self.me.open(path).answer.field("Content-Security-Policy"))

    def test_it_appears_once_and_on_no_other_page_nor_in_the_log_nor_in_a_table(self):
        page = self.ask(name="once", scopes=["read"])
        token = self.shown(page)
        self.assertEqual(page.answer.body.decode().count(token), 2)  # itself, and in the curl line
        self.info(token)
        with opened(self.site.db) as connection:
            sql = "SELECT token_hash FROM tokens WHERE id = ?"
            (digest,) = connection.execute(sql, (id_of(token),)).fetchone()
        path = path_of(token)
        pages = [self.me.open(where) for where in (APPLICATIONS, NEW, path, path + "delete/")]
        pages += [self.ask(name="once"), self.press(token, "save", name="x" * 41)]
        for each in pages:
            body = each.answer.body.decode()
            for part in (token, token[4:16], token[-12:], digest, digest[:12], "curl "):
                self.assertNotIn(part, body, each)
            self.assertIsNone(SECRET.search(body))
        places = {"log": self.server.stderr().encode(), **self.site.contents()}
        for place, data in places.items():
            self.assertNotIn(token.encode(), data, place)
            self.assertNotIn(token[4:20].encode(), data, place)

    def test_a_name_has_1_to_40_characters_whatever_bytes_they_take(self):
        for name, words in (("", "enter a name"), ("  ", "enter a name"), ("x" * 41, "at most 40")):
            with self.subTest(name):
                page = self.assert_unchanged(lambda: self.ask(name=name))
                self.assert_refused(page, words, "name")
        self.made(name="x" * 40)
        self.made(name="é" * 40)
        self.assert_refused(self.ask(name="é" * 41), "at most 40", "name")

    def test_a_name_has_something_to_see_and_nothing_that_hides(self):
        for name in ("\u2003", "\u200d", "\ufe0f"):
            self.assert_refused(self.assert_unchanged(lambda: self.ask(name=name)), "enter a name", "name")
        for mark in "\u00ad\u061c\u200b\u2028\u202e\u2060\u3164\ufeff\U000e0041":
            page = self.assert_unchanged(lambda: self.ask(name=f"back{mark}up"))
            self.assert_refused(page, "cannot be shown", "name")
        self.made(name="می\u200cخواهم 👩\u200d💻 ❤\ufe0f")

    def test_every_scope_that_is_offered_can_be_chosen_however_many_there_are(self):
        names = [f"many:{number:03}" for number in range(250)]
        with opened(self.site.db) as connection:
            for name in names:
                connection.execute(SCOPE_ROW, (name,))
        token = self.made(name="many", scopes=names)
        self.assertEqual(sorted(self.info(token)["scopes"]), names)

    def test_a_name_with_markup_stays_text(self):
        name = "<script>alert(1)</script>"
        token = self.made(name=name)
        for page in (self.open(token), self.me.open(path_of(token) + "delete/"), self.ask(name=name)):
            self.assertNotIn("<script>alert", page.answer.body.decode())
            self.assertIn(html.escape(name), page.answer.body.decode())
        self.assertIn(name, self.open(token).headings[0])

    def test_each_choice_gives_exactly_that_end(self):
        for choice, days in (("7d", 7), ("30d", 30), ("90d", 90), ("1y", 365)):
            with self.subTest(choice):
                claims = self.introspect(self.made(name=choice, expires_in=choice))
                self.assertEqual(claims["exp"] - claims["iat"], days * DAY)
        self.assertNotIn("exp", self.introspect(self.made(name="never", expires_in="never")))

    def test_a_date_means_the_end_of_that_day(self):
        for days in (0, 1, 400):
            day = day_in(days)
            with self.subTest(day):
                token = self.made(name=day, expires_in="date", expires_on=day)
                self.assertEqual(self.introspect(token)["exp"], end_of(day))

    def test_30_days_are_chosen_unless_one_chooses(self):
        form = self.me.open(NEW).form(NEW)
        self.assertEqual(form.options("expires_in"), ["7d", "30d", "90d", "1y", "date", "never"])
        self.assertEqual(form.fields["expires_in"], "30d")

    def test_an_end_that_cannot_be_is_refused_at_its_field_and_nothing_is_made(self):
        for expires_in, expires_on, field, words in (
            ("date", "", "expires_on", "year-month-day"),
            ("date", "next week", "expires_on", "year-month-day"),
            ("date", "2027-02-30", "expires_on", "year-month-day"),
            ("date", "31/12/2030", "expires_on", "year-month-day"),
            ("date", day_in(-1), "expires_on", "not over yet"),
            ("date", "9999-12-31", "expires_on", "too far"),
            ("2y", "", "expires_in", "choose when"),
            ("", "", "expires_in", "choose when"),
            (None, None, "expires_in", "choose when"),
        ):
            with self.subTest(expires_in=expires_in, expires_on=expires_on):
                page = self.assert_unchanged(lambda: self.ask(expires_in=expires_in, expires_on=expires_on))
                self.assert_refused(page, words, field)

    def test_a_date_beside_another_choice_is_refused_so_that_no_token_lives_longer_than_meant(self):
        for choice in ("30d", "never"):
            with self.subTest(choice):
                day = day_in(3)
                page = self.assert_unchanged(lambda: self.ask(expires_in=choice, expires_on=day))
                self.assert_refused(page, "You entered a date", "expires_on")
                self.assertEqual(page.form(NEW).fields["expires_on"], day)

    def test_a_refused_form_keeps_what_was_typed_and_checked(self):
        day = day_in(9)
        page = self.ask(
            name="y" * 41, scopes=["write", "records:write"], expires_in="date", expires_on=day
        )
        form = self.assert_refused(page, "at most 40", "name").form(NEW)
        self.assertEqual(form.fields["name"], "y" * 41)
        self.assertEqual(sorted(form.checked("scopes")), ["records:write", "write"])
        self.assertEqual((form.fields["expires_in"], form.fields["expires_on"]), ("date", day))
        self.assertEqual(self.introspect(self.shown(self.me.submit(form, name="z")))["exp"], end_of(day))

    def test_the_same_form_twice_makes_one_token_and_says_why(self):
        form = self.me.open(NEW).form(NEW)
        first = self.me.submit(form, name="double")
        token = self.shown(first)
        again = self.assert_unchanged(lambda: self.me.submit(form, name="double"))
        self.assert_refused(again, "If you sent this form twice", "name")
        self.assertEqual(self.info(token)["user"]["username"], self.user)

    def test_of_many_at_once_one_makes_the_token(self):
        form = self.me.open(NEW).form(NEW)
        pages = self.at_once(6, lambda: self.me.copy().submit(form, name="race"))
        for page in pages:
            for token in SECRET.findall(page.answer.body.decode()):
                self.site.remember(token)
        self.assertEqual(sorted(page.status for page in pages), [200] + [400] * 5)

    def test_two_users_may_have_a_token_of_the_same_name(self):
        self.made(name="same")
        self.shown(self.ask(self.signed_in(self.fresh_user()), name="same"))

    def test_the_name_of_an_expired_token_is_free(self):
        token = self.made(name="old")
        self.change_row(token, "expires_at = 1000")
        self.made(name="old")

    def test_the_audit_log_names_the_user(self):
        token = self.made(name="audited")
        own_id = self.site.ctl_json("user", "show", self.user)["id"]
        self.assertEqual(self.audit("token:" + id_of(token)), [("token.create", "user:" + own_id)])

    def test_without_its_csrf_token_or_with_anothers_nothing_is_made(self):
        form = self.me.open(NEW).form(NEW)
        theirs = self.csrf(self.signed_in())
        for token, status in ((None, 400), ("x", 403), (theirs, 403)):
            with self.subTest(token):
                page = self.assert_unchanged(lambda: self.me.submit(form, name="csrf", csrf_token=token))
                self.assert_error_page(page, status)

    def test_reading_makes_nothing(self):
        target = NEW + "?name=x&expires_in=never&scopes=read"
        self.assert_unchanged(lambda: self.me.open(target))
        self.assert_unchanged(lambda: self.http.request("HEAD", target, headers=self.me._headers({})))

    def test_a_stranger_is_sent_to_sign_in_and_nothing_is_made(self):
        stranger = self.person()
        for page in (stranger.open(NEW), stranger.post(NEW, {"name": "x", "expires_in": "never"})):
            self.assertEqual(page.status, 303)
            self.assertIn("/login?next=", page.location)

    def test_a_field_that_came_twice_is_refused_unless_it_is_a_checkbox(self):
        fields = {"csrf_token": self.csrf(), "name": ["a", "b"], "expires_in": "7d"}
        self.assert_error_page(self.assert_unchanged(lambda: self.me.post(NEW, fields)), 400)

    def test_it_speaks_french(self):
        self.me.headers["Accept-Language"] = "fr"
        page = self.me.open(NEW)
        self.assertEqual((page.language, page.headings), ("fr", ["Nouveau jeton d’accès personnel"]))
        self.assertIn("30 jours", page.text)
        self.assert_refused(self.ask(name=""), "Veuillez saisir un nom.", "name")
        made = self.ask(name="fr")
        self.assertEqual(made.headings, ["Votre nouveau jeton"])
        self.assertIn("(dans 30 jours)", made.text)


class Scopes(OwnTokenCase):
    def test_scopes_are_offered_by_group_with_their_descriptions_and_internal_ones_are_not(self):
        page = self.me.open(NEW)
        self.assertEqual(
            page.form(NEW).boxes["scopes"], ["records:read", "records:write", "user:email", "read", "write"]
        )
        self.assertEqual(page.form(NEW).checked("scopes"), [])
        for words in ("Records", "Read your records records:read", "Other"):
            self.assertIn(words, page.text)
        self.assertNotIn("secret:all", page.text)

    def test_no_scope_checked_is_a_token_that_shows_who_one_is(self):
        token = self.made(name="plain")
        self.assertEqual(self.info(token)["scopes"], [])
        self.assertIn("With none of them, the token only shows who you are.", self.open(token).text)
        page = self.me.open(path_of(token) + "delete/")
        self.assertIn("Nothing but show who you are", page.text)

    def test_a_scope_that_is_internal_or_unknown_is_refused_at_its_field_and_nothing_is_made(self):
        for scope in ("secret:all", "nonsense", "<b>"):
            with self.subTest(scope):
                page = self.assert_unchanged(lambda: self.ask(name="no", scopes=["read", scope]))
                self.assert_refused(page, f"The permission {scope} cannot be chosen.", "scopes")
                self.assertEqual(page.form(NEW).checked("scopes"), ["read"])


class NoScopes(OwnTokenCase):
    @classmethod
    def populate(cls):
        cls.site.remember(PASSWORD)
        cls.api = cls.site.client("api")
        cls.site.ctl("scope", "delete", "user:email", "--yes")

    def test_without_any_scope_the_page_says_so_and_makes_tokens(self):
        page = self.me.open(NEW)
        self.assertIn("the token only shows who you are", page.text)
        self.assertNotIn("checkbox", page.answer.body.decode())
        token = self.made(name="bare")
        self.assertEqual(self.info(token)["user"]["username"], self.user)
        self.assertEqual(self.press(token, "save", name="barer").status, 303)
        self.assert_refused(self.by_hand(NEW, name="x", expires_in="7d", scopes="read"), "read", "scopes")


class Limited(OwnTokenCase):
    flags = (
        *OwnTokenCase.flags, "--account-token-max-lifetime", "60d", "--account-token-scopes", "read",
        "--account-token-scopes", "records:read", "--account-token-scopes", "secret:all",
    )  # fmt: skip

    def test_longer_lives_are_not_offered_and_refused_when_posted_by_hand(self):
        page = self.me.open(NEW)
        self.assertEqual(page.form(NEW).options("expires_in"), ["7d", "30d", "date"])
        self.assertIn("The last day that can be chosen is", page.text)
        for fields in (
            {"expires_in": "90d"},
            {"expires_in": "1y"},
            {"expires_in": "never"},
            {"expires_in": "date", "expires_on": day_in(61)},
        ):
            with self.subTest(fields):
                page = self.assert_unchanged(lambda: self.ask(name="long", **fields))
                self.assert_refused(page, "60 days at most", "expires_in")
        self.made(name="date", expires_in="date", expires_on=day_in(58))

    def test_a_new_end_has_the_same_limit(self):
        token = self.made(name="extend")
        form = self.form_with(self.open(token), "extend")
        self.assertEqual(form.options("expires_in"), ["7d", "30d", "date"])
        page = self.assert_unchanged(lambda: self.press(token, "extend", expires_in="never"))
        self.assert_refused(page, "60 days at most", "expires_in")

    def test_a_token_that_lives_longer_is_replaced_only_after_a_new_end_is_chosen(self):
        token = self.plant("--expires-in", "1y")
        page = self.assert_unchanged(lambda: self.press(token, "rotate", overlap="1d"))
        self.assert_refused(page, "change when it expires first")
        self.assertEqual(self.form_with(page, "rotate").fields["overlap"], "1d")
        self.assertEqual(self.press(token, "extend", expires_in="30d").status, 303)
        self.shown(self.press(token, "rotate"))

    def test_only_the_scopes_of_the_settings_are_offered_and_others_refused(self):
        self.assertEqual(self.me.open(NEW).form(NEW).boxes["scopes"], ["records:read", "read"])
        for scope in ("write", "secret:all"):
            page = self.assert_unchanged(lambda: self.ask(name="no", scopes=[scope]))
            self.assert_refused(page, f"The permission {scope} cannot be chosen.", "scopes")

    def test_a_scope_of_old_may_be_kept_or_dropped_and_once_dropped_is_gone(self):
        token = self.plant("--scope", "write")
        form = self.form_with(self.open(token), "save")
        self.assertEqual(form.boxes["scopes"], ["records:read", "read", "write"])
        self.assertEqual(form.checked("scopes"), ["write"])
        self.assertIn("you can drop it here, but not add it again", self.open(token).text)
        self.assertEqual(self.press(token, "save", scopes=["write", "read"]).status, 303)
        self.assertEqual(self.info(token)["scopes"], ["write", "read"])
        self.assertEqual(self.press(token, "save", scopes=["read"]).status, 303)
        self.assertEqual(self.form_with(self.open(token), "save").boxes["scopes"], ["records:read", "read"])
        page = self.assert_unchanged(lambda: self.press(token, "save", scopes=["write", "read"]))
        self.assert_refused(page, "The permission write cannot be chosen.", "scopes")


class VeryLimited(OwnTokenCase):
    flags = (*OwnTokenCase.flags, "--account-token-max-lifetime", "36h")

    def test_a_limit_below_all_choices_is_itself_the_choice(self):
        form = self.me.open(NEW).form(NEW)
        self.assertEqual(form.options("expires_in")[0], "36h")
        self.assertEqual(form.fields["expires_in"], "36h")
        self.assertIn("36 hours (", self.me.open(NEW).text)
        claims = self.introspect(self.made(name="short"))
        self.assertEqual(claims["exp"] - claims["iat"], 36 * 3600)


class ByAdministrators(OwnTokenCase):
    flags = (*OwnTokenCase.flags, "--account-personal-tokens", "admin")

    def test_users_see_theirs_and_may_only_delete(self):
        token = self.plant("--scope", "read")
        page = self.open(token)
        self.assertIn("made and changed by an administrator", page.text)
        self.assertEqual([form.action for form in page.forms], ["/logout"])
        self.assertIn(path_of(token) + "delete/", page.links)
        self.assertNotIn(NEW, page.links)
        done = self.press(token, "delete")
        self.assertEqual((done.status, done.location), (303, APPLICATIONS + "?done=personal_token_deleted"))
        self.assertEqual(self.info(token), 401)

    def test_what_is_posted_by_hand_is_refused(self):
        token = self.plant("--scope", "read")
        for fields in (
            {"save": "yes", "name": "other"},
            {"rotate": "yes"},
            {"extend": "yes", "expires_in": "7d"},
        ):
            page = self.assert_unchanged(lambda: self.by_hand(path_of(token), **fields))
            self.assert_refused(page, "made and changed by an administrator")
        self.assert_error_page(self.me.open(NEW), 403)
        page = self.assert_unchanged(lambda: self.by_hand(NEW, name="x", expires_in="7d"))
        self.assert_error_page(page, 403)


class SwitchedOff(OwnTokenCase):
    flags = (*OwnTokenCase.flags, "--account-personal-tokens", "off")

    def test_all_pages_are_404(self):
        token = self.plant()
        for path in (NEW, path_of(token), path_of(token) + "delete/"):
            self.assert_error_page(self.me.open(path), 404)
        for path in (NEW, path_of(token)):
            page = self.assert_unchanged(
                lambda: self.by_hand(path, delete="yes", name="x", expires_in="7d")
            )
            self.assert_error_page(page, 404)


class OddIssuer(OwnTokenCase):
    issuer = "http://127.0.0.1:9000/a&b;$(id)'c"

    def setUp(self):
        self.user = self.fresh_user()
        self.me = self.person()
        page = self.me.open("/login")
        self.me.submit(page.form("/login"), username=self.user, password=PASSWORD)

    def test_the_curl_line_is_one_command_for_a_shell_whatever_the_issuer_has_in_it(self):
        page = self.me.open(NEW)
        page = self.me.submit(page.form(NEW), name="quoted")
        token, curl = self.shown(page), self.shown(page, "curl")
        words = shlex.split(curl)
        self.assertEqual(words, ["curl", "-H", f"Authorization: Bearer {token}", self.issuer + "/oauth/info"])
        out = subprocess.run(["/bin/sh", "-c", f"printf '%s\\n' {curl}"], capture_output=True, timeout=60).stdout
        self.assertEqual(out.decode().splitlines(), words)
