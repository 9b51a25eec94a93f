import { readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "playwright/test";
import { signIn, URL_BASE } from "./people.ts";

test("a report is made of a host, read, and its figures are taken along as Excel", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/reports`);
  await page.getByLabel("Report", { exact: true }).selectOption({ label: "Everything" });
  await page.getByLabel("Period").selectOption({ label: "Past day" });
  await page.getByRole("button", { name: "Make it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Everything" })).toBeVisible();
  await expect(page.getByText(/Samples came in \d+\.\d+ % of the time/).first()).toBeVisible();
  await expect(page.getByRole("figure", { name: "CPU, memory and disk" }).first()).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.getByRole("button", { name: "Export report" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Excel" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^report-\d+\.xlsx$/);
  expect(
    readFileSync(await file.path())
      .subarray(0, 2)
      .toString(),
  ).toBe("PK");
  const [pdf] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "PDF" }).click()]);
  expect(
    readFileSync(await pdf.path())
      .subarray(0, 5)
      .toString(),
  ).toBe("%PDF-");
  await page.getByRole("button", { name: "Share" }).click();
  const link = await page.getByLabel("Link, for a week").inputValue();
  await page.goto(`${URL_BASE}/reports`);
  await expect(page.getByRole("link", { name: /Everything/ })).toBeVisible();
  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1, name: "Everything" })).toBeVisible();
  await expect(page.getByRole("link", { name: "PDF" })).toHaveCount(0);
  expect((await page.goto(`${link}x`))?.status()).toBe(404);
});

test("the samples of a host are exported from its page, and the export is in the audit trail", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/hosts/1`);
  await page.getByRole("button", { name: "Export samples" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  const lines = readFileSync(await file.path(), "utf8").split("\r\n");
  expect(lines[0]).toContain("Time,Host,Series,Unit,Value");
  expect(lines.length).toBeGreaterThan(100);
  const answer = await page.request.get(`${URL_BASE}/api/v1/exports/audit?format=ndjson`);
  const deeds = (await answer.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { action: string; subject: string });
  expect(deeds.some(({ action, subject }) => action === "export" && subject.startsWith("samples-"))).toBe(true);
});

test("too large an export is refused with what to do", async ({ page }) => {
  await signIn(page);
  const answer = await page.request.get(
    `${URL_BASE}/api/v1/exports/samples?series=cpu.usage&from=now-3000d&format=xlsx`,
  );
  expect(answer.status()).toBe(422);
  expect(((await answer.json()) as { detail: string }).detail).toContain("take CSV");
});
