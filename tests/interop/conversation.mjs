// A script's talk with the test that started it: one JSON value a line, on stdin and stdout. The test begins
// with what to do ({flow, issuer, client_id, …}); `visit` asks it to play the user; the result is said last.
import { createInterface } from 'node:readline';

const input = createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();
const hear = async () => JSON.parse((await lines.next()).value);
const say = (value) => console.log(JSON.stringify(value));

// The user goes to this URL; what the browser shows the client in the end (a callback URL), if anything.
export async function visit(url) {
  say({ visit: url });
  return hear();
}

// What the library threw instead of an answer, as {error, kind}; a test that expects it fails without it.
export async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return { error: error.error ?? error.code ?? null, kind: error.constructor.name, message: error.message };
  }
  throw new Error('the server did not refuse');
}

export async function run(flows) {
  const given = await hear();
  say({ result: await flows[given.flow](given) });
  input.close();
}
