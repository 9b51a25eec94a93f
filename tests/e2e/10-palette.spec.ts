import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "playwright/test";
import { signIn, URL_BASE } from "./people.ts";

const isAccessible = async (page: Page) => expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

test("Ctrl-K finds a page, a metric and an act by a few letters, and letters lead to pages until they are turned off", async ({
  page,
}) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/now`);
  await page.getByRole("heading", { name: "Now" }).waitFor();
  await page.keyboard.press("Control+k");
  const field = page.getByPlaceholder(/Search pages/);
  await field.fill("silen");
  await expect(page.getByRole("option", { name: "Silences" })).toBeVisible();
  await isAccessible(page);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/alerts\/silences$/);

  await page.keyboard.press("Control+k");
  await field.fill("cpu usage");
  await expect(page.getByRole("option", { name: /CPU usage/ }).first()).toBeVisible();
  await field.fill("xyzzyplugh");
  await expect(page.getByText("Nothing is called that")).toBeVisible();
  await field.fill("dark");
  await page.getByRole("option", { name: "Dark theme" }).click();
  await expect(page.locator("html")).toHaveClass(/dark/);
  await page.keyboard.press("Control+k");
  await field.fill("theme of");
  await page.keyboard.press("Enter");

  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await expect(page).toHaveURL(/\/hosts$/);
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search hosts" })).toBeFocused();
  await page.keyboard.type("g?");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page).toHaveURL(/search=g%3F|search=g\?/);
  await page.getByRole("heading", { name: "Hosts" }).click();
  await page.keyboard.press("?");
  await isAccessible(page);
  await page.getByLabel("Single letters do this").uncheck();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await page.keyboard.press("Control+k");
  await expect(field).toBeFocused();
  await expect(page).toHaveURL(/\/hosts/);
});
