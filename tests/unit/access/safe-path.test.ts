import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { safePath } from "#lib/access/safe-path.ts";
import { FIRST_PAGE } from "#lib/contract/roots.ts";

const PORTAL = "https://sightline.example";

/** Where a browser that is on a page of the portal goes. */
const destination = (path: string) => new URL(path, `${PORTAL}/login`).origin;

test("after signing in nobody is led to another site, however its address is written", () => {
  for (const given of [
    ...[
      "//evil.host",
      "/\\evil.host",
      "\\\\evil.host",
      "/\t/evil.host",
      "/\n/evil.host",
      "\t//evil.host",
      "/.//evil.host",
      "/..//evil.host",
    ],
    ...[
      "/a/../..//evil.host",
      "https://evil.host",
      "https:evil.host",
      "javascript:alert(1)",
      "data:text/html,x",
      "/\r\n/evil.host",
      "/\\\t/evil.host",
    ],
    ...[
      "http://[",
      "",
      " //evil.host",
      "@evil.host",
      "///evil.host",
      "/%2e//evil.host",
      "/./\\evil.host",
      undefined,
      null,
      7,
      {},
      [],
    ],
  ])
    assert.equal(destination(safePath(given)), PORTAL, JSON.stringify(given));
});

test("a path of our own is kept with its query, and of a doubled parameter the first", () => {
  assert.equal(safePath("/experiments/7?tab=a&x=%2F%2Fb#c"), "/experiments/7?tab=a&x=%2F%2Fb#c");
  assert.equal(safePath("/a%09/b"), "/a%09/b");
  assert.equal(safePath(["/hosts", "//evil.host"]), "/hosts");
  assert.equal(safePath("hosts"), FIRST_PAGE);
});

test("no text leads away", () => {
  const letters = fc.constantFrom(
    "/",
    "\\",
    ".",
    "\t",
    "\n",
    "\r",
    "%2e",
    "%09",
    "evil.host",
    ":",
    "@",
    "?",
    "#",
    "http:",
    " ",
    "\0",
  );
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 8 }), (parts) => destination(safePath(`/${parts.join("")}`)) === PORTAL),
    { numRuns: 5_000 },
  );
});
