// node sightline.mjs mark TEXT [--kind deploy|change|incident|note] [--service S] [--version V] [--host ID] [--url U] [--at TIME] [--key K]
// Marks a moment in a Sightline portal: its address in SIGHTLINE_URL, an API token with the scope annotations:write in SIGHTLINE_TOKEN.
// Needs Node 20 and nothing else. Exits with 0, 1 where the portal refuses or cannot be reached, 2 for a wrong command line.
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";

const USAGE =
  "usage: node sightline.mjs mark TEXT [--kind deploy|change|incident|note] [--service S] [--version V] [--host ID] [--url U] [--at TIME] [--key K]";
const ATTEMPTS = 4;
const LIMIT_MS = 10_000;

function fail(code, message) {
  process.stderr.write(`sightline: ${message}\n`);
  process.exit(code);
}

function readCommand() {
  const text = { type: "string" };
  const options = { kind: text, service: text, version: text, host: text, url: text, at: text, key: text };
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    return fail(2, `${error.message}\n${USAGE}`);
  }
}

const { values, positionals } = readCommand();
const [command, ...words] = positionals;
const { SIGHTLINE_URL: portal } = process.env;
const token = process.env.SIGHTLINE_TOKEN?.trim();
if (command !== "mark" || words.length === 0) fail(2, USAGE);
if (!portal || !URL.canParse(portal))
  fail(2, "set SIGHTLINE_URL to the portal's address, such as https://sightline.example");
// What fetch says of a header that it cannot send has the token in it.
if (!token || !/^[\x21-\x7e]+$/.test(token))
  fail(2, "set SIGHTLINE_TOKEN to an API token with the scope annotations:write, in one line");
const { host, kind = "deploy", ...rest } = values;
if (host !== undefined && !/^\d+$/.test(host))
  fail(2, "--host: write the host's id, which stands in the address of its page");
const body = JSON.stringify({
  ...{ text: words.join(" "), kind, ...rest, key: values.key ?? randomUUID() },
  ...(host === undefined ? {} : { host_id: Number(host) }),
});

/** Undefined where it may be tried again: the key makes sure that it is stored once. */
async function send() {
  const response = await fetch(`${portal.replace(/\/+$/, "")}/api/v1/annotations`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body,
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const detail = answer.detail ?? `the portal answers ${response.status}`;
  if (response.status < 500 && response.status !== 429) fail(1, detail);
  throw new Error(detail);
}

for (let attempt = 1; ; attempt++) {
  try {
    const { id, at } = await send();
    process.stdout.write(`marked at ${at} (annotation ${id})\n`);
    break;
  } catch (error) {
    const reason = error.cause?.message || error.cause?.code || error.message;
    if (attempt === ATTEMPTS) fail(1, `${portal}: ${reason}`);
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
  }
}
