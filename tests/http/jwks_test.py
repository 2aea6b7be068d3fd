"""GET /oauth/jwks (RFC 7517), the keys behind it, and where their private halves lie."""

import base64
import itertools
import re
import urllib.parse

from harness.case import ServedCase
from harness.server import eventually

PUBLIC = {"kty", "crv", "x", "y", "n", "e", "use", "alg", "kid"}
ALGORITHMS = ("EdDSA", "ES256", "RS256")


def length_at(der, offset):
    """(first byte of the content, its length) of the DER element at `offset`."""
    if der[offset + 1] < 128:
        return offset + 2, der[offset + 1]
    octets = der[offset + 1] & 127
    return offset + 2 + octets, int.from_bytes(der[offset + 2 : offset + 2 + octets], "big")


def elements(der):
    offset = 0
    while offset < len(der):
        start, length = length_at(der, offset)
        yield der[offset], der[start : start + length]
        offset = start + length


def private_numbers(algorithm, pem):
    """The private numbers in PKCS #8 (RFC 5958): what must be readable nowhere."""
    der = base64.b64decode("".join(re.findall(r"^[^-\n]+$", pem, re.M)))
    (_, sequence), = elements(der)
    content = [value for tag, value in elements(sequence) if tag == 0x04][0]
    if algorithm == "EdDSA":
        return [value for _, value in elements(content)]
    (_, sequence), = elements(content)
    numbers = [value.lstrip(b"\0") for _, value in elements(sequence)]
    return [numbers[1]] if algorithm == "ES256" else numbers[3:]


class Jwks(ServedCase):
    @classmethod
    def populate(cls):
        super().populate()
        for algorithm in ALGORITHMS:
            cls.site.ctl("key", "rotate", "--alg", algorithm)

    def keys(self):
        return self.http.get("/oauth/jwks").json()["keys"]

    def published(self):
        return {key["kid"] for key in self.keys()}

    def status(self, kid):
        return {key["kid"]: key["status"] for key in self.site.ctl_json("key", "list")}[kid]

    def test_keys_have_public_members_alone_and_a_kid_each(self):
        self.assertLessEqual(set(ALGORITHMS), {key["alg"] for key in self.keys()})
        for key in self.keys():
            with self.subTest(key["alg"]):
                self.assertLessEqual(set(key), PUBLIC)
                self.assertEqual(key["use"], "sig")
                self.assertRegex(key["kid"], r"\A[A-Za-z0-9_][A-Za-z0-9_-]{42}\Z")
        self.assertEqual(len(self.published()), len(self.keys()))

    def test_everybody_may_read_and_keep_it_for_some_minutes(self):
        answer = self.http.get("/oauth/jwks", Origin="https://any.example")
        self.assertEqual(answer.field("Content-Type"), "application/jwk-set+json")
        self.assertEqual(answer.field("Access-Control-Allow-Origin"), "*")
        self.assertEqual(answer.field("Cache-Control"), "public, max-age=300")
        self.assertEqual(self.http.request("HEAD", "/oauth/jwks").status, 200)
        refused = self.http.post("/oauth/jwks", {})
        self.assertEqual((refused.status, refused.field("Allow")), (405, "GET, HEAD, OPTIONS"))

    def test_the_metadata_names_it(self):
        url = self.http.get("/.well-known/oauth-authorization-server").json()["jwks_uri"]
        self.assertEqual(url, self.issuer + "/oauth/jwks")
        self.assertEqual(self.http.get(urllib.parse.urlsplit(url).path).status, 200)

    def test_a_rotation_keeps_the_old_key_until_its_overlap_ends(self):
        first = self.site.ctl_json("key", "rotate", "--alg", "ES256")["kid"]
        self.assertIn(first, self.published())
        second = self.site.ctl_json("key", "rotate", "--overlap", "1d")["kid"]
        self.assertLessEqual({first, second}, self.published())
        self.assertEqual((self.status(first), self.status(second)), ("retiring", "active"))
        self.site.ctl("key", "rotate", "--overlap", "1s")
        self.assertTrue(eventually(lambda: second not in self.published()))
        self.assertTrue(eventually(lambda: self.status(second) == "retired"))
        self.assertIn(first, self.published())

    def test_a_retired_key_is_gone_at_once(self):
        kid = self.site.ctl_json("key", "rotate")["kid"]
        self.assertIn(kid, self.published())
        self.site.ctl("key", "retire", kid, "--yes")
        self.assertNotIn(kid, self.published())

    def test_no_private_key_can_be_read_in_the_database_or_in_the_log(self):
        if self.site.schema:
            self.skipTest("without server_key they lie unsealed on PostgreSQL, as it warns")
        for key in self.site.ctl_json("key", "list"):
            pem = self.site.ctl("key", "export", key["kid"]).stdout
            numbers = private_numbers(key["algorithm"], pem)
            self.assertEqual([len(number) >= 30 for number in numbers][:1], [True])
            places = {**self.site.contents(), "log": self.server.stderr().encode()}
            self.assertTrue(any(key["kid"].encode() in data for data in places.values()))
            for number, (place, data) in itertools.product(numbers, places.items()):
                with self.subTest(algorithm=key["algorithm"], place=place):
                    for text in spellings(number):
                        self.assertNotIn(text, data)


def spellings(number):
    """As it is, in hex, and in base64 at each of the three places where it can begin within a group."""
    yield number
    yield number.hex().encode()
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + number)[4:-4]
        yield text
        yield text.translate(bytes.maketrans(b"+/", b"-_"))


class Background(ServedCase):
    def test_a_server_makes_the_keys_that_it_always_offers_when_it_starts(self):
        def algorithms():
            return sorted(key["alg"] for key in self.http.get("/oauth/jwks").json()["keys"])

        self.assertTrue(eventually(lambda: algorithms() == ["EdDSA", "RS256"]), algorithms())
        made = [row for row in self.site.ctl_json("audit", "list") if row["action"] == "key.create"]
        self.assertEqual({row["actor"] for row in made}, {"server"})

    def test_two_servers_on_one_database_make_one_key_of_each_algorithm(self):
        with self.site.server() as other:
            self.assertTrue(eventually(lambda: len(other.http.get("/oauth/jwks").json()["keys"]) == 2))
        self.assertEqual(len(self.site.ctl_json("key", "list")), 2)
