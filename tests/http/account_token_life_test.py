"""The page of one personal token: rename it, change its scopes, replace it, choose a new end, delete it."""

from harness.planted import id_of, opened

from own_token_case import APPLICATIONS, DAY, OwnTokenCase, day_in, end_of, path_of


class Life(OwnTokenCase):
    def own_id(self):
        return self.site.ctl_json("user", "show", self.user)["id"]

    def assert_done(self, page, token, notice):
        self.assertEqual((page.status, page.location), (303, f"{path_of(token)}?done={notice}"), page)
        return self.me.follow(page)


class Changing(Life):
    def test_the_page_says_what_it_may_do_when_it_was_used_and_when_it_ends(self):
        token = self.made(name="about", scopes=["records:read"])
        page = self.open(token)
        for words in ("about", "Read your records records:read", "Created ", "(in 30 days)"):
            self.assertIn(words, page.text)
        self.assertIn("Last used Never", page.text)
        self.change_row(token, "last_used_at = created_at")
        self.assertIn("Last used just now", self.open(token).text)

    def test_a_change_of_scopes_really_changes_what_introspection_says(self):
        token = self.made(name="scopes", scopes=["read", "records:read"])
        form = self.form_with(self.open(token), "save")
        self.assertEqual(form.checked("scopes"), ["records:read", "read"])
        page = self.press(token, "save", scopes=["write", "read"])
        page = self.assert_done(page, token, "account_saved")
        self.assertIn("Your changes are saved.", page.text)
        self.assertEqual(sorted(self.introspect(token)["scope"].split()), ["read", "write"])
        self.assertEqual(sorted(self.info(token)["scopes"]), ["read", "write"])
        self.assert_done(self.press(token, "save", scopes=None), token, "account_saved")
        self.assertEqual(self.introspect(token).get("scope", ""), "")

    def test_a_new_name_leaves_the_token_and_its_scopes_as_they_are(self):
        token = self.made(name="before", scopes=["read", "write"])
        self.assert_done(self.press(token, "save", name="after"), token, "account_saved")
        self.assertEqual(self.open(token).headings, ["after"])
        self.assertEqual(sorted(self.info(token)["scopes"]), ["read", "write"])

    def test_enter_in_the_form_saves(self):
        token = self.made(name="enter")
        form = self.form_with(self.open(token), "save")
        self.assert_done(self.me.submit(form, name="entered"), token, "account_saved")

    def test_a_refused_change_keeps_what_was_typed_and_checked_and_changes_nothing(self):
        token = self.made(name="kept", scopes=["read"])
        self.made(name="taken")
        for name, words in (("x" * 41, "at most 40"), ("", "enter a name"), ("taken", "already have one")):
            with self.subTest(name):
                page = self.assert_unchanged(lambda: self.press(token, "save", name=name, scopes=["write"]))
                form = self.form_with(self.assert_refused(page, words, "name"), "save")
                self.assertEqual((form.fields.get("name"), form.checked("scopes")), (name, ["write"]))
                self.assertEqual(page.headings, ["kept"])

    def test_an_internal_or_unknown_scope_cannot_be_added(self):
        token = self.made(name="add", scopes=["read"])
        for scope in ("secret:all", "nonsense"):
            page = self.assert_unchanged(lambda: self.press(token, "save", scopes=["read", scope]))
            self.assert_refused(page, f"The permission {scope} cannot be chosen.", "scopes")

    def test_a_longer_name_from_an_administrator_may_stay(self):
        token = self.plant("--scope", "read", name="n" * 60)
        self.assert_done(self.press(token, "save", scopes=["write"]), token, "account_saved")
        self.assertEqual(self.info(token)["scopes"], ["write"])

    def test_changes_are_in_the_audit_log_as_the_users(self):
        token = self.made(name="audited")
        self.press(token, "save", name="audited 2")
        self.press(token, "extend", expires_in="7d")
        self.press(token, "delete")
        actor = "user:" + self.own_id()
        acts = ["token.create", "token.extend", "token.revoke", "token.update"]
        self.assertEqual(sorted(self.audit("token:" + id_of(token))), [(act, actor) for act in acts])


class Replacing(Life):
    def test_replaced_at_once_the_old_one_is_dead_and_the_new_one_may_do_the_same(self):
        old = self.made(name="spin", scopes=["read"], expires_in="7d")
        page = self.press(old, "rotate")
        new = self.shown(page)
        self.assertIn("The old token does not work any more.", page.text)
        self.assertIn(new, self.shown(page, "curl"))
        self.assertNotIn(old, page.answer.body.decode())
        self.assertEqual(self.info(old), 401)
        claims = self.introspect(new)
        self.assertEqual((claims["scope"], claims["exp"] - claims["iat"]), ("read", 7 * DAY))
        self.assertEqual(self.open(new).headings, ["spin"])
        self.assert_error_page(self.me.open(path_of(old)), 404)

    def test_with_an_overlap_both_work_until_it_is_over(self):
        for overlap, seconds in (("1h", 3600), ("1d", DAY), ("7d", 7 * DAY)):
            with self.subTest(overlap):
                old = self.made(name="over" + overlap)
                page = self.press(old, "rotate", overlap=overlap)
                new = self.shown(page)
                self.assertIn("The old token works for another", page.text)
                self.assertEqual(self.introspect(old)["exp"] - self.introspect(new)["iat"], seconds)
                self.assert_active(new)

    def test_one_that_was_replaced_is_listed_while_it_works_and_can_only_be_ended_early(self):
        old = self.made(name="early")
        form = self.form_with(self.open(old), "extend")
        new = self.shown(self.press(old, "rotate", overlap="7d"))
        self.assertIn(path_of(old), self.me.open(APPLICATIONS).links)
        page = self.open(old)
        self.assertIn("A newer token has replaced this one", page.text)
        self.assertEqual([form.action for form in page.forms], ["/logout"])
        late = self.assert_unchanged(lambda: self.me.submit(form, "yes", expires_in="1y"))
        self.assert_error_page(late, 400)
        self.assertEqual(self.press(old, "delete").status, 303)
        self.assert_inactive(old)
        self.assert_active(new)
        self.assertNotIn(path_of(old), self.me.open(APPLICATIONS).links)
        self.assert_error_page(self.me.open(path_of(old)), 404)

    def test_one_that_was_replaced_has_no_page_any_more_once_it_has_ended(self):
        old = self.made(name="ended")
        self.shown(self.press(old, "rotate", overlap="1h"))
        self.change_row(old, "expires_at = created_at - 1")
        self.assert_error_page(self.me.open(path_of(old)), 404)

    def test_the_old_one_dies_at_once_unless_one_chooses(self):
        token = self.made(name="default")
        form = self.form_with(self.open(token), "rotate")
        self.assertEqual((form.options("overlap"), form.fields["overlap"]), (["", "1h", "1d", "7d"], ""))

    def test_an_overlap_that_is_not_offered_is_refused(self):
        token = self.made(name="odd")
        page = self.assert_unchanged(lambda: self.press(token, "rotate", overlap="30d"))
        self.assert_refused(page, "choose how long the old one keeps working", "overlap")

    def test_the_same_form_twice_replaces_it_once_and_says_why(self):
        token = self.made(name="twice")
        form = self.form_with(self.open(token), "rotate")
        new = self.shown(self.me.submit(form, "yes"))
        again = self.assert_unchanged(lambda: self.me.submit(form, "yes"))
        self.assert_error_page(again, 400)
        self.assertIn("This token was replaced in the meantime.", again.text)
        self.assert_active(new)

    def test_it_is_in_the_audit_log_as_the_users(self):
        old = self.made(name="audit")
        new = self.shown(self.press(old, "rotate"))
        actor = "user:" + self.own_id()
        self.assertIn(("token.rotate", actor), self.audit("token:" + id_of(old)))
        self.assertEqual(self.audit("token:" + id_of(new)), [("token.create", actor)])


class Extending(Life):
    def test_each_choice_gives_exactly_that_end_and_the_token_stays_the_same(self):
        token = self.made(name="extend", expires_in="7d")
        for choice, days in (("7d", 7), ("30d", 30), ("90d", 90), ("1y", 365)):
            with self.subTest(choice):
                page = self.press(token, "extend", expires_in=choice)
                self.assert_done(page, token, "personal_token_extended")
                with opened(self.site.db) as connection:
                    sql = "SELECT lifetime, expires_at FROM tokens WHERE id = ?"
                    lifetime, end = connection.execute(sql, (id_of(token),)).fetchone()
                self.assertEqual((lifetime, end), (days * DAY, self.introspect(token)["exp"]))
        self.press(token, "extend", expires_in="never")
        self.assertNotIn("exp", self.introspect(token))
        self.assertIn("Expires Never", self.open(token).text)
        self.press(token, "extend", expires_in="date", expires_on=day_in(3))
        self.assertEqual(self.introspect(token)["exp"], end_of(day_in(3)))

    def test_an_end_that_cannot_be_is_refused_at_its_field(self):
        token = self.made(name="refuse")
        for expires_in, expires_on, field, words in (
            ("date", "", "expires_on", "year-month-day"),
            ("date", day_in(-1), "expires_on", "not over yet"),
            ("never", day_in(3), "expires_on", "You entered a date"),
            ("5y", "", "expires_in", "choose when"),
        ):
            with self.subTest(expires_in=expires_in, expires_on=expires_on):
                page = self.assert_unchanged(
                    lambda: self.press(token, "extend", expires_in=expires_in, expires_on=expires_on)
                )
                form = self.form_with(self.assert_refused(page, words, field), "extend")
                self.assertEqual(form.fields["expires_on"], expires_on)
                self.assertEqual(self.form_with(page, "save").fields["name"], "refuse")

    def test_an_expired_token_says_so_and_offers_only_deletion_and_a_new_one(self):
        token = self.made(name="expired", scopes=["read"])
        form = self.form_with(self.open(token), "extend")
        self.change_row(token, "expires_at = created_at - 1")
        page = self.open(token)
        self.assertIn("This token has expired", page.text)
        self.assertEqual([form.action for form in page.forms], ["/logout"])
        self.assertIn(path_of(token) + "delete/", page.links)
        self.assertIn(APPLICATIONS + "tokens/new/", page.links)
        late = self.assert_unchanged(lambda: self.me.submit(form, "yes"))
        self.assert_refused(late, "This token has expired")
        confirmation = self.me.open(path_of(token) + "delete/")
        self.assertIn("no program can use it any more", confirmation.text)
        self.assertEqual(self.press(token, "delete").status, 303)
        self.assert_error_page(self.me.open(path_of(token)), 404)


class Deleting(Life):
    def test_the_confirmation_says_what_ends_and_when_it_was_last_used(self):
        token = self.made(name="confirm", scopes=["records:read"])
        page = self.assert_page(self.me.open(path_of(token) + "delete/"))
        self.assertEqual(page.headings, ["Delete “confirm”?"])
        for words in ("stop working at once", "cannot be undone", "records:read", "Last used Never"):
            self.assertIn(words, page.text)
        self.assertIn(path_of(token), page.links)
        self.assert_active(token)

    def test_deletion_ends_it_at_once(self):
        token = self.made(name="end")
        self.assert_active(token)
        page = self.press(token, "delete")
        self.assertEqual((page.status, page.location), (303, APPLICATIONS + "?done=personal_token_deleted"))
        self.assertIn("The token is deleted.", self.me.follow(page).text)
        self.assertEqual(self.info(token), 401)
        self.assert_inactive(token)
        self.assert_error_page(self.me.open(path_of(token)), 404)

    def test_deleting_it_twice_is_fine_and_changing_it_then_says_why_not(self):
        token = self.made(name="twice")
        page = self.open(token)
        self.assertEqual(self.press(token, "delete").status, 303)
        again = self.by_hand(path_of(token), delete="yes")
        self.assertEqual(again.status, 303)
        late = self.assert_unchanged(lambda: self.me.submit(self.form_with(page, "save"), name="x"))
        self.assert_error_page(late, 400)
        self.assertIn("This token was deleted in the meantime.", late.text)


class Belonging(Life):
    def foreign(self):
        """Ids that are not those of a personal token of this user's own."""
        stranger = self.fresh_user()
        access = self.token(scope="read")
        return {
            "another user's": id_of(self.plant(user=stranger)),
            "an internal one": id_of(self.plant("--internal", name="internal")),
            "an access token": id_of(access),
            "one of alice's": id_of(self.plant(user="alice", name="hers" + stranger)),
            "unknown": "x" * 22,
            "new": "new",
        }

    def test_what_is_not_ones_own_is_the_same_404_on_every_page_and_nothing_changes(self):
        ids = self.foreign()
        answers = set()
        before = self.rows()
        for what, word in ids.items():
            path = f"{APPLICATIONS}tokens/{word}/"
            pages = [self.me.open(path + "delete/")]
            if what != "new":
                pages.append(self.me.open(path))
                for fields in (
                    {"save": "yes", "name": "mine", "scopes": "read"},
                    {"name": ""},
                    {"rotate": "yes", "overlap": "nonsense"},
                    {"rotate": "yes"},
                    {"extend": "yes", "expires_in": "never"},
                    {"extend": "yes", "expires_in": "nonsense"},
                    {"delete": "yes"},
                ):
                    pages.append(self.by_hand(path, **fields))
            for page in pages:
                with self.subTest(what, target=page.target):
                    self.assert_error_page(page, 404)
                    answers.add(page.text.rpartition("Request")[0])
        self.assertEqual(len(answers), 1)
        self.assertEqual(self.rows(), before)

    def test_without_its_csrf_token_or_with_anothers_nothing_changes(self):
        token = self.made(name="csrf", scopes=["read"])
        theirs = self.csrf(self.signed_in())
        page = self.open(token)
        confirmation = self.me.open(path_of(token) + "delete/")
        for source, button in ((page, "save"), (page, "rotate"), (page, "extend"), (confirmation, "delete")):
            for csrf, status in ((None, 400), ("x", 403), (theirs, 403)):
                with self.subTest(button, csrf=csrf):
                    form = self.form_with(source, button)
                    fields = {"csrf_token": csrf, "name": "n"}
                    answer = self.assert_unchanged(lambda: self.me.submit(form, "yes", **fields))
                    self.assert_error_page(answer, status)

    def test_reading_changes_nothing(self):
        token = self.made(name="read")
        query = "?delete=yes&rotate=yes&extend=yes&expires_in=never&name=x&csrf_token=" + self.csrf()
        for path in (path_of(token), path_of(token) + "delete/"):
            self.assert_unchanged(lambda: self.me.open(path + query))
            head = self.assert_unchanged(
                lambda: self.http.request("HEAD", path + query, headers=self.me._headers({}))
            )
            self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(self.me.post(path_of(token) + "delete/", {"csrf_token": self.csrf()}).status, 405)
        self.assert_active(token)

    def test_it_speaks_french(self):
        token = self.made(name="français", scopes=["records:read"])
        self.me.headers["Accept-Language"] = "fr"
        page = self.open(token)
        self.assertEqual(page.language, "fr")
        for words in ("À propos de ce jeton", "dans 30 jours", "Dernière utilisation Jamais", "Remplacer"):
            self.assertIn(words, page.text)
        self.assertIn("Supprimer «", self.me.open(path_of(token) + "delete/").headings[0])
        self.assertIn("Vos modifications sont enregistrées.", self.me.follow(self.press(token, "save", name="autre")).text)
