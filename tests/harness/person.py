"""A person at a browser, without the browser: keeps cookies, reads forms, fills them in, presses buttons."""

import html.parser
import re
import urllib.parse

VOID = {"input", "img", "link", "meta", "br", "hr"}


class Form:
    def __init__(self, attributes):
        self.action = attributes.get("action", "")
        self.method = attributes.get("method", "get").lower()
        self.fields = {}
        self.buttons = []  # (text, name, value)
        self.choices = {}  # name → the values of a <select>
        self.boxes = {}  # name → the values of its checkboxes, checked or not

    def add(self, attributes):
        """An <input>. Of checkboxes of one name all that are checked count: several as a list."""
        name, value = attributes["name"], attributes.get("value", "")
        kind = attributes.get("type", "text")
        if kind == "checkbox":
            self.boxes.setdefault(name, []).append(value)
        if kind in ("checkbox", "radio") and "checked" not in attributes:
            return
        there = self.fields.get(name) if kind == "checkbox" else None
        if there is None:
            self.fields[name] = value
        else:
            self.fields[name] = [*there, value] if isinstance(there, list) else [there, value]

    def checked(self, name):
        """The values of the checkboxes of that name that are checked."""
        value = self.fields.get(name, [])
        return value if isinstance(value, list) else [value]

    def options(self, name):
        """The values that a <select> of that name offers."""
        return self.choices.get(name, [])


class PageReader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms = []
        self.links = []
        self.headings = []
        self.alerts = []
        self.language = None
        self._form = None
        self._texts = []
        self._open = []
        self._button = None
        self._textarea = None  # its name
        self._select = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in VOID:
            self._open.append((tag, attributes))
        if tag == "html":
            self.language = attributes.get("lang")
        if tag == "form":
            self._form = Form(attributes)
            self.forms.append(self._form)
        if tag == "a":
            self.links.append(attributes.get("href"))
        if tag == "input" and self._form and attributes.get("name"):
            self._form.add(attributes)
        if tag == "textarea" and self._form:
            self._textarea = attributes.get("name")
            self._form.fields[self._textarea] = ""
        if tag == "select" and self._form:
            self._select = attributes.get("name")
        if tag == "option" and self._select:
            self._form.choices.setdefault(self._select, []).append(attributes.get("value", ""))
            if "selected" in attributes or self._select not in self._form.fields:
                self._form.fields[self._select] = attributes.get("value", "")
        if tag == "button" and self._form:
            self._button = [[], attributes.get("name"), attributes.get("value", "")]
            self._form.buttons.append(self._button)
        if tag == "h1":
            self.headings.append("")
        if attributes.get("role") == "alert":
            self.alerts.append("")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        if tag == "button":
            self._button = None
        if tag == "textarea" and self._textarea:
            field = self._form.fields[self._textarea]
            self._form.fields[self._textarea] = field.removeprefix("\n")  # as HTML says
            self._textarea = None
        if tag == "select":
            self._select = None
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tags = [tag for tag, _ in self._open]
        if "style" in tags or "script" in tags:
            return
        self._texts.append(data)
        if self._textarea:
            self._form.fields[self._textarea] += data
        if self._button is not None:
            self._button[0].append(data)
        if "h1" in tags:
            self.headings[-1] += data
        if any(attributes.get("role") == "alert" for _, attributes in self._open):
            self.alerts[-1] += data

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self._texts)).strip()


class Page:
    """An answer as a person sees it."""

    def __init__(self, answer, target):
        self.answer = answer
        self.status = answer.status
        self.target = target
        self.location = answer.field("Location")
        reader = PageReader()
        if (answer.field("Content-Type") or "").startswith("text/html"):
            reader.feed(answer.body.decode())
        self.forms = reader.forms
        self.links = reader.links
        self.headings = [re.sub(r"\s+", " ", heading).strip() for heading in reader.headings]
        self.alert = re.sub(r"\s+", " ", " ".join(reader.alerts)).strip()
        self.language = reader.language
        self.text = reader.text

    def form(self, action):
        """The form that goes to `action`."""
        found = [form for form in self.forms if form.action.split("?")[0].endswith(action)]
        assert len(found) == 1, f"{len(found)} forms go to {action} on {self!r}"
        return found[0]

    def query(self):
        """The parameters of the Location, or of its fragment."""
        parts = urllib.parse.urlsplit(self.location)
        return dict(urllib.parse.parse_qsl(parts.fragment or parts.query, keep_blank_values=True))

    def __repr__(self):
        return f"{self.status} {self.target} → {self.location or self.headings} {self.text[:300]}"


class Person:
    """`http`: an HttpClient of the server."""

    def __init__(self, http, language=None):
        self.http = http
        self.cookies = {}
        self.headers = {"Accept": "text/html"}
        if language:
            self.headers["Accept-Language"] = language

    def copy(self, http=None):
        """Another window of the same browser."""
        other = Person(http or self.http)
        other.cookies = dict(self.cookies)
        other.headers = dict(self.headers)
        return other

    def _headers(self, more):
        headers = {**self.headers, **more}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers

    def _page(self, answer, target):
        for name, value in answer.fields:
            if name.lower() == "set-cookie":
                cookie, _, _ = value.partition(";")
                key, _, secret = cookie.partition("=")
                self.cookies[key] = secret
        return Page(answer, target)

    def open(self, target, **parameters):
        """GET; no redirect is followed."""
        if parameters:
            target += "?" + urllib.parse.urlencode(parameters, doseq=True)
        return self._page(self.http.request("GET", target, headers=self._headers({})), target)

    def follow(self, page):
        """GETs where the page leads, until it is a page or leads elsewhere."""
        while page.location and page.location.startswith("/"):
            page = self.open(page.location)
        return page

    def post(self, target, form, **headers):
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.http.post(target, form, headers=self._headers(more))
        return self._page(answer, target)

    def submit(self, form, button=None, **fields):
        """Fills in and presses; `button`: its value where it has a name. None as a value leaves a field out,
        a list checks several boxes."""
        values = {**form.fields, **fields}
        for _, name, value in form.buttons:
            if name and value == button:
                values[name] = value
        values = {name: value for name, value in values.items() if value is not None}
        return self.post(form.action, values)

    def sign_in(self, username, password, next_path="/", **fields):
        page = self.open("/login", next=next_path)
        return self.submit(page.form("/login"), username=username, password=password, **fields)
