import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOMS } from "../../../scripts/steps/house/layers.ts";
import { ROOT } from "../../../scripts/steps/paths.ts";

const PAGES = ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", ...globSync("docs/*.md", { cwd: ROOT })];
const read = (page: string) => readFileSync(join(ROOT, page), "utf8");

test("every path of the repository that a page names is there", () => {
  const gone = PAGES.flatMap((page) =>
    [...read(page).matchAll(/(?<![\w/.-])((?:app|components|lib|prisma|scripts|tests|workers)\/[\w./-]*[\w-])/g)]
      .map(([, path = ""]) => path)
      .filter((path) => globSync([path, `${path}.*`], { cwd: ROOT }).length === 0)
      .map((path) => `${page}: ${path}`),
  );
  assert.deepEqual(gone, []);
});

test("every page that a page links to is there", () => {
  const gone = PAGES.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#|\/)([^)#\s]+)/g)]
      .map(([, path = ""]) => path)
      .filter((path) => globSync(join(page, "..", path), { cwd: ROOT }).length === 0)
      .map((path) => `${page}: ${path}`),
  );
  assert.deepEqual(gone, []);
});

test("the picture of the layers names each room that the rules know", () => {
  const picture = read("ARCHITECTURE.md").split("## The three ways")[0] ?? "";
  const missing = ROOMS.filter((room) => !new RegExp(`\\b${room}\\b`).test(picture));
  assert.deepEqual(missing, []);
});
