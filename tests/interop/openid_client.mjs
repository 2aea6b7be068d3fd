// Discovers the server, gets a token, looks at it and revokes it. Arguments: ISSUER CLIENT_ID CLIENT_SECRET
// METHOD. Prints what it saw as one JSON object; exit code 1 with the library's error if anything is refused.
import { Issuer } from 'openid-client';

const [issuerUrl, client_id, client_secret, token_endpoint_auth_method] = process.argv.slice(2);

const issuer = await Issuer.discover(`${issuerUrl}/.well-known/oauth-authorization-server`);
const client = new issuer.Client({ client_id, client_secret, token_endpoint_auth_method });

const tokens = await client.grant({ grant_type: 'client_credentials', scope: 'read' });
const before = await client.introspect(tokens.access_token);
await client.revoke(tokens.access_token, 'access_token');
const after = await client.introspect(tokens.access_token);

let refusal = null;
try {
  await client.grant({ grant_type: 'client_credentials', scope: 'no-such-scope' });
} catch (error) {
  refusal = error.error;
}

console.log(JSON.stringify({ issuer: issuer.issuer, tokens, before, after, refusal }));
