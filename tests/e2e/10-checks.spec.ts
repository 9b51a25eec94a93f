import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "playwright/test";
import { confirm, signIn, URL_BASE } from "./people.ts";

test("a check is tried out, saved, seen up, then down with its reason, and deleted", async ({ page }) => {
  test.setTimeout(120_000);
  let status = 200;
  const server = createServer((_, response) => {
    response.statusCode = status;
    response.end("all is well");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await signIn(page);
    await page.goto(`${URL_BASE}/checks`);
    await page.getByRole("button", { name: "Add check" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("E2e shop");
    await dialog.getByLabel("Target").fill("shop.example");
    await dialog.getByRole("button", { name: "Save check" }).click();
    await expect(dialog.getByText("Write an address such as").first()).toBeVisible();
    await dialog.getByLabel("Target").fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health`);
    await dialog.getByLabel("Body must match").fill("all (is|was) well");
    await dialog.getByLabel("Every").fill("5");
    await dialog.getByLabel("Time limit").fill("3");
    await dialog.getByRole("button", { name: "Test from the portal" }).click();
    await expect(dialog.getByText(/^Up, in /)).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await dialog.getByRole("button", { name: "Save check" }).click();
    await expect(dialog).toHaveCount(0);
    const row = page.getByRole("listitem").filter({ hasText: "E2e shop" });
    await expect(row.getByText("up", { exact: true })).toBeVisible({ timeout: 40_000 });
    status = 503;
    await expect(row.getByText("unexpected status")).toBeVisible({ timeout: 40_000 });
    await confirm(page, row.getByRole("button", { name: "Delete E2e shop" }), "Delete");
    await expect(page.getByText("Nothing is checked yet")).toBeVisible();
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
