import { join } from "node:path";
import { expect, test } from "playwright/test";
import { linesSeen } from "./charts.ts";
import { signIn, URL_BASE } from "./people.ts";

// The README's picture. `SIGHTLINE_PICTURES=1 npm test -- e2e` puts a new one into docs/images.
const ROOT = join(import.meta.dirname, "..", "..");
const FOLDER = process.env.SIGHTLINE_PICTURES ? join(ROOT, "docs", "images") : join(ROOT, "test-results");

for (const scheme of ["light", "dark"] as const) {
  test(`the overview is drawn in full, in the ${scheme} theme`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 1440, height: 960 } });
    const page = await context.newPage();
    await signIn(page);
    await page.goto(`${URL_BASE}/overview?from=now-15m`);
    for (const panel of ["performance", "network", "disk-bytes"]) {
      const chart = page.locator(`[data-panel=${panel}] figure`);
      await expect.poll(async () => Math.max(...(await linesSeen(chart)))).toBeGreaterThan(0);
    }
    await expect(page.locator("[data-live=live]")).toBeVisible();
    await page.screenshot({ path: join(FOLDER, `overview-${scheme}.png`) });
    await context.close();
  });
}
