import { readFileSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "playwright/test";
import { confirm, signIn, URL_BASE } from "./people.ts";

test("a server is tried out with its reason, saved and seen; a statement shows its past and its plan; the server is removed", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const address = new URL(readFileSync(join(process.env.PORTAL_DATA ?? "", "postgres-address"), "utf8").trim());
  await signIn(page);
  await page.goto(`${URL_BASE}/databases`);
  await page.getByRole("button", { name: "Add server" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("E2e shop");
  await dialog.getByLabel("Address").fill("127.0.0.1");
  await dialog.getByLabel("Port").fill(address.port);
  await dialog.getByLabel("User").fill(address.username);
  await dialog.getByLabel("Password").fill("wrong");
  await dialog.getByLabel("Database").fill(address.pathname.slice(1));
  await dialog.getByRole("button", { name: "Test connection" }).click();
  await expect(dialog.getByText(/password/i).last()).toBeVisible();
  await dialog.getByLabel("Password").fill(address.password);
  await dialog.getByRole("button", { name: "Test connection" }).click();
  await expect(dialog.getByText(/^Version 18.* answers in/)).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await dialog.getByRole("button", { name: "Add server" }).click();
  await expect(dialog).toHaveCount(0);
  const card = page.getByRole("listitem").filter({ hasText: "E2e shop" });
  await expect(card.getByText(/ of 60/)).toBeVisible({ timeout: 60_000 });
  await card.getByRole("link").click();
  await page.getByRole("link", { name: "Queries", exact: true }).click();
  const rows = page.getByRole("table", { name: "Statements" }).getByRole("button");
  await expect(rows.first()).toBeVisible({ timeout: 150_000 });
  await rows
    .filter({ hasText: /^SELECT/ })
    .first()
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Show plan" }).click();
  await expect(page.getByRole("dialog").getByText(/cost=/)).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.keyboard.press("Escape");
  await confirm(page, page.getByRole("button", { name: "Remove server" }), "Remove server");
  await expect(page).toHaveURL(/\/databases$/);
  await expect(page.getByText("E2e shop")).toHaveCount(0);
});
