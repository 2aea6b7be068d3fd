// oauth4webapi 3: requests, and the strict checks of their answers, are calls of their own. Each flow does
// what an application would, and returns what it saw.
import { webcrypto } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { refusal, run, visit } from './conversation.mjs';

globalThis.crypto ??= webcrypto; // Node 18 has it under this name only

const options = { [oauth.allowInsecureRequests]: true }; // http, on this machine

function authentication({ method, client_secret }) {
  if (method === 'none') return oauth.None();
  if (method === 'client_secret_post') return oauth.ClientSecretPost(client_secret);
  return oauth.ClientSecretBasic(client_secret);
}

// What every call starts with: the server's metadata, the client, and how it authenticates.
async function discover(given) {
  const issuer = new URL(given.issuer);
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options });
  const as = await oauth.processDiscoveryResponse(issuer, response);
  return [as, { client_id: given.client_id }, authentication(given)];
}

async function push(who, request) {
  const response = await oauth.pushedAuthorizationRequest(...who, request, options);
  return oauth.processPushedAuthorizationResponse(...who.slice(0, 2), response);
}

// The request of `given`, pushed (RFC 9126) if it says so; the URL for the user, and what the client keeps.
async function ask(who, given) {
  const [as, client] = who;
  const kept = { state: oauth.generateRandomState(), verifier: oauth.nopkce };
  let request = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: given.redirect_uri,
    response_type: 'code',
    scope: given.scope,
    state: kept.state,
  });
  for (const uri of given.resources ?? []) request.append('resource', uri);
  if (given.pkce) {
    kept.verifier = oauth.generateRandomCodeVerifier();
    request.set('code_challenge', await oauth.calculatePKCECodeChallenge(kept.verifier));
    request.set('code_challenge_method', 'S256');
  }
  if (given.par) {
    const { request_uri } = await push(who, request);
    request = new URLSearchParams({ client_id: client.client_id, request_uri });
  }
  return [`${as.authorization_endpoint}?${request}`, kept];
}

// The library checks state and iss here …
function read_callback([as, client], callback, { state }) {
  return oauth.validateAuthResponse(as, client, new URL(callback), state);
}

// … and the answer of the token endpoint here.
async function redeem(who, given, callback, { verifier }) {
  const uri = given.redirect_uri;
  const response = await oauth.authorizationCodeGrantRequest(...who, callback, uri, verifier, options);
  return oauth.processAuthorizationCodeResponse(...who.slice(0, 2), response);
}

async function refresh(who, { refresh_token }, more = {}) {
  const response = await oauth.refreshTokenGrantRequest(...who, refresh_token, { ...options, ...more });
  return oauth.processRefreshTokenResponse(...who.slice(0, 2), response);
}

async function introspect(who, token) {
  const response = await oauth.introspectionRequest(...who, token, options);
  return oauth.processIntrospectionResponse(...who.slice(0, 2), response);
}

async function revoke(who, token) {
  await oauth.processRevocationResponse(await oauth.revocationRequest(...who, token, options));
}

async function info([as], { access_token }) {
  const url = new URL(`${as.issuer}/oauth/info`);
  const response = await oauth.protectedResourceRequest(access_token, 'GET', url, undefined, null, options);
  return response.json();
}

async function tokens_for(who, given) {
  const [url, kept] = await ask(who, given);
  const tokens = await redeem(who, given, read_callback(who, await visit(url), kept), kept);
  return [tokens, url];
}

async function client_credentials(given) {
  const who = await discover(given);
  const request = async (scope) => {
    const response = await oauth.clientCredentialsGrantRequest(...who, { scope }, options);
    return oauth.processClientCredentialsResponse(...who.slice(0, 2), response);
  };
  const tokens = await request(given.scope);
  const before = await introspect(who, tokens.access_token);
  await revoke(who, tokens.access_token);
  const after = await introspect(who, tokens.access_token);
  const unauthorized = await refusal(info(who, tokens));
  return { tokens, before, after, unauthorized, refusal: await refusal(request('no-such-scope')) };
}

async function wrong_secret(given) {
  const who = await discover({ ...given, client_secret: 'wrong' });
  const response = await oauth.clientCredentialsGrantRequest(...who, {}, options);
  try {
    await oauth.processClientCredentialsResponse(...who.slice(0, 2), response);
  } catch (error) {
    return { kind: error.constructor.name, status: error.status, challenges: error.cause };
  }
  throw new Error('the server did not refuse');
}

async function code(given) {
  const who = await discover(given);
  const [tokens, url] = await tokens_for(who, given);
  const refreshed = await refresh(who, tokens);
  const again = await refresh(who, refreshed);
  const seen = { url, tokens, refreshed, info: await info(who, again) };
  await revoke(who, again.refresh_token);
  seen.revoked = await refusal(refresh(who, again));
  return seen;
}

// RFC 8707: a token for all resources that were asked for, then one for each.
async function resources(given) {
  const who = await discover(given);
  let [tokens] = await tokens_for(who, given);
  const audiences = [(await introspect(who, tokens.access_token)).aud];
  for (const resource of given.resources) {
    tokens = await refresh(who, tokens, { additionalParameters: { resource } });
    audiences.push((await introspect(who, tokens.access_token)).aud);
  }
  const more = { additionalParameters: { resource: given.issuer } };
  return { audiences, refusal: await refusal(refresh(who, tokens, more)) };
}

async function callback_refused(given) {
  const who = await discover(given);
  const [url, kept] = await ask(who, given);
  const callback = await visit(url);
  return refusal((async () => read_callback(who, callback, kept))());
}

async function replay(given) {
  const who = await discover(given);
  const [url, kept] = await ask(who, given);
  const callback = read_callback(who, await visit(url), kept);
  const tokens = await redeem(who, given, callback, kept);
  const refused = await refusal(redeem(who, given, callback, kept));
  return { refused, refresh: await refusal(refresh(who, tokens)) };
}

async function rotated(given) {
  const who = await discover(given);
  const [tokens] = await tokens_for(who, given);
  const last = await refresh(who, await refresh(who, tokens));
  return { reuse: await refusal(refresh(who, tokens)), family: await refusal(refresh(who, last)) };
}

async function pushed_refused(given) {
  const who = await discover(given);
  const { redirect_uri, scope } = given;
  return refusal(push(who, { redirect_uri, scope, response_type: 'code' }));
}

async function begin_device(who, given) {
  const response = await oauth.deviceAuthorizationRequest(...who, { scope: given.scope }, options);
  return oauth.processDeviceAuthorizationResponse(...who.slice(0, 2), response);
}

async function poll(who, { device_code }) {
  const response = await oauth.deviceCodeGrantRequest(...who, device_code, options);
  return oauth.processDeviceCodeResponse(...who.slice(0, 2), response);
}

async function device(given) {
  const who = await discover(given);
  const begun = await begin_device(who, given);
  const pending = await refusal(poll(who, begun));
  await visit(begun.verification_uri_complete);
  await new Promise((resolve) => setTimeout(resolve, begun.interval * 1000));
  const tokens = await poll(who, begun);
  const refreshed = await refresh(who, tokens);
  return { pending, tokens, info: await info(who, refreshed), redeemed: await refusal(poll(who, begun)) };
}

async function device_denied(given) {
  const who = await discover(given);
  const begun = await begin_device(who, given);
  await visit(begun.verification_uri_complete);
  return refusal(poll(who, begun));
}

await run({
  client_credentials,
  wrong_secret,
  code,
  resources,
  callback_refused,
  replay,
  rotated,
  pushed_refused,
  device,
  device_denied,
});
