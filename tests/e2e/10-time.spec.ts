import { expect, type Page, test } from "playwright/test";
import { violations } from "./pages.ts";
import { newestPoint, signIn, URL_BASE } from "./people.ts";

const HOUR = 3_600_000;

const rangeButton = (page: Page) => page.getByRole("button", { name: /^Time range: / });

/** Opens all that can be chosen of the time. */
async function openTime(page: Page) {
  await rangeButton(page).click();
  const popup = page.getByRole("dialog", { name: "Time range" });
  await expect(popup).toBeVisible();
  return popup;
}

test("a range is typed in words, said again before it holds, and back undoes it", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/hosts/1`);
  const popup = await openTime(page);
  const field = popup.getByLabel("Range", { exact: true });
  await expect(field).toBeFocused();
  await field.fill("yesterday 9am to gestern");
  await field.press("Enter");
  await expect(popup.getByRole("alert")).toContainText('"gestern" is not understood: write ');
  await field.fill("yesterday 9am to now");
  await expect(popup.getByText(/, 0?9:00.* to now$/)).toBeVisible();
  await field.press("Enter");
  await expect(popup).toHaveCount(0);
  await expect(rangeButton(page)).toBeFocused();
  await expect(rangeButton(page)).toHaveAccessibleName(/ to now$/);
  await expect(page).toHaveURL(/from=\d{13}&to=now/);
  await expect(page.locator("[data-panel=cpu] figure")).toBeVisible();
  await openTime(page);
  await popup.getByRole("button", { name: "Yesterday" }).click();
  await expect(page).toHaveURL(/from=now-1d%2Fd&to=now-1d%2Fd|from=now-1d\/d&to=now-1d\/d/);
  await page.goBack();
  await expect(rangeButton(page)).toHaveAccessibleName(/ to now$/);
  await page.goBack();
  await expect(rangeButton(page)).toHaveAccessibleName("Time range: Last 1 hour");
  await openTime(page);
  await popup.getByRole("group", { name: "Recently used" }).getByRole("button").first().click();
  await expect(rangeButton(page)).toHaveAccessibleName(/ to now$/);
});

test("an address says a range from anywhere, and what it says wrongly is named", async ({ page }) => {
  await signIn(page);
  const now = Date.now();
  await page.goto(`${URL_BASE}/hosts/1?from=${now - HOUR}&to=${now}&timezone=utc`);
  await expect(rangeButton(page)).toHaveAccessibleName(/^Time range: .*, .* to /);
  await expect(page.getByRole("button", { name: "Pause" })).toHaveCount(0);
  await page.goto(`${URL_BASE}/hosts/1?from=${Math.floor(now / 1_000)}`);
  await expect(
    page.getByRole("alert").filter({ hasText: "seems to be in seconds: write ms since 1970" }),
  ).toBeVisible();
  await expect(page.locator("[data-panel=cpu] figure")).toBeVisible();
  for (const from of ["now-1y", "0", "9999-01-01", "2026-13-41", "%00", "now-1h&from=now-2h"]) {
    await page.goto(`${URL_BASE}/overview?from=${from}`);
    await expect(rangeButton(page)).toBeVisible();
    await expect(page.locator("[data-panel=performance]")).toBeVisible();
  }
});

test("charts that are paused stand still, and go on when they are resumed", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/hosts/1?from=now-15m`);
  await expect(page.locator("[data-live=live]")).toBeVisible();
  const first = await newestPoint(page, "cpu");
  await expect.poll(() => newestPoint(page, "cpu"), { timeout: 30_000 }).toBeGreaterThan(first);
  await page.getByRole("button", { name: "Pause" }).click();
  const pausedAt = Date.now();
  await expect(page).toHaveURL(/refresh=off/);
  const paused = await newestPoint(page, "cpu");
  const after = async () => {
    const answer = await page.request.get(
      `${URL_BASE}/api/v1/metrics/query?host=1&series=cpu.usage&from=${paused + 1}`,
    );
    const { series } = (await answer.json()) as { series: { points: [number, number | null][] }[] };
    return series[0]?.points.length ?? 0;
  };
  await expect.poll(after, { timeout: 30_000 }).toBeGreaterThan(2);
  expect(await newestPoint(page, "cpu")).toBe(paused);
  // One that is drawn only now stands at the same instant.
  await page.locator('[data-panel="processes"]').scrollIntoViewIfNeeded();
  await page.locator('[data-panel="processes"] figure').waitFor();
  expect(await newestPoint(page, "processes")).toBeLessThanOrEqual(pausedAt);
  await page.getByRole("button", { name: "Resume" }).click();
  await expect.poll(() => newestPoint(page, "cpu"), { timeout: 30_000 }).toBeGreaterThan(paused);
});

test("earlier and later move a range, and zooming out doubles it", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/databases/1`);
  await page.getByRole("button", { name: "Zoom out" }).click();
  await expect(page).toHaveURL(/from=now-2h&to=now/);
  await page.getByRole("button", { name: "Earlier" }).click();
  await expect(page).toHaveURL(/from=\d{13}&to=\d{13}/);
  const { searchParams } = new URL(page.url());
  expect(Number(searchParams.get("to")) - Number(searchParams.get("from"))).toBe(2 * HOUR);
  await page.getByRole("button", { name: "Later" }).click();
  await expect(page).toHaveURL(/from=now-2h&to=now/);
});

test("the control fits a phone, and axe finds nothing wrong in either theme", async ({ page }) => {
  await signIn(page);
  await page.setViewportSize({ width: 360, height: 740 });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${URL_BASE}/hosts/1`);
    const popup = await openTime(page);
    await popup.getByLabel("Time zone").selectOption("Europe/Berlin");
    await expect(page).toHaveURL(/timezone=Europe/);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.keyboard.press("Escape");
    await expect(popup).toHaveCount(0);
  }
});

/** From where to where a page's address says that it shows, ms. */
const shownOf = (page: Page): { from: number; to: number } => {
  const { searchParams } = new URL(page.url());
  return { from: Number(searchParams.get("from")), to: Number(searchParams.get("to")) };
};

test("a drag over a chart zooms all of them, back undoes it, a drag on the axis moves, a double click goes out", async ({
  page,
}) => {
  await signIn(page);
  const to = Date.now();
  await page.goto(`${URL_BASE}/hosts/1?from=${to - HOUR}&to=${to}`);
  const chart = page.locator('[data-panel="cpu"]').getByRole("application");
  await chart.waitFor();
  // The plot begins 68 px from the left edge of the chart, and ends 8 px from its right and 22 px from its lower edge.
  const pointOf = async (share: number, where: "plot" | "axis") => {
    const box = await chart.boundingBox();
    if (!box) throw new Error("the chart has no box");
    const y = where === "plot" ? box.y + 60 : box.y + box.height - 8;
    return { x: box.x + 68 + (box.width - 76) * share, y };
  };
  const drag = async (from: number, to: number, where: "plot" | "axis") => {
    const [start, end] = [await pointOf(from, where), await pointOf(to, where)];
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move((start.x + end.x) / 2, end.y, { steps: 3 });
    await page.mouse.move(end.x, end.y, { steps: 3 });
    await page.mouse.up();
  };
  const before = page.url();
  await drag(0.75, 0.5, "plot");
  await expect(page).not.toHaveURL(before);
  const zoomed = shownOf(page);
  expect(Math.abs(zoomed.from - (to - HOUR / 2))).toBeLessThan(HOUR / 60);
  expect(Math.abs(zoomed.to - (to - HOUR / 4))).toBeLessThan(HOUR / 60);
  // A drag is no click: no processes are asked for.
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const zoomedUrl = page.url();
  await expect(page.locator('[data-panel="cpu"] figure')).toBeVisible();
  await drag(0.25, 0.5, "axis");
  await expect(page).not.toHaveURL(zoomedUrl);
  const moved = shownOf(page);
  expect(Math.abs(zoomed.from - moved.from - (zoomed.to - zoomed.from) / 4)).toBeLessThan(HOUR / 60);
  expect(moved.to - moved.from).toBe(zoomed.to - zoomed.from);

  await page.goBack();
  await expect(page).toHaveURL(zoomedUrl);
  await page.goBack();
  await expect(page).toHaveURL(before);
  const middle = await pointOf(0.5, "plot");
  await page.mouse.dblclick(middle.x, middle.y);
  await expect.poll(() => shownOf(page).to - shownOf(page).from).toBe(2 * HOUR);
  expect(shownOf(page).to).toBeLessThanOrEqual(Date.now());
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("by keyboard a part of a chart is chosen and zoomed into, and left again", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/hosts/1?from=now-15m`);
  const chart = page.locator('[data-panel="cpu"]').getByRole("application");
  await chart.focus();
  await chart.press("End");
  for (let n = 0; n < 4; n++) await chart.press("Shift+ArrowLeft");
  await chart.press("Enter");
  await expect(page).toHaveURL(/from=\d{13}&to=\d{13}/);
  const { from, to } = shownOf(page);
  expect(to - from).toBeGreaterThanOrEqual(10_000);
  expect(to - from).toBeLessThan(15 * 60_000);
  await page.goBack();
  await expect(page).toHaveURL(/from=now-15m/);
  await chart.focus();
  await chart.press("-");
  await expect(page).toHaveURL(/from=now-30m&to=now/);
  await chart.press("PageUp");
  await expect(page).toHaveURL(/from=\d{13}&to=\d{13}/);
  await chart.press("PageDown");
  await expect(page).toHaveURL(/from=now-30m&to=now/);
});

test("a chart is compared with the period before, as a line of its own with the difference", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/hosts/1?from=now-30s`);
  const figure = page.locator('[data-panel="memory-usage"] figure');
  await figure.waitFor();
  const popup = await openTime(page);
  await popup.getByLabel("Compare with").selectOption("before");
  await expect(page).toHaveURL(/compare=before/);
  await page.keyboard.press("Escape");
  const ghost = figure.getByRole("button", { name: "period before" });
  await expect(ghost).toHaveAttribute("aria-pressed", "true");
  const chart = figure.getByRole("application");
  await chart.focus();
  const spoken = async () => {
    await chart.press("End");
    return chart.locator("[aria-live]").textContent();
  };
  await expect.poll(spoken, { timeout: 45_000 }).toMatch(/, period before [\d.]+ % \([+−]?[\d.]+ points\)/);
  await ghost.click();
  await expect(ghost).toHaveAttribute("aria-pressed", "false");
  await chart.focus();
  await chart.press("End");
  await expect(chart.locator("[aria-live]")).not.toContainText("period before");
});

test("what happened is counted, listed with ways to it, said at the crosshair, and can be hidden", async ({ page }) => {
  await signIn(page);
  const at = new Date(Date.now() - 10_000).toISOString();
  const data = { at, host_id: 1, kind: "deploy", text: "Deployed shop 4.2", url: "https://example.org/4.2" };
  const created = await page.request.post(`${URL_BASE}/api/v1/annotations`, { headers: { origin: URL_BASE }, data });
  expect(created.status()).toBe(201);
  await page.goto(`${URL_BASE}/hosts/1?from=now-15m`);
  await page.getByText(/^In this range: .*1 deploy/).click();
  await expect(page.getByRole("link", { name: "Deployed shop 4.2" })).toHaveAttribute("href", data.url);
  expect(await violations(page)).toEqual([]);
  const chart = page.locator('[data-panel="cpu"]').getByRole("application");
  const spoken = chart.locator("[aria-live]");
  const search = async () => {
    await chart.focus();
    await chart.press("End");
    for (let n = 0; n < 12 && !(await spoken.textContent())?.includes("shop 4.2"); n++) await chart.press("ArrowLeft");
    return spoken.textContent();
  };
  await expect.poll(search, { timeout: 45_000 }).toContain("deploy: Deployed shop 4.2");
  await page.getByRole("button", { name: "Hide on charts" }).click();
  await expect(page).toHaveURL(/marks=off/);
  expect(await search()).not.toContain("shop 4.2");
});
