import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "playwright/test";
import { openDatabase } from "#lib/db/client.ts";
import { runningClusterUrl } from "#lib/db/embedded/cluster.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { addHistory } from "../support/history.ts";
import { addIncident } from "../support/incidents.ts";
import { violations } from "./pages.ts";
import { addPerson, confirm, signIn, URL_BASE } from "./people.ts";

test.describe.configure({ mode: "serial" });

const NOW = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const START = NOW - 3 * HOUR_MS;
let page: string;
let earlier: number;

/** A machine whose CPU was busy three hours ago after a deploy, as it was some days before. */
test.beforeAll(async () => {
  const url = (await runningClusterUrl(process.env.PORTAL_DATA ?? "")) ?? "";
  const host = await addHistory(url, "shop-1", {
    series: [["cpu.usage"], ["load.5m"]],
    ...{ from: NOW - 2 * DAY_MS, to: NOW, stepMs: MINUTE_MS },
    valuesAt: (at) => (at >= START && at < START + 10 * MINUTE_MS ? [97, 12] : [27 + 3 * Math.sin(at / 104_729), 1]),
  });
  const db = openDatabase(url, { maxConnections: 1 });
  try {
    const series = await db.series.findMany({ where: { hostId: host }, orderBy: { metric: "asc" } });
    const members = series.map(({ id, metric }) => ({ series: metric, seriesId: id }));
    earlier = await addIncident(db, host, START - 9 * DAY_MS, members);
    const incident = await addIncident(db, host, START, members);
    page = `/anomalies/incidents/${incident}?host=${host}`;
    const what = { kind: "deploy" as const, service: "shop", version: "4.2.1", text: "New basket" };
    await db.annotation.create({ data: { hostId: host, at: new Date(START - 6 * MINUTE_MS), ...what } });
  } finally {
    await db.$disconnect();
  }
});

const card = (tab: Page, title: string) =>
  tab.locator("section").filter({ has: tab.getByRole("heading", { level: 2, name: title, exact: true }) });

test("the first screen says what is wrong, why, how sure that is, what to do, and who has it", async ({
  page: tab,
}) => {
  await signIn(tab);
  await tab.setViewportSize({ width: 1440, height: 900 });
  await tab.goto(URL_BASE + page);
  const title = /^CPU usage of shop-1 rose to 97\.0 % \(usually 20\.0 to 35\.0 %\), 1 other followed within 1 min$/;
  await expect(tab.getByRole("heading", { level: 1, name: title })).toBeInViewport();
  const cause = card(tab, "Likely cause");
  await expect(cause.getByRole("listitem").first()).toContainText(/^Likely\s*Deploy of shop 4\.2\.1, 6 min before/);
  await expect(cause.getByText(/by chance has a probability of/)).toBeInViewport();
  await expect(card(tab, "What to do next").getByRole("link", { name: /host at that time/ })).toBeInViewport();
  await tab.getByRole("button", { name: "Take it" }).click();
  await expect(tab.getByRole("heading", { name: "You have it" })).toBeInViewport();
  expect(await violations(tab)).toEqual([]);
});

test("the timeline has what moved, the deploy, and what was said, which its author changes and removes", async ({
  page: tab,
}) => {
  await signIn(tab);
  await tab.goto(URL_BASE + page);
  const timeline = card(tab, "Timeline");
  const items = timeline.getByRole("listitem");
  await expect(items.nth(0)).toContainText("Deploy of shop 4.2.1");
  await expect(items.nth(1)).toContainText("CPU usage rose to 97.0 %");
  await expect(items.nth(2)).toContainText("+1 min");
  await timeline.getByLabel("Comment", { exact: true }).fill("The basket retries");
  await timeline.getByRole("button", { name: "Add comment" }).click();
  const said = items.filter({ hasText: "The basket retries" });
  await said.getByRole("button", { name: "Edit" }).click();
  await timeline.getByLabel("Your comment").fill("The basket retries five times");
  await timeline.getByRole("button", { name: "Save comment" }).click();
  await expect(items.filter({ hasText: "five times" })).toContainText("edited");
  await confirm(tab, items.filter({ hasText: "five times" }).getByRole("button", { name: "Remove comment" }), "Remove");
  await expect(items.filter({ hasText: "five times" })).toHaveCount(0);
  await expect(items.filter({ hasText: "took the incident on" })).toHaveCount(1);
});

test("its charts are drawn, and what was like it is named with what helped then", async ({ page: tab }) => {
  await signIn(tab);
  await tab.goto(URL_BASE + page.replace(/\d+\?/, `${earlier}?`));
  await tab.getByLabel("Note").fill("rolled the shop back");
  await tab.getByRole("button", { name: "Mark incident as reviewed" }).click();
  await expect(card(tab, "Timeline").getByText("rolled the shop back")).toBeVisible();
  await tab.goto(URL_BASE + page);
  const similar = card(tab, "Similar incidents");
  await expect(similar.getByText(/100 % alike: 2 of 2 metrics moved in both, the same first/)).toBeVisible();
  await expect(similar.getByText("rolled the shop back")).toBeVisible();
  await expect(card(tab, "What to do next").getByText("What helped before: rolled the shop back")).toBeVisible();
  const charts = tab.getByRole("figure").filter({ has: tab.locator("canvas") });
  await charts.first().scrollIntoViewIfNeeded();
  await expect(charts).toHaveCount(2);
  await expect(tab.getByText("Dashed: expected. Band: normal range")).toHaveCount(2, { timeout: 20_000 });
});

test("a post-mortem is drafted, written, exported, and listed; of two who write, neither loses what they wrote", async ({
  page: tab,
  context,
}) => {
  await signIn(tab);
  await tab.goto(URL_BASE + page);
  await tab.getByRole("link", { name: "Write post-mortem" }).click();
  await expect(tab.getByLabel("Timeline")).toHaveValue(/CPU usage rose to 97\.0 %/);
  await expect(tab.getByLabel("Cause")).toHaveValue(/Likely: Deploy of shop 4\.2\.1/);
  await tab.setViewportSize({ width: 360, height: 800 });
  await expect(tab.getByRole("button", { name: "Save post-mortem" })).toBeInViewport({ ratio: 1 });
  // Playwright's click would scroll: whether something lies upon it is asked of the page.
  const box = await tab.getByRole("button", { name: "Save post-mortem" }).boundingBox();
  const [x, y] = [(box?.x ?? 0) + 5, (box?.y ?? 0) + 5];
  expect(await tab.evaluate(([at, down]) => document.elementFromPoint(at, down)?.textContent, [x, y] as const)).toBe(
    "Save post-mortem",
  );
  await tab.setViewportSize({ width: 1440, height: 900 });
  const other = await context.newPage();
  await other.goto(tab.url());
  await tab.getByLabel("Title").fill("The shop was slow");
  await tab.getByLabel("What helped").fill("Rolling **back**");
  await tab.getByRole("button", { name: "Save post-mortem" }).click();
  await expect(tab.getByRole("heading", { level: 1, name: "The shop was slow" })).toBeVisible();
  await expect(tab.getByText("back", { exact: true })).toHaveCSS("font-weight", "700");
  expect(await violations(tab)).toEqual([]);

  await other.getByLabel("Impact").fill("Nobody could order");
  await other.getByRole("button", { name: "Save post-mortem" }).click();
  await expect(other.getByText(/Yours differs in: Title, Impact, What helped/)).toBeVisible();
  await expect(other.getByLabel("Impact")).toHaveValue("Nobody could order");
  await other.getByRole("button", { name: "Save mine over theirs" }).click();
  await expect(other.getByText(/version 2/)).toBeVisible();

  await tab.reload();
  const [file] = await Promise.all([
    tab.waitForEvent("download"),
    tab.getByRole("button", { name: "Download as Markdown" }).click(),
  ]);
  expect(await readFile(await file.path(), "utf8")).toMatch(/## Impact\n\nNobody could order/);
  const pdf = await tab.request.get(
    `${URL_BASE}/api/v1${page.replace("/anomalies", "").replace("?", "/post-mortem/file?")}&format=pdf`,
  );
  expect((await pdf.body()).subarray(0, 5).toString()).toBe("%PDF-");
  await tab.goto(`${URL_BASE}/reports/post-mortems`);
  await expect(tab.getByRole("link", { name: /CPU usage of shop-1/ })).toBeVisible();
  expect(await violations(tab)).toEqual([]);
});

test("whoever may not decide reads all of it, and is told who may", async ({ page: tab }) => {
  await addPerson("viewer");
  await signIn(tab, "viewer@example.org");
  await tab.goto(URL_BASE + page);
  await expect(tab.getByText(/take incidents on and set their status/)).toBeVisible();
  await expect(tab.getByRole("button", { name: "Take it" })).toHaveCount(0);
  await tab.getByRole("link", { name: "Open post-mortem" }).click();
  await expect(tab.getByText("Nobody could order")).toBeVisible();
  await expect(tab.getByRole("button", { name: "Edit post-mortem" })).toHaveCount(0);
});
