import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright";
import { type Portal, startPortal } from "../../tests/support/portal.ts";
import { ensureChromium, findChromium } from "../steps/chromium.ts";

/** A Chromium without a window, that asks for nothing by itself; installed where there is none. */
export async function launchChromium(): Promise<Browser> {
  await ensureChromium();
  const args = ["--no-sandbox", "--disable-background-networking"];
  return chromium.launch({ executablePath: findChromium(), args });
}

/** Runs a measurement on a portal of its own and in a browser, which are gone afterwards. */
export async function inBrowser<T>(measure: (portal: Portal, browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launchChromium();
  const dir = mkdtempSync(join(tmpdir(), "sightline-bench-"));
  try {
    const portal = await startPortal(dir);
    try {
      return await measure(portal, browser);
    } finally {
      await portal.stop();
    }
  } finally {
    await browser.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
