"""jose 5 for Node: what a resource server makes of our signed tokens and of the keys that we publish."""

from interop_case import SCOPES
from node_case import NodeCase

BASIC = "client_secret_basic"
ALGORITHMS = ("EdDSA", "ES256", "RS256")


class JoseCase(NodeCase):
    script = "jose.mjs"

    def client(self, name, *flags):
        return self.site.client(name, "--access-token-format", "jwt", *SCOPES, *flags)

    def token(self, client):
        form = {"grant_type": "client_credentials", "scope": "read"}
        answer = self.server.http.post("/oauth/token", form, client.basic)
        self.assertEqual(answer.status, 200, answer)
        return self.site.remember(answer.json()["access_token"])


class Tokens(JoseCase):
    def test_tokens_of_every_algorithm_are_verified_by_the_published_keys(self):
        clients = [self.client(f"jose-{name}", "--signing-alg", name) for name in ALGORITHMS]
        tokens = [self.token(client) for client in clients]
        seen = self.run_flow("verify", clients[0], BASIC, tokens=tokens)
        self.assertEqual([each["header"]["alg"] for each in seen], list(ALGORITHMS))
        for client, each in zip(clients, seen):
            self.assertEqual((each["payload"]["sub"], each["payload"]["scope"]), (client.id, "read"))

    def test_after_a_rotation_the_new_key_is_found_and_the_old_tokens_are_good_still(self):
        client = self.client("rotated", "--signing-alg", "ES256")

        def rotate(_):
            self.site.ctl("key", "rotate", "--alg", "ES256")
            return self.token(client)

        seen = self.run_flow("rotation", client, BASIC, rotate, token=self.token(client))
        self.assertEqual(seen["old"], seen["before"])
        self.assertNotEqual(seen["after"]["header"]["kid"], seen["before"]["header"]["kid"])

    def test_what_was_forged_or_is_for_another_is_refused(self):
        client = self.client("forged")
        seen = self.run_flow(
            "refused", client, BASIC, token=self.token(client), other=self.token(client)
        )
        self.assertEqual(seen["signature"]["error"], "ERR_JWS_SIGNATURE_VERIFICATION_FAILED")
        self.assertEqual(seen["none"]["error"], "ERR_JOSE_ALG_NOT_ALLOWED")
        for name in ("audience", "typ"):
            self.assertEqual(seen[name]["error"], "ERR_JWT_CLAIM_VALIDATION_FAILED")


class SignedIntrospection(JoseCase):
    def test_the_answer_is_verified_and_holds_the_document(self):
        client = self.client("asked")
        seen = self.run_flow("introspection", self.basic, BASIC, token=self.token(client))
        self.assertEqual(seen["type"], "application/token-introspection+jwt")
        self.assertEqual(seen["header"]["alg"], "RS256")
        self.assertEqual(seen["payload"]["token_introspection"]["client_id"], client.id)
