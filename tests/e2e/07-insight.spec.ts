import { expect, type Page, test } from "playwright/test";
import { runningClusterUrl } from "#lib/db/embedded/cluster.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { addHistory } from "../support/history.ts";
import { barsSeen } from "./charts.ts";
import { confirm, signIn, URL_BASE } from "./people.ts";

/** A machine with ten days of a working day's load, whose disk fills, and whose last 20 minutes went wrong. */
async function addMachine(): Promise<number> {
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const url = (await runningClusterUrl(process.env.PORTAL_DATA ?? "")) ?? "";
  return addHistory(url, "db-7", {
    series: [["cpu.usage"], ["disk.usage", { mount: "/var" }], ["postgres.response"], ["memory.usage"]],
    from: now - 10 * DAY_MS,
    to: now,
    stepMs: MINUTE_MS,
    valuesAt(at) {
      const noise = Math.sin(at / 7919) + Math.sin(at / 104_729) + Math.sin(at / 611_953);
      const wrong = at >= now - 20 * MINUTE_MS ? 1 : 0;
      const load = 20 + 15 * Math.sin((at / DAY_MS) * 2 * Math.PI) + noise;
      return [
        load + 55 * wrong,
        70 + 1.5 * ((at - now + 10 * DAY_MS) / DAY_MS),
        2 + load / 40 + 25 * wrong,
        40 + noise / 10,
      ];
    },
  });
}

/** How many anomalies began that are a warning, and that are critical, in the past day, by what the page's timeline is drawn of. */
async function timelineOf(page: Page): Promise<number[]> {
  const answer = await page.request.get(`${URL_BASE}/api/v1/anomalies/timeline?from=now-24h&host=${host}`);
  const { steps } = (await answer.json()) as { steps: Record<string, number>[] };
  return ["warning", "critical"].map((kind) => steps.reduce((sum, step) => sum + (step[kind] ?? 0), 0));
}

test.describe.configure({ mode: "serial" });

let host: number;

test.beforeAll(async () => {
  host = await addMachine();
});

test("what goes wrong appears as one incident with what moved, and is decided on with a note", async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page);
  await expect
    .poll(
      async () => {
        const answer = await page.request.get(`${URL_BASE}/api/v1/incidents?host=${host}&from=now-2h`);
        return ((await answer.json()) as { anomalies: { metric: string }[] }[]).some(({ anomalies }) =>
          ["cpu.usage", "postgres.response"].every((wanted) => anomalies.some(({ metric }) => metric === wanted)),
        );
      },
      { timeout: 120_000, intervals: [1_000] },
    )
    .toBe(true);
  await page.goto(`${URL_BASE}/anomalies?span=24h&host=${host}`);
  const started = page.getByRole("figure", { name: /^Anomalies started: [1-9]/ });
  const drawn = (await timelineOf(page)).map((count) => count > 0);
  expect(drawn).toContain(true);
  // Those of info are as grey as the axes.
  await expect.poll(async () => (await barsSeen(started)).slice(1).map((pixels) => pixels > 0)).toEqual(drawn);
  await page
    .getByRole("link", { name: / of db-7 / })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1, name: / of db-7 / })).toBeVisible();
  await expect(page.getByText("first", { exact: true }).first()).toBeVisible();
  await expect(page.locator("figure").first()).toBeVisible();
  await page.getByLabel("Note").fill("the batch job again");
  await page.getByRole("button", { name: "Acknowledge incident" }).click();
  await expect(page.getByText("Status: acknowledged")).toBeVisible();
  await page.getByRole("link", { name: "CPU usage", exact: true }).first().click();
  await expect(page.getByText("the batch job again").first()).toBeVisible();
  await expect(page.getByRole("figure", { name: "Anomaly score" })).toBeVisible();
  await expect(page.getByText(/expected|threshold of/).first()).toBeVisible();
});

test("insights name the disk that fills, draw a forecast, and keep what was decided", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/insights?host=${host}`);
  await expect(page.getByRole("heading", { name: "Free space on /var" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Wrong now" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 3 }).first()).toHaveText(/slows the database|CPU load/);
  await expect(page.getByText(/80 % interval/).first()).toBeVisible();
  await expect(page.getByRole("figure", { name: "Forecast of CPU usage" })).toBeVisible();
  const advice = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Free space on /var" }) });
  await advice.getByRole("button", { name: "Show steps" }).click();
  await expect(advice.getByText(/du -xh/)).toBeVisible();
  await advice.getByRole("button", { name: "Snooze for a week" }).click();
  await expect(page.getByText("Closed recommendations: 1")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Closed recommendations: 1")).toBeVisible();
});

test("a deploy is marked, and its before and after is compared", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/insights?host=${host}`);
  const zone = new Date().getTimezoneOffset() * MINUTE_MS;
  await page
    .getByLabel("Time of the change")
    .fill(new Date(Date.now() - 20 * MINUTE_MS - zone).toISOString().slice(0, 16));
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByRole("row", { name: /CPU usage.*\+\d+(\.\d)? %/ })).toBeVisible();
  await page.getByLabel("Annotate a deploy or change made now").fill("release 42");
  await page.getByRole("button", { name: "Add annotation" }).click();
  await expect(page.getByRole("button", { name: /release 42/ })).toBeVisible();
});

test("the expected anomalies of a choice are shown before it is saved as an override", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/settings/detection`);
  await page.getByLabel("Host").selectOption({ label: "db-7" });
  await page.getByRole("button", { name: "Preview anomalies" }).click();
  await expect(page.getByText(/\d+ anomal(y|ies) in \d+ days, at most \d+ per day/)).toBeVisible();
  await page.getByRole("button", { name: "Save override" }).click();
  await expect(page.getByText(/db-7 · sensitivity 5, with seasonality/)).toBeVisible();
  await confirm(page, page.getByRole("button", { name: /Remove the override/ }), "Remove override");
  await expect(page.getByText(/db-7 · sensitivity/)).toHaveCount(0);
});
