import { existsSync } from "node:fs";
import type { BrowserContext, Page } from "playwright";
import { DomainError } from "#lib/errors.ts";
import { ZONE_COOKIE } from "#lib/format/date-time.ts";
import { log, reasonOf } from "#lib/log.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** For so long (ms) Chromium may start, load a page, or print it, each. */
const LIMIT_MS = 30 * SECOND_MS;

/** Where Debian, others, and whoever set CHROMIUM have it. */
const PLACES = [process.env.CHROMIUM ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Who reads a PDF: the zone and the languages (as Accept-Language has them) of its times. */
export type PdfReader = { zone: string; languages: string };

/** So many wait for the one that prints: a Chromium takes some 200 MB. */
const MOST_WAITING = 4;
let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/** What is printed: a page of ours by its URL, or a page as it is, which may fetch nothing and run nothing. */
export type PrintedPage = { url: string } | { html: string };

/** A page printed by Chromium, one at a time. @throws DomainError unavailable where there is none, it fails, or too many wait */
export async function printPdf(printed: PrintedPage, reader: PdfReader): Promise<Buffer> {
  if (waiting > MOST_WAITING)
    throw new DomainError("unavailable", "Several PDFs are being printed: try again in a moment", {
      retryAfterSeconds: 15,
    });
  waiting++;
  const printing = last.then(() => printOne(printed, reader));
  last = printing.catch(() => undefined);
  try {
    return await printing;
  } finally {
    waiting--;
  }
}

/** Opens what is printed. What others wrote is in a page of its own HTML: it must reach nothing that the portal's machine does. */
async function open(page: Page, printed: PrintedPage): Promise<void> {
  if ("html" in printed) {
    await page.route("**", (route) => route.abort());
    return page.setContent(printed.html, { waitUntil: "load", timeout: LIMIT_MS });
  }
  const answer = await page.goto(printed.url, { waitUntil: "networkidle", timeout: LIMIT_MS });
  if (!answer?.ok()) throw new Error(`the report's page answered ${answer?.status()}`);
}

async function print(context: BrowserContext, printed: PrintedPage): Promise<Buffer> {
  const page = await context.newPage();
  await open(page, printed);
  return page.pdf({ format: "A4", printBackground: true, margin: { top: "12mm", bottom: "12mm" } });
}

async function printOne(printed: PrintedPage, { zone, languages }: PdfReader): Promise<Buffer> {
  const executablePath = PLACES.find((path) => path !== "" && existsSync(path));
  if (!executablePath)
    throw new DomainError(
      "unavailable",
      "PDF needs Chromium on the portal's machine: apt-get install chromium, or print the page in your browser",
    );
  // Loaded by whoever prints only: it is large.
  const { chromium } = await import("playwright");
  try {
    // Chromium's own sandbox refuses root; the page is ours, and holds no script of others.
    const chromiumSandbox = process.getuid?.() !== 0;
    const browser = await chromium.launch({ executablePath, chromiumSandbox, timeout: LIMIT_MS });
    const deadline = setTimeout(() => void browser.close(), 2 * MINUTE_MS);
    try {
      const context = await browser.newContext({
        timezoneId: zone,
        extraHTTPHeaders: { "accept-language": languages },
        javaScriptEnabled: "url" in printed,
      });
      if ("url" in printed)
        await context.addCookies([{ name: ZONE_COOKIE, value: encodeURIComponent(zone), url: printed.url }]);
      return await print(context, printed);
    } finally {
      clearTimeout(deadline);
      await browser.close();
    }
  } catch (error) {
    log.error({ reason: reasonOf(error) }, "a PDF could not be printed");
    throw new DomainError(
      "unavailable",
      "The PDF could not be printed: try again, or print the page in your browser. The log says why",
    );
  }
}
