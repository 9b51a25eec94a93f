import { expect, test } from "playwright/test";
import { linesSeen } from "./charts.ts";
import { ADMIN, newestPoint, URL_BASE } from "./people.ts";

test("nothing but set-up is open before there is an administrator", async ({ page, request }) => {
  for (const path of ["/", "/now", "/overview", "/settings", "/login"]) {
    await page.goto(URL_BASE + path);
    await expect(page).toHaveURL(`${URL_BASE}/setup`);
  }
  expect((await request.get(`${URL_BASE}/api/v1/hosts`)).status()).toBe(401);
});

test("set-up says what is wrong by field, makes the administrator, and leads to the first page", async ({ page }) => {
  await page.goto(`${URL_BASE}/setup`);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByText("Copy the token from the terminal")).toBeVisible();
  await expect(page.getByText("Use at least 12 characters")).toBeVisible();

  await page.getByLabel("Your name").fill(ADMIN.name);
  await page.getByLabel("Email address").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByLabel("Set-up token").fill("AAAA-BBBB-CCCC-DDDD");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByText("This is not the set-up token")).toBeVisible();

  await page.getByLabel("Set-up token").fill(process.env.PORTAL_TOKEN ?? "");
  await page.getByLabel("Password").fill("password1234");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByText("breached")).toHaveCount(1);

  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByRole("heading", { name: "Now", exact: true })).toBeVisible();
  await expect(page.getByText("No alert fires, and no incident goes on.")).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
});

test("set-up is closed afterwards", async ({ page, request }) => {
  await page.goto(`${URL_BASE}/setup`);
  await expect(page).toHaveURL(`${URL_BASE}/login`);
  const answer = await request.post(`${URL_BASE}/api/v1/setup`, {
    data: { ...ADMIN, email: "eve@example.org", token: process.env.PORTAL_TOKEN },
  });
  expect(answer.status()).toBe(409);
});

test("the live chart moves without the page being loaded again", async ({ page }) => {
  await page.goto(`${URL_BASE}/login`);
  await page.getByLabel("Email address").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.locator("[data-live=live]")).toBeVisible();
  await expect(page.locator("[data-panel=performance] figure")).toBeVisible();
  const before = await newestPoint(page);
  const chart = page.locator("[data-panel=performance] figure");
  await expect.poll(async () => (await linesSeen(chart)).every((pixels) => pixels > 0)).toBe(true);
  const picture = await chart.locator("canvas").screenshot();
  await expect.poll(() => newestPoint(page)).toBeGreaterThan(before);
  // It is told of a sample a frame before it has drawn it.
  await expect.poll(async () => (await chart.locator("canvas").screenshot()).equals(picture)).toBe(false);
  const card = page.locator("[data-card=cpu]");
  const at = await card.getAttribute("data-at");
  await expect.poll(() => card.getAttribute("data-at")).not.toBe(at);
});
