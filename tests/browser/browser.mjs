// A Chromium that takes orders: one JSON line each on standard input, one JSON line each as the answer.
//   {"on": "page1", "do": "fill", "with": ["#username", "alice"]}   →   {"value": …} or {"error": "…"}
// Of "browser" there is only "open": a window with cookies of its own. "page1" has the methods of Playwright's
// Page and some of ours, see obey(); "page1.context", "page1.keyboard" and so on have those of what they name.
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
         '--disable-background-networking', '--disable-component-update'],
});
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const pages = new Map();
const events = new Map();

function note(context, page) {
  const noted = events.get(context);
  page.on('console', (message) => noted.push({ kind: 'console', text: message.text() }));
  page.on('pageerror', (error) => noted.push({ kind: 'error', text: String(error) }));
}

function register(page) {
  const name = `page${pages.size + 1}`;
  pages.set(name, page);
  return name;
}

async function open({ patience, ...options }) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(patience);
  const noted = [];
  events.set(context, noted);
  context.on('page', (page) => note(context, page));
  context.on('request', (request) =>
    noted.push({ kind: 'request', method: request.method(), url: request.url() }));
  return register(await context.newPage());
}

// Only findings that keep somebody out.
async function audit(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  return found.violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html).join(' ')}`);
}

async function obey(order) {
  const given = order.with ?? [];
  if (order.on === 'browser') return open(...given);
  const [name, ...path] = order.on.split('.');
  const page = pages.get(name);
  if (order.do === 'another') return register(await page.context().newPage());
  if (order.do === 'events') return events.get(page.context());
  if (order.do === 'forget events') return events.get(page.context()).splice(0).length;
  // A click that leads to another page, and until that is there; its redirects included.
  if (order.do === 'go') return void (await Promise.all([page.waitForNavigation(), page.click(...given)]));
  if (order.do === 'count') return page.locator(...given).count();
  if (order.do === 'audit') return audit(page);
  let target = page;
  for (const part of path) target = typeof target[part] === 'function' ? target[part]() : target[part];
  const value = await target[order.do](...given);
  // Answers like Response have no place in JSON; of those only the status is wanted.
  return typeof value?.status === 'function' ? value.status() : value;
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { value: (await obey(JSON.parse(line))) ?? null };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
await browser.close();
