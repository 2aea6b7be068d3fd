// oidc-provider, with a sign-in page of its own. It obeys JSON lines: the first, {"callbacks": {NAME: URI},
// "secret": …, "access_token_seconds": …, "rotates": …}, is answered {"issuer": …}; each {"accounts": {SUB: claims}}
// after it is answered {}. Whatever it issues it tells as {"issued": [secret]}. Each client is named by what
// signs its ID tokens. It ends with its standard input.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const given = JSON.parse((await lines.next()).value);

let accounts = {};
const algorithms = ['EdDSA', 'ES256', 'RS256'];
const keys = [
  generateKeyPairSync('ed25519'),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
].map(({ privateKey }, index) => ({
  ...privateKey.export({ format: 'jwk' }), alg: algorithms[index], use: 'sig', kid: `key-${index}`,
}));

const page = (uid) => `<!doctype html><html lang=en><title>Elsewhere</title><h1>Sign in elsewhere</h1>
<form method=post action=/interaction/${uid}><label>Who <input name=login></label>
<button name=confirm value=yes>Continue</button> <button name=confirm value=no>Deny</button></form></html>`;

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: Object.entries(given.callbacks).map(([name, callback]) => ({
      client_id: name,
      client_secret: given.secret,
      redirect_uris: [callback],
      grant_types: ['authorization_code', 'refresh_token'],
      id_token_signed_response_alg: name,
    })),
    jwks: { keys },
    cookies: { keys: ['a key of the tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    features: { devInteractions: { enabled: false } },
    enabledJWA: { idTokenSigningAlgValues: algorithms },
    pkce: { methods: ['S256'], required: () => true },
    ttl: { AccessToken: given.access_token_seconds, Grant: 86400, IdToken: 3600, Interaction: 3600,
           RefreshToken: 86400, Session: 86400 },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    rotateRefreshToken: () => given.rotates,
    issueRefreshToken: async () => true,
    findAccount: async (_, sub) => ({ accountId: sub, claims: async () => ({ sub, ...accounts[sub] }) }),
    // Everybody has allowed everything before.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid email profile offline_access');
      await grant.save();
      return grant;
    },
  });
  provider.on('authorization.success', (_, { code }) => say({ issued: [code] }));
  provider.on('grant.success', ({ body }) =>
    say({ issued: [body.access_token, body.refresh_token, body.id_token].filter(Boolean) }));

  // People are asked each time who they are: nobody stays signed in here.
  provider.use(async (context, next) => {
    const cookies = (context.headers.cookie ?? '').split('; ').filter((cookie) => !/^_session/.test(cookie));
    context.headers.cookie = cookies.join('; ');
    const uid = context.path.match(/^\/interaction\/([\w-]+)$/)?.[1];
    if (!uid) return next();
    if (context.method === 'GET') {
      context.body = page(uid);
      return undefined;
    }
    const chunks = [];
    for await (const chunk of context.req) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const result = form.get('confirm') === 'yes'
      ? { login: { accountId: form.get('login'), remember: false } }
      : { error: 'access_denied', error_description: 'the person said no' };
    context.respond = false;
    return provider.interactionFinished(context.req, context.res, result);
  });
  server.on('request', provider.callback());
  say({ issuer });
});

for await (const line of lines) {
  accounts = { ...accounts, ...JSON.parse(line).accounts };
  say({});
}
process.exit();
