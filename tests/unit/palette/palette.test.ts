import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PAGES } from "#components/layout/pages.ts";
import { hostAddress } from "#components/palette/host-address.ts";
import { bestOf, matchScore } from "#components/palette/match.ts";
import { FURTHER, placesOf } from "#components/palette/places.ts";
import { GO, type Press, ShortcutReader } from "#components/palette/shortcuts.ts";

const APP = join(import.meta.dirname, "..", "..", "..", "app", "(portal)");

test("every place of the palette and every letter leads to a page that is there, by the right that the page asks for", () => {
  for (const { href, permission } of [...PAGES, ...FURTHER, ...Object.values(GO)]) {
    const page = join(APP, href, "page.tsx");
    assert.ok(existsSync(page), href);
    const [, wanted] = /permitPage\("([\w:]+)"/.exec(readFileSync(page, "utf8")) ?? [];
    assert.equal(permission, wanted, href);
  }
});

test("a viewer is offered no page that would refuse them", () => {
  const places = placesOf("viewer").map(({ href }) => href);
  assert.ok(places.includes("/hosts") && !places.includes("/settings") && !places.includes("/audit"));
});

test("what begins with what was typed comes first, every word counts, and nothing that lacks one is found", () => {
  const names = ["db-web", "cobweb", "web-1", "Web servers", "mail"];
  const found = (typed: string) => bestOf(names, (name) => name, typed, 10);
  assert.deepEqual(found("web"), ["web-1", "Web servers", "db-web", "cobweb"]);
  assert.deepEqual(found("SERV we"), ["Web servers"]);
  assert.deepEqual(found("web nothing"), []);
  assert.deepEqual(found("  "), names);
  assert.equal(
    matchScore("a+b (c)", "+b ("),
    matchScore("a+b (c)", "( +b"),
    "what means something to a pattern is a text",
  );
  assert.equal(
    bestOf(
      Array.from({ length: 10_000 }, (_, n) => `node-${n}`),
      (name) => name,
      "node-99",
      8,
    ).length,
    8,
  );
});

test("another host leads to the same page where that shows one, with what else its address says", () => {
  assert.equal(hostAddress("/insights", "host=1&from=now-1h", 7), "/insights?host=7&from=now-1h");
  assert.equal(hostAddress("/anomalies", "", 7), "/anomalies?host=7");
  assert.equal(hostAddress("/alerts/3", "host=1", 7), "/hosts/7");
  assert.equal(hostAddress("/hosts/1", "from=now-6h&to=now&processes=now", 7), "/hosts/7?from=now-6h&to=now");
  assert.equal(hostAddress("/hosts/add", "from=now-6h", 7), "/hosts/7");
});

const press = (key: string, more: Partial<Press> = {}): Press => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, isTaken: false },
  ...more,
});

test("letters lead on while nothing else wants them, Ctrl-K always, and g waits for its letter not for ever", () => {
  const reader = new ShortcutReader();
  const keys = (presses: Press[], letters = true, step = 100) =>
    presses.map((own, n) => reader.read(own, n * step, letters)).at(-1);
  assert.deepEqual(keys([press("g"), press("h")]), { act: "go", letter: "h" });
  assert.equal(keys([press("g"), press("h")], true, 2_000), undefined);
  assert.equal(keys([press("g"), press("x"), press("h")]), undefined);
  assert.equal(keys([press("g"), press("constructor")]), undefined);
  assert.equal(keys([press("g"), press("h")], false), undefined);
  assert.deepEqual(keys([press("k", { ctrlKey: true, isTaken: true })], false), { act: "palette" });
  assert.deepEqual(keys([press("K", { metaKey: true })]), { act: "palette" });
  assert.deepEqual(keys([press("/")]), { act: "search" });
  assert.deepEqual(keys([press("?")]), { act: "sheet" });
  assert.equal(keys([press("?", { isTaken: true })]), undefined);
  assert.equal(keys([press("g"), press("h", { ctrlKey: true })]), undefined);
});
