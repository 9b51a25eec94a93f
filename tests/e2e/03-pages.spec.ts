import { expect, test } from "playwright/test";
import { linesSeen } from "./charts.ts";
import { inTabs, PAGES, violations } from "./pages.ts";
import { signIn, URL_BASE, withoutScripts } from "./people.ts";

test("every page passes axe while there is little to show", async ({ context, page }) => {
  test.setTimeout(180_000);
  await page.goto(`${URL_BASE}/login`);
  expect(await violations(page), "/login").toEqual([]);
  await signIn(page);
  await inTabs(context, PAGES, async (tab, path) => {
    await tab.goto(URL_BASE + path);
    expect(await violations(tab), path).toEqual([]);
  });
});

test("on a phone every page is on the screen or behind More", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 720 });
  await signIn(page);
  const bar = page.getByRole("navigation", { name: "Main" });
  for (const title of ["Now", "Overview", "Hosts", "Alerts"])
    await expect(bar.getByRole("link", { name: title })).toBeInViewport({ ratio: 1 });
  for (const title of ["Settings", "Help"]) {
    await bar.getByRole("button", { name: /^More/ }).click();
    const item = page.getByRole("menuitem", { name: title });
    await expect(item).toBeInViewport({ ratio: 1 });
    await item.click();
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(bar.getByRole("button", { name: `More pages, now ${title}` })).toBeVisible();
  }
});

test("the host page has a chart for every series, by group", async ({ page }) => {
  test.slow();
  // Charts are drawn once they are in sight: a high window shows many at once.
  await page.setViewportSize({ width: 1440, height: 4000 });
  await signIn(page);
  await page.goto(`${URL_BASE}/hosts`);
  await page.getByRole("table").getByRole("link").first().click();
  for (const group of [
    "CPU",
    "Memory",
    "File systems",
    "Disk I/O",
    "Network",
    "Processes",
    "PostgreSQL",
    "Sightline",
  ]) {
    await expect(page.getByRole("heading", { level: 2, name: group, exact: true }).first()).toBeVisible();
  }
  const all = (await (await page.request.get(`${URL_BASE}/api/v1/series`)).json()) as { group: string }[];
  const series = all.filter(({ group }) => group !== "Other");
  const panels = page.locator("[data-panel]:not([data-panel^=other-])");
  let lines = 0;
  for (let i = 0; i < (await panels.count()); i++) {
    await panels.nth(i).scrollIntoViewIfNeeded();
    await expect(panels.nth(i).locator("figure")).toBeVisible();
    lines += await panels.nth(i).locator("figure li").count();
  }
  expect(lines).toBe(series.length);
});

test("a range is kept in the address, and a line can be hidden", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/overview`);
  await page.getByRole("button", { name: "Time range: Last 1 hour" }).click();
  await page.getByRole("dialog", { name: "Time range" }).getByRole("button", { name: "6 hours" }).click();
  await expect(page).toHaveURL(/from=now-6h&to=now/);
  await page.reload();
  await expect(page.getByRole("button", { name: "Time range: Last 6 hours" })).toBeVisible();
  const chart = page.locator("[data-panel=performance] figure");
  const seen = async () => (await linesSeen(chart)).map((pixels) => pixels > 0);
  await expect.poll(seen).toEqual([true, true, true]);
  await chart.getByRole("listitem").first().getByRole("button").click();
  await expect.poll(seen).toEqual([false, true, true]);
  await chart.getByRole("listitem").first().getByRole("button").click();
  await expect.poll(seen).toEqual([true, true, true]);
});

test("what is entered before a page has come alive is kept", async ({ page }) => {
  await signIn(page);
  const come = await withoutScripts(page);
  await page.goto(`${URL_BASE}/settings/detection`, { waitUntil: "commit" });
  const host = page.getByLabel("Host");
  const metric = page.getByLabel("Metric");
  await host.selectOption({ index: 1 });
  await metric.selectOption({ index: 1 });
  const chosen = [await host.inputValue(), await metric.inputValue()];
  const switches = page.getByRole("checkbox");
  const checked = await switches.first().isChecked();
  await switches.first().click();
  const days = page.getByRole("spinbutton").first();
  await days.fill("3");
  await come();
  // A press before the page has come alive does nothing.
  await expect(async () => {
    await page.getByRole("button", { name: "Preview anomalies" }).click();
    await expect(page.getByText(/anomal(y|ies) in \d+ day/)).toBeVisible({ timeout: 3_000 });
  }).toPass();
  expect([await host.inputValue(), await metric.inputValue()]).toEqual(chosen);
  expect(await switches.first().isChecked()).toBe(!checked);
  await expect(days).toHaveValue("3");
});

test("where a script does not come the page stays, and says so in its place", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/overview`);
  await expect(page.locator("[data-panel=performance] figure")).toBeVisible();
  await page.waitForLoadState("networkidle");
  await page.route("**/*.js", (route) => route.abort());
  await page.getByRole("button", { name: "Export samples" }).click();
  await expect(page.getByText(/A part of this page did not come/)).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.unroute("**/*.js");
  await page.getByRole("button", { name: "Reload" }).click();
  await page.getByRole("button", { name: "Export samples" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("a menu that takes long to come is called off by Escape, and by going elsewhere", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/overview`);
  const account = page.getByRole("button", { name: /Account of/ });
  for (const key of ["Escape", "Shift+Tab"]) {
    await page.reload();
    await expect(page.locator("[data-panel=performance] figure")).toBeVisible();
    await page.waitForLoadState("networkidle");
    const come = await withoutScripts(page);
    await account.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press(key);
    await expect(account).toHaveAttribute("aria-expanded", "false");
    const script = page.waitForEvent("requestfinished", (request) => request.url().endsWith(".js"));
    await come();
    await script;
    await page.waitForLoadState("networkidle");
    await expect(page.getByRole("menu")).toHaveCount(0);
  }
  await account.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
});

test("all charts of a page show the instant that one is pointed at, by pointer and by arrow keys", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/overview`);
  const charts = ["performance", "network"].map((panel) =>
    page.locator(`[data-panel=${panel}]`).getByRole("application"),
  );
  const [first, second] = charts as [(typeof charts)[number], (typeof charts)[number]];
  const says = (chart: typeof first) => chart.getByText(/\d:\d\d:\d\d/).first();
  await second.scrollIntoViewIfNeeded();
  const box = await first.boundingBox();
  await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 20, (box?.y ?? 0) + 40);
  for (const chart of charts) await expect(says(chart)).toBeVisible();
  await page.mouse.move(0, 0);
  for (const chart of charts) await expect(says(chart)).toHaveCount(0);

  await first.focus();
  await page.keyboard.press("End");
  const spoken = first.locator("[aria-live]");
  const newest = await spoken.textContent();
  expect(newest).toMatch(/cpu usage \d.*memory usage \d/);
  await expect(says(second)).toBeVisible();
  await page.keyboard.press("ArrowLeft");
  await expect(spoken).not.toHaveText(newest ?? "");
  await page.keyboard.press("Escape");
  for (const chart of charts) await expect(says(chart)).toHaveCount(0);
});

test("who does not see a chart reads what it draws as a table, by keyboard, in their own zone and units", async ({
  browser,
}) => {
  const context = await browser.newContext({ timezoneId: "Asia/Kolkata", locale: "de-DE" });
  const page = await context.newPage();
  await signIn(page);
  // The server knows the zone from the second page on.
  await page.goto(`${URL_BASE}/overview`);
  const figure = page.locator("[data-panel=performance] figure");
  await figure.getByRole("listitem").first().getByRole("button").click();
  const open = figure.getByRole("button", { name: /^View as table/ });
  const chart = figure.getByRole("application");
  await chart.focus();
  await page.keyboard.press("Tab");
  await expect(open).toBeFocused();
  expect((await open.boundingBox())?.width, "it is seen when it has the focus").toBeGreaterThan(60);
  await page.keyboard.press("Enter");
  const table = page.getByRole("dialog").getByRole("table");
  // Chromium has an older name of the zone.
  await expect(table.getByRole("columnheader")).toHaveText([
    /^Time \(Asia\/(Kolkata|Calcutta)\)$/,
    "memory usage",
    /disk/,
  ]);
  const disk = await table.getByRole("columnheader").last().textContent();
  // The last step may still grow.
  const rows = await table.getByRole("row").count();
  expect(rows).toBeGreaterThan(3);
  const chosen = table.getByRole("row").nth(rows - 2);
  const row = await chosen.getByRole("cell").allTextContents();
  const time = await chosen.getByRole("rowheader").textContent();
  expect(row.every((text) => /^\d+\.\d %$/.test(text))).toBe(true);
  await page.keyboard.press("Escape");
  await expect(open).toBeFocused();

  // A screen reader hears the same of that instant; points may have come since.
  await chart.focus();
  await page.keyboard.press("End");
  const spoken = chart.locator("[aria-live]");
  await expect
    .poll(async () => {
      const text = await spoken.textContent();
      if (!text?.startsWith(time ?? "")) await page.keyboard.press("ArrowLeft");
      return text;
    })
    .toBe(`${time}, memory usage ${row[0]}, ${disk} ${row[1]}`);
  await context.close();
});

test("a menu that has not come yet opens at the first press, by pointer and by keyboard", async ({ page }) => {
  await signIn(page);
  const button = page.getByRole("button", { name: "Theme" });
  const menu = page.getByRole("menu", { name: "Theme" });
  await button.click();
  await expect(menu.getByRole("menuitemradio", { name: "System" })).toBeChecked();
  await button.click();
  await expect(menu).toHaveCount(0);
  await page.reload();
  await button.focus();
  await page.keyboard.press("ArrowDown");
  await expect(menu).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(menu).toHaveCount(0);
  await expect(button).toBeFocused();
  await page.keyboard.press("Enter");
  await menu.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveClass(/dark/);
  await expect(menu).toHaveCount(0);
});

test("a chart takes on another theme while it is open", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await signIn(page);
  await page.goto(`${URL_BASE}/overview`);
  const chart = page.locator("[data-panel=performance] figure");
  const seen = async () => (await linesSeen(chart)).every((pixels) => pixels > 0);
  await expect.poll(seen).toBe(true);
  const light = await chart
    .locator("li line")
    .first()
    .evaluate((swatch) => getComputedStyle(swatch).stroke);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(chart.locator("li line").first()).not.toHaveCSS("stroke", light);
  await expect.poll(seen).toBe(true);
});

test("an API that fails shows what went wrong and a way to try again", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/overview`);
  await page.route("**/api/v1/metrics/query**", (route) =>
    route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      body: JSON.stringify({ type: "/problems/too-costly", title: "x", status: 422, detail: "More than 4000 points" }),
    }),
  );
  // Another range: what the page shows at first came with it.
  await page.getByRole("button", { name: "Zoom out" }).click();
  const panel = page.locator("[data-panel=performance]");
  await expect(panel.getByRole("alert")).toContainText("More than 4000 points");
  await page.unroute("**/api/v1/metrics/query**");
  await panel.getByRole("button", { name: "Try again" }).click();
  await expect(panel.locator("figure")).toBeVisible();
});

test("an address with a broken percent-encoding is refused with what is wrong, not by an error of ours", async ({
  request,
}) => {
  for (const path of ["/anomalies/%F0%9F", "/api/v1/anomalies/%F0%9F"]) {
    const answer = await request.get(`${URL_BASE}${path}`);
    expect(answer.status()).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toContain("percent-encoding");
  }
});
