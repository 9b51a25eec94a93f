import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "playwright/test";
import { signIn, URL_BASE } from "./people.ts";

test.use({ serviceWorkers: "allow" });

test("without a network a page says so, when the portal last answered, and leads back by itself", async ({
  page,
  context,
}) => {
  await signIn(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await page.goto(`${URL_BASE}/hosts`);
  await expect(page.getByRole("heading", { name: "Hosts", exact: true })).toBeVisible();
  await context.setOffline(true);
  await page.goto(`${URL_BASE}/alerts`);
  await expect(page.getByRole("heading", { name: "Sightline cannot be reached" })).toBeVisible();
  await expect(page.getByText(/It last answered this browser/)).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await context.setOffline(false);
  await expect(page.getByRole("heading", { name: "Alerts", exact: true })).toBeVisible({ timeout: 30_000 });
});

test("a browser is offered to install the portal: its manifest and each of its pictures are there", async ({
  request,
}) => {
  const manifest = await (await request.get(`${URL_BASE}/manifest.webmanifest`)).json();
  expect([manifest.start_url, manifest.display]).toEqual(["/now", "standalone"]);
  for (const { src, type } of manifest.icons) {
    const picture = await request.get(`${URL_BASE}${src}`);
    expect([picture.status(), picture.headers()["content-type"]]).toEqual([200, type]);
  }
});
