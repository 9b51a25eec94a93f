import assert from "node:assert/strict";
import { test } from "node:test";
import { GUIDES, type GuideName, readGuide } from "#lib/help/guides.ts";
import { searchGuides, sectionsOf } from "#lib/help/search-guides.ts";

test("what is searched is found by its words, the section that is about it first, and leads to its heading", async () => {
  const silences = await searchGuides("SILENCES");
  assert.equal(silences[0]?.guide, "alerts");
  assert.ok(silences.length <= 20 && silences.every(({ excerpt }) => excerpt.length < 260));
  for (const { href } of silences) assert.match(href, /^\/help\/[a-z-]+(#[a-z0-9-]+)?$/);
});

test("nothing, a word that nobody wrote, and signs that mean something to a pattern find nothing, and break nothing", async () => {
  for (const typed of ["", "   ", "xyzzyplugh", "((((", "silences xyzzyplugh"])
    assert.deepEqual(await searchGuides(typed), []);
});

test("an excerpt is text: no table rules, targets or signs of Markdown", () => {
  const text = "Intro.\n\n## A `b` of **c**\n\nSee [the API](api.md#x).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
  const [own, section] = sectionsOf("guide", { title: "Guide", text });
  assert.deepEqual([own?.href, own?.text], ["/help/guide", "Intro."]);
  assert.deepEqual([section?.heading, section?.text], ["A b of c", "See the API. a b 1 2"]);
});

test("the headings of every guide have an address of their own", async () => {
  for (const name of Object.keys(GUIDES) as GuideName[]) {
    const hrefs = sectionsOf(name, await readGuide(name)).map(({ href }) => href);
    assert.equal(new Set(hrefs).size, hrefs.length, name);
  }
});
