import { readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "playwright/test";
import { confirm, signIn, URL_BASE } from "./people.ts";

const seriousIn = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
  return violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html.slice(0, 160)}`);
};

test("a report is made of a host, read, and its figures are taken along as Excel", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/reports`);
  await page.getByLabel("Report", { exact: true }).selectOption({ label: "Everything" });
  await page.getByLabel("Period").selectOption({ label: "Past 24 hours" });
  await page.getByRole("button", { name: "Create report" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Everything" })).toBeVisible();
  await expect(page.getByText(/Available \d+\.\d+ % of the time/).first()).toBeVisible();
  await expect(page.getByRole("figure", { name: "CPU, memory and disk" }).first()).toBeVisible();
  expect(await seriousIn(page)).toEqual([]);
  await page.getByRole("button", { name: "Export report" }).click();
  await page.getByRole("radio", { name: "Excel" }).check();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^report-\d+\.xlsx$/);
  expect(
    readFileSync(await file.path())
      .subarray(0, 2)
      .toString(),
  ).toBe("PK");
  await page.keyboard.press("Escape");
  const [pdf] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "PDF" }).click()]);
  expect(
    readFileSync(await pdf.path())
      .subarray(0, 5)
      .toString(),
  ).toBe("%PDF-");
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByLabel("Expires after").selectOption({ label: "1 day" });
  await page.getByRole("button", { name: "Create link" }).click();
  const link = await page.getByLabel("Link", { exact: true }).inputValue();
  await page.goto(`${URL_BASE}/reports`);
  await expect(page.getByRole("link", { name: /Everything/ })).toBeVisible();
  // A page that is open notices that it is signed out, and goes elsewhere by itself.
  await page.goto("about:blank");
  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1, name: "Everything" })).toBeVisible();
  await expect(page.getByRole("button", { name: "PDF" })).toHaveCount(0);
  expect((await page.goto(`${link}x`))?.status()).toBe(404);
});

test("the samples of a host are exported from its page, and the export is in the audit trail", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/hosts/1`);
  await page.getByRole("button", { name: "Export samples" }).click();
  expect(await seriousIn(page)).toEqual([]);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download" }).click(),
  ]);
  const lines = readFileSync(await file.path(), "utf8").split("\r\n");
  expect(lines[0]).toContain("Time,Host,Series,Unit,Value");
  expect(lines.length).toBeGreaterThan(100);
  const answer = await page.request.get(`${URL_BASE}/api/v1/exports/audit?format=ndjson`);
  const events = (await answer.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { action: string; subject: string });
  expect(events.some(({ action, subject }) => action === "export" && subject.startsWith("samples-"))).toBe(true);
});

test("too large an export is refused with what to do", async ({ page }) => {
  await signIn(page);
  const answer = await page.request.get(
    `${URL_BASE}/api/v1/exports/samples?host=1&series=cpu.usage&from=now-3000d&format=xlsx`,
  );
  expect(answer.status()).toBe(422);
  expect(((await answer.json()) as { detail: string }).detail).toContain("take CSV");
});

test("an export is made in the background, and whoever has its link takes it, also from the middle", async ({
  page,
  playwright,
}) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/overview`);
  await page.getByRole("button", { name: "Export samples" }).click();
  await page.getByRole("radio", { name: "Parquet" }).check();
  await page.getByLabel("Range", { exact: true }).selectOption({ label: "Past 24 hours" });
  await page.getByLabel("Layout").selectOption({ label: "One column per series" });
  await page.getByRole("button", { name: "Export in the background" }).click();
  await page.getByRole("link", { name: "Exports" }).click();
  await expect(page.getByText(/^samples-.*\.parquet$/)).toBeVisible();
  const link = page.getByRole("link", { name: "Download" });
  await expect(link).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/\d+ rows · .* · expires/)).toBeVisible();
  expect(await seriousIn(page)).toEqual([]);
  const address = URL_BASE + (await link.getAttribute("href"));
  const outsider = await playwright.request.newContext();
  const whole = await (await outsider.get(address)).body();
  expect([whole.subarray(0, 4).toString(), whole.subarray(-4).toString()]).toEqual(["PAR1", "PAR1"]);
  const rest = await outsider.get(address, { headers: { range: "bytes=100-" } });
  expect(rest.status()).toBe(206);
  expect(rest.headers()["content-range"]).toBe(`bytes 100-${whole.length - 1}/${whole.length}`);
  expect(Buffer.compare(await rest.body(), whole.subarray(100))).toBe(0);
  expect((await outsider.get(`${address}x`)).status()).toBe(404);
  await page.goto(`${URL_BASE}/audit`);
  await expect(page.getByRole("row", { name: /whoever has the link download samples-/ }).first()).toBeVisible();
  await page.getByRole("button", { name: "Check integrity" }).click();
  await expect(page.getByText(/All \d+ events are unchanged/)).toBeVisible();
  await page.goto(`${URL_BASE}/reports/exports`);
  await confirm(page, page.getByRole("button", { name: "Remove export" }), "Remove export");
  await expect(page.getByText("No exports yet")).toBeVisible();
  expect((await outsider.get(address)).status()).toBe(404);
  await outsider.dispose();
});

test("a report is composed, kept as a template, seen as a mail, made twice, and held against the last", async ({
  page,
}) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/reports/build`);
  await page.getByRole("button", { name: "Save template" }).click();
  await expect(page.getByText("Enter a name").first()).toBeVisible();
  await page.getByLabel("Name").fill("Our Monday");
  await page.getByLabel("Performance").check();
  await page.getByLabel("Period").selectOption({ label: "Past 24 hours" });
  await page.getByRole("button", { name: "Preview email" }).click();
  const mail = page.frameLocator("iframe");
  await expect(mail.getByRole("heading", { name: "Our Monday" })).toBeVisible();
  expect(
    await mail
      .locator("img")
      .first()
      .evaluate((image) => (image as HTMLImageElement).naturalWidth),
  ).toBeGreaterThan(1_000);
  await page.getByText("Plain text").click();
  await expect(page.getByText(/OUR MONDAY/)).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Save template" }).click();
  await expect(page.getByText("Template “Our Monday” saved")).toBeVisible();
  expect(await seriousIn(page)).toEqual([]);
  const make = async () => {
    const template = page.getByRole("listitem").filter({ hasText: "Our Monday" });
    await template.getByRole("button", { name: "Create report" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Our Monday" })).toBeVisible();
    await page.getByRole("link", { name: "Changes" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Our Monday: changes" })).toBeVisible();
  };
  await make();
  await expect(page.getByText("No previous report to compare with")).toBeVisible();
  await page.goto(`${URL_BASE}/reports/build`);
  await page.getByRole("button", { name: "Open in builder" }).click();
  await page.getByLabel("Experiments").check();
  await page.getByRole("button", { name: "Save template" }).click();
  await expect(page.getByText("Template “Our Monday” saved")).toBeVisible();
  await make();
  await expect(page.getByText(/compared with/)).toBeVisible();
  const added = page.locator("section", { has: page.getByRole("heading", { name: "Experiments" }) });
  await expect(added.getByText("added", { exact: true })).toBeVisible();
  expect(await seriousIn(page)).toEqual([]);
});
