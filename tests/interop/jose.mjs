// jose 5: a resource server that knows nothing but the issuer, and reads its keys from where the metadata says.
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { refusal, run, visit } from './conversation.mjs';

async function resource_server(given) {
  const answer = await fetch(`${given.issuer}/.well-known/oauth-authorization-server`);
  const metadata = await answer.json();
  // A kid that it does not know is asked for at once, and not half a minute later.
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri), { cooldownDuration: 0 });
  return async (token, options = {}) => {
    const { protectedHeader, payload } = await jwtVerify(token, keys, {
      issuer: metadata.issuer,
      audience: given.issuer,
      typ: 'at+jwt',
      algorithms: ['EdDSA', 'ES256', 'RS256'],
      requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
      ...options,
    });
    return { header: protectedHeader, payload };
  };
}

const flows = {
  async verify(given) {
    const verify = await resource_server(given);
    return Promise.all(given.tokens.map((token) => verify(token)));
  },

  // The test hands over tokens of before and after a rotation, while this program keeps the keys it has read.
  async rotation(given) {
    const verify = await resource_server(given);
    const before = await verify(given.token);
    const after = await verify(await visit('rotate'));
    const old = await verify(given.token);
    return { before, after, old };
  },

  async refused(given) {
    const verify = await resource_server(given);
    const [header, claims, signature] = given.token.split('.');
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    return {
      signature: await refusal(verify(`${header}.${claims}.${given.other.split('.')[2]}`)),
      none: await refusal(verify(`${none}.${claims}.`)),
      audience: await refusal(verify(given.token, { audience: 'https://other.example' })),
      typ: await refusal(verify(given.token, { typ: 'token-introspection+jwt' })),
    };
  },

  // RFC 9701.
  async introspection(given) {
    const verify = await resource_server(given);
    const answer = await fetch(`${given.issuer}/oauth/introspect`, {
      method: 'POST',
      headers: {
        Accept: 'application/token-introspection+jwt',
        Authorization: `Basic ${btoa(`${given.client_id}:${given.client_secret}`)}`,
      },
      body: new URLSearchParams({ token: given.token }),
    });
    const options = { audience: given.client_id, typ: 'token-introspection+jwt', requiredClaims: ['iat'] };
    return { type: answer.headers.get('content-type'), ...(await verify(await answer.text(), options)) };
  },
};

await run(flows);
