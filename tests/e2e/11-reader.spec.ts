import { expect, type Page, test } from "playwright/test";
import { TimeFormat, timeStyle } from "#lib/format/date-time.ts";
import { inTabs, PAGES, violations } from "./pages.ts";
import { ADMIN, signIn, URL_BASE } from "./people.ts";

// The last file: by now there are experiments, reports and incidents to look at.

/** Readers whose zone and language are not the server's; axe looks at what the one in the dark sees, as it did at the light and empty pages. */
const READERS = [
  { timezoneId: "Asia/Kolkata", locale: "en-US", colorScheme: "light" },
  { timezoneId: "Australia/Lord_Howe", locale: "de-DE", colorScheme: "dark" },
] as const;

/** The first of each kind of thing that has a page of its own. */
async function detailPages(page: Page): Promise<string[]> {
  const items = async <T>(path: string) => (await (await page.request.get(`${URL_BASE}/api/v1${path}`)).json()) as T[];
  const ids = async (path: string) => (await items<{ id: number }>(path)).slice(0, 3).map(({ id }) => id);
  const listed = await page.request.get(`${URL_BASE}/api/v1/anomalies?from=now-30d&limit=1`);
  const { anomalies } = (await listed.json()) as { anomalies: { id: number; host_id: number }[] };
  const incidents = await items<{ id: number; host_id: number }>("/incidents?from=now-30d&limit=1");
  return [
    "/anomalies?from=now-30d",
    ...(await ids("/experiments")).map((id) => `/experiments/${id}`),
    ...(await ids("/reports")).flatMap((id) => [`/reports/${id}`, `/reports/${id}/diff`]),
    ...anomalies.map(({ id, host_id }) => `/anomalies/${id}?host=${host_id}`),
    ...incidents.flatMap(({ id, host_id }) => [
      `/anomalies/incidents/${id}?host=${host_id}`,
      `/anomalies/incidents/${id}/post-mortem?host=${host_id}`,
    ]),
  ];
}

for (const { locale, ...reader } of READERS)
  test(`a reader in ${reader.timezoneId} with ${locale} sees their own times on every page, and no console has an error`, async ({
    browser,
  }) => {
    test.setTimeout(240_000);
    const context = await browser.newContext({ ...reader, locale, viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const errors: string[] = [];
    context.on("weberror", (error) => errors.push(`${error.page()?.url()}: ${error.error()}`));
    // Chromium writes an answer of 404 or 403 there too: the page that is not there is one of those visited.
    context.on("console", (message) => {
      if (message.type() === "error" && !/status of 40[34]/.test(message.text()))
        errors.push(`${message.page()?.url()}: ${message.text()}`);
    });
    await signIn(page, ADMIN.email);
    const time = new TimeFormat(timeStyle(reader.timezoneId, locale));
    let times = 0;
    const details = await detailPages(page);
    expect(details.length).toBeGreaterThan(4);
    await inTabs(context, [...PAGES, ...details], async (page, path) => {
      await page.goto(URL_BASE + path);
      const isDark = await page.evaluate(() => document.documentElement.classList.contains("dark"));
      expect(isDark).toBe(reader.colorScheme === "dark");
      if (isDark) expect(await violations(page), path).toEqual([]);
      // A page is as wide in either language: one of the readers measures it.
      for (const width of isDark ? [1440, 360, 2560] : [1440]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForLoadState("networkidle").catch(() => undefined);
        await expect
          .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: `${path} at ${width} px` })
          .toBeLessThanOrEqual(width);
      }
      for (const shown of await page.locator("main time").all()) {
        const [text, at] = [await shown.textContent(), (await shown.getAttribute("datetime")) ?? ""];
        if ((await shown.getAttribute("data-age")) !== null) {
          expect(text).toMatch(/^(\d+ (min|h|days)( ago)?|in \d+ (min|h|days))$/);
          expect(await shown.getAttribute("title")).toContain(`${time.instant(Date.parse(at))} (`);
          continue;
        }
        // Of what follows on the same day the clock says enough.
        expect([time.dateTime(at), time.day(at), time.clock(Date.parse(at))], `${path}: ${at}`).toContain(text);
        times++;
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    });
    expect(times).toBeGreaterThan(10);
    expect(errors).toEqual([]);
    await context.close();
  });
