import assert from "node:assert/strict";
import { test } from "node:test";
import { toHtml } from "#lib/incidents/post-mortem-page.ts";
import { plainText, toMarkdown } from "#lib/incidents/post-mortem-text.ts";

const TEXT = {
  ...{ title: "CPU of *web-1* <b>rose</b>", summary: "It began at 2026-03-02T04:12Z.", impact: "", timeline: "- one" },
  ...{ cause: "<script>alert(1)</script> [x](javascript:alert(1))", remedy: "a restart", followUps: "" },
};

test("a post-mortem is exported with all its parts, and times as its reader reads them", () => {
  const markdown = toMarkdown(TEXT, (text) => text.replace("2026-03-02T04:12Z", "2 Mar, 05:12"));
  assert.match(markdown, /^# CPU of \\\*web-1\\\* \\<b\\>rose/);
  assert.match(markdown, /## Summary\n\nIt began at 2 Mar, 05:12\.\n\n## Impact\n\n\*Nothing is written here\.\*/);
  assert.ok(markdown.endsWith("## Follow-ups\n\n*Nothing is written here.*\n"));
});

test("what somebody wrote into it is shown and never run", () => {
  const html = toHtml(TEXT.title, toMarkdown(TEXT, String));
  assert.doesNotMatch(html, /<script|<b>rose|href="javascript/i);
  assert.match(html, /&lt;script&gt;/);
  assert.match(html, /<title>CPU of \*web-1\* &lt;b&gt;rose/);
  assert.match(html, /default-src 'none'/);
});

test("a text of programs stays on its line and is not read as marks", () => {
  assert.equal(plainText("a\n# b_c _d_ [e](f) <g> \\"), "a # b_c \\_d\\_ \\[e\\](f) \\<g\\> \\\\");
});
