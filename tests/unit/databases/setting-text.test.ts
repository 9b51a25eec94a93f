import assert from "node:assert/strict";
import { test } from "node:test";
import { settingText } from "#lib/databases/server/setting-text.ts";

test("a setting reads as psql's SHOW prints it", () => {
  const cases: [string, string | null, string][] = [
    ["12288", "8kB", "96MB"],
    ["65536", "kB", "64MB"],
    ["512", "MB", "512MB"],
    ["1024", "MB", "1GB"],
    ["4097", "kB", "4097kB"],
    ["300", "s", "5min"],
    ["86400000", "ms", "1d"],
    ["1500", "ms", "1500ms"],
    ["-1", "kB", "-1"],
    ["0", "ms", "0"],
    ["0.9", null, "0.9"],
    ["on", null, "on"],
    ["", "kB", ""],
  ];
  for (const [value, unit, text] of cases) assert.equal(settingText(value, unit), text, `${value} ${unit}`);
});
