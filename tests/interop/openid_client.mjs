// openid-client 5: the classic API. Each flow does what an application would, and returns what it saw.
import { Issuer, generators } from 'openid-client';
import { refusal, run, visit } from './conversation.mjs';

async function discover(given) {
  const issuer = await Issuer.discover(`${given.issuer}/.well-known/oauth-authorization-server`);
  return new issuer.Client({
    client_id: given.client_id,
    client_secret: given.client_secret ?? undefined,
    token_endpoint_auth_method: given.method,
    redirect_uris: [given.redirect_uri],
    response_types: [given.response_type ?? 'code'],
  });
}

// The request of `given`, pushed (RFC 9126) if it says so: the URL for the user and the callback's checks.
async function ask(client, given) {
  const checks = { state: generators.state(), response_type: given.response_type ?? 'code' };
  const request = { scope: given.scope, state: checks.state };
  if (given.pkce) {
    checks.code_verifier = generators.codeVerifier();
    request.code_challenge = generators.codeChallenge(checks.code_verifier);
    request.code_challenge_method = 'S256';
  }
  if (!given.par) return [client.authorizationUrl(request), checks];
  const { request_uri } = await client.pushedAuthorizationRequest(request);
  return [client.authorizationUrl({ request_uri }), checks];
}

// The library checks state and iss, and redeems the code.
const redeem = (client, given, callback, checks) =>
  client.oauthCallback(given.redirect_uri, client.callbackParams(callback), checks);

async function info(client, tokens) {
  const url = `${client.issuer.issuer}/oauth/info`;
  return JSON.parse((await client.requestResource(url, tokens)).body.toString());
}

async function client_credentials(given) {
  const client = await discover(given);
  const tokens = await client.grant({ grant_type: 'client_credentials', scope: given.scope });
  const before = await client.introspect(tokens.access_token);
  await client.revoke(tokens.access_token, 'access_token');
  return {
    issuer: client.issuer.issuer,
    tokens,
    before,
    after: await client.introspect(tokens.access_token),
    refusal: await refusal(client.grant({ grant_type: 'client_credentials', scope: 'no-such-scope' })),
  };
}

async function code(given) {
  const client = await discover(given);
  const [url, checks] = await ask(client, given);
  const tokens = await redeem(client, given, await visit(url), checks);
  const refreshed = await client.refresh(tokens);
  const again = await client.refresh(refreshed);
  const seen = { url, tokens, refreshed, info: await info(client, again) };
  await client.revoke(again.refresh_token, 'refresh_token');
  seen.revoked = await refusal(client.refresh(again));
  return seen;
}

async function introspection(given) {
  const client = await discover(given);
  const [url, checks] = await ask(client, given);
  const tokens = await redeem(client, given, await visit(url), checks);
  const before = await client.introspect(tokens.refresh_token, 'refresh_token');
  await client.revoke(tokens.refresh_token);
  return { before, after: await client.introspect(tokens.access_token) };
}

async function callback_refused(given) {
  const client = await discover(given);
  const [url, checks] = await ask(client, given);
  return refusal(redeem(client, given, await visit(url), checks));
}

async function replay(given) {
  const client = await discover(given);
  const [url, checks] = await ask(client, given);
  const callback = await visit(url);
  const tokens = await redeem(client, given, callback, checks);
  const refused = await refusal(redeem(client, given, callback, checks));
  return { refused, refresh: await refusal(client.refresh(tokens)) };
}

async function rotated(given) {
  const client = await discover(given);
  const [url, checks] = await ask(client, given);
  const tokens = await redeem(client, given, await visit(url), checks);
  const last = await client.refresh(await client.refresh(tokens));
  return { reuse: await refusal(client.refresh(tokens)), family: await refusal(client.refresh(last)) };
}

async function implicit(given) {
  const client = await discover(given);
  const [url, checks] = await ask(client, given);
  const callback = (await visit(url)).replace('#', '?'); // as the page's script hands the fragment over
  const tokens = await redeem(client, given, callback, checks);
  return { tokens, info: await info(client, tokens) };
}

async function pushed_refused(given) {
  const client = await discover(given);
  return refusal(client.pushedAuthorizationRequest({ scope: given.scope, state: generators.state() }));
}

// Two devices at once: one will be allowed, one denied, both after they have asked in vain.
async function device(given) {
  const client = await discover(given);
  const allowed = await client.deviceAuthorization({ scope: given.scope });
  const denied = await client.deviceAuthorization({ scope: given.scope });
  const polls = [allowed.poll(), refusal(denied.poll())];
  await visit(allowed.verification_uri_complete);
  await visit(denied.verification_uri_complete);
  const [tokens, refused] = await Promise.all(polls);
  return { user_code: allowed.user_code, tokens, info: await info(client, tokens), refused };
}

await run({
  client_credentials,
  code,
  introspection,
  callback_refused,
  replay,
  rotated,
  implicit,
  pushed_refused,
  device,
});
