import { existsSync } from "node:fs";
import { chromium } from "playwright";
import { command } from "./command.ts";
import { installPackages } from "./debian.ts";

const DEBIAN = "/usr/bin/chromium";

/** A real browser: the one Playwright downloaded, or Debian's, installed here when we may. */
export async function ensureChromium(): Promise<void> {
  if (findChromium()) return;
  if (!(await installPackages("Chromium", ["chromium", "fonts-liberation"])))
    await command(process.execPath, ["node_modules/playwright/cli.js", "install", "chromium"], { echo: true });
  if (!findChromium())
    throw new Error("There is no Chromium: install the package chromium, or run npx playwright install chromium");
}

/** The path of the browser that tests and benches drive. */
export function findChromium(): string | undefined {
  return [chromium.executablePath(), DEBIAN].find((path) => existsSync(path));
}
