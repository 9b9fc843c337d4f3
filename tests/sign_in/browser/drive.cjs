// Drives one headless Chromium for one test.
//
// A line of JSON on stdin is a step, the line of JSON on stdout that follows is what came of it; the browser ends with
// stdin. Nothing waits for time to pass: each step waits for what it names, and fails when that does not come.
//
// Arguments: the directory whose node_modules hold playwright-core, and a JSON object:
//   browser      path of Chromium
//   pictures     directory for screenshots
//   sites        [{ host, port, authority }]: https sites by their names, served on loopback ports, with the file of the
//                certificate authority that vouches for each
//   flags        further flags
//   patience     milliseconds after which something does not come any more

"use strict";

const { createRequire } = require("node:module");
const { X509Certificate, createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");
const tls = require("node:tls");

const [directory, text] = process.argv.slice(2);
const { chromium } = createRequire(`${directory}/package.json`)("playwright-core");
const config = JSON.parse(text);

// What Chromium says of itself to a server, as far as a server can tell from it who makes it ask.
const TELLING = ["origin", "referer", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user"];

const contexts = new Map();
const tabs = new Map();
let browser;

async function start() {
  const keys = await Promise.all(config.sites.map(checkedKey));
  const flags = [
    // Root has no sandbox.
    "--no-sandbox",
    `--host-resolver-rules=${config.sites.map((s) => `MAP ${s.host} 127.0.0.1:${s.port}`).join(", ")}`,
    // As if they were on the internet: Chromium asks before a site there may speak to this machine.
    `--ip-address-space-overrides=${config.sites.map((s) => `127.0.0.1:${s.port}=public`).join(",")}`,
    `--ignore-certificate-errors-spki-list=${keys.join(",")}`,
    ...config.flags,
  ];
  browser = await chromium.launch({ executablePath: config.browser, args: flags, timeout: config.patience });
  return { version: browser.version() };
}

// Chromium has no list of trusted authorities of its own to add to; it takes the fingerprint of a key. So the
// certificate is checked here, against its authority and its name, before its key is named as a good one.
function checkedKey(site) {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(site.authority);
    const options = { host: "127.0.0.1", port: site.port, servername: site.host, ca };
    const socket = tls.connect(options, () => {
      const key = new X509Certificate(socket.getPeerCertificate().raw).publicKey;
      socket.destroy();
      resolve(createHash("sha256").update(key.export({ type: "spki", format: "der" })).digest("base64"));
    });
    socket.once("error", reject);
  });
}

// The tab a step is about; a new one, of the person it names, where there is none of that name.
async function tabOf(step) {
  if (!tabs.has(step.tab)) {
    const context = contexts.get(step.person) ?? (await newcomer(step.person, {}));
    const page = await context.newPage();
    page.setDefaultTimeout(config.patience);
    const tab = { page, requests: [], refused: [] };
    page.on("request", (request) => tab.requests.push(request));
    page.on("console", (message) => {
      if (message.type() === "error") { tab.refused.push(message.text()); }
    });
    tabs.set(step.tab, tab);
  }
  return tabs.get(step.tab);
}

async function newcomer(person, manner) {
  const context = await browser.newContext({
    javaScriptEnabled: manner.scripts ?? true,
    colorScheme: manner.dark ? "dark" : "light",
    viewport: { width: manner.width ?? 1000, height: 760 },
  });
  for (const { origin, permissions } of manner.grants ?? []) {
    await context.grantPermissions(permissions, { origin });
  }
  contexts.set(person, context);
  return context;
}

const steps = {
  async person(step) {
    await newcomer(step.person, step);
  },
  // Lets a site do what Chromium would ask the person about.
  async grant(step) {
    await contexts.get(step.person).grantPermissions(step.permissions, { origin: step.origin });
  },
  async open(step) {
    const { page } = await tabOf(step);
    const response = await page.goto(step.url, { waitUntil: "load", referer: step.referrer ?? undefined });
    return response && response.status();
  },
  async press(step) {
    const { page } = await tabOf(step);
    await page.getByRole("button", { name: step.name }).click();
  },
  async follow(step) {
    const { page } = await tabOf(step);
    await page.getByRole("link", { name: step.name }).click();
  },
  async type(step) {
    const { page } = await tabOf(step);
    await page.getByLabel(step.name).fill(step.text);
  },
  // Waits for a heading.
  async see(step) {
    const { page } = await tabOf(step);
    await page.getByRole("heading", { name: step.heading, exact: true }).waitFor();
    await page.waitForLoadState("load");
  },
  // Waits for a text.
  async says(step) {
    const { page } = await tabOf(step);
    await page.getByText(step.text).waitFor();
  },
  async read(step) {
    const { page } = await tabOf(step);
    return (await page.locator("body").innerText()).trim();
  },
  async back(step) {
    const { page } = await tabOf(step);
    // The page may not be there any more: then the browser says so, which is no error of the step.
    return page.goBack({ waitUntil: "commit" }).then(() => null, (error) => neterror(error));
  },
  async reload(step) {
    const { page } = await tabOf(step);
    const reload = page.reload({ waitUntil: "load" });
    return reload.then((response) => response && response.status(), (error) => neterror(error));
  },
  // Where the tab is and has been, as the browser shows it to the person. (In memory it also knows where each of its
  // navigations began, before any redirect; no server can help that.)
  async history(step) {
    const { page } = await tabOf(step);
    const session = await page.context().newCDPSession(page);
    const { entries } = await session.send("Page.getNavigationHistory");
    await session.detach();
    return entries.map((entry) => [entry.url, entry.title]).flat();
  },
  // What was sent to addresses that start so: never the address itself, which may hold a token.
  async sent(step) {
    const { requests } = await tabOf(step);
    const wanted = requests.filter((request) => request.url().startsWith(step.prefix));
    return Promise.all(wanted.map(async (request) => {
      const headers = await request.allHeaders();
      const telling = TELLING.filter((name) => name in headers).map((name) => `${name}: ${headers[name]}`);
      const failure = request.failure();
      return {
        line: `${request.method()} ${new URL(request.url()).pathname}`,
        headers: telling,
        failure: failure && failure.errorText,
      };
    }));
  },
  // Runs a script in the page, and gives what it gives.
  async run(step) {
    const { page } = await tabOf(step);
    return (await page.evaluate(step.script)) ?? null;
  },
  // What the page was refused by the browser.
  async refused(step) {
    return (await tabOf(step)).refused;
  },
  async picture(step) {
    const { page } = await tabOf(step);
    await page.screenshot({ path: path.join(config.pictures, `${step.name}.png`), fullPage: true });
    // Nothing of a page may be cut off at its right edge.
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
  },
  async close(step) {
    const { page } = await tabOf(step);
    tabs.delete(step.tab);
    await page.close();
  },
};

// The network's error in an error of the driver.
function neterror(error) {
  const found = /net::ERR_\w+/.exec(error.message);
  if (!found) { throw error; }
  return found[0];
}

function say(outcome) {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

async function main() {
  say({ result: await start() });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const step = JSON.parse(line);
    try {
      say({ result: (await steps[step.do](step)) ?? null });
    } catch (error) {
      say({ error: String(error.message) });
    }
  }
}

main()
  .catch((error) => {
    say({ error: String(error.stack) });
    process.exitCode = 1;
  })
  .finally(() => browser && browser.close());
