import { existsSync } from "node:fs";
import { chromium } from "playwright";
import { command, mustRun } from "./command.ts";

const DEBIAN = "/usr/bin/chromium";

/** A real browser: the one Playwright downloaded, or Debian's, installed here when we may. */
export async function ensureChromium(): Promise<void> {
  if (findChromium()) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.error("… Installing Debian's Chromium");
    await mustRun("apt-get update", "apt-get", ["update"]);
    await mustRun(
      "apt-get install chromium",
      "apt-get",
      ["install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"],
      {
        DEBIAN_FRONTEND: "noninteractive",
      },
    );
  } else {
    await command(process.execPath, ["node_modules/playwright/cli.js", "install", "chromium"], { echo: true });
  }
  if (!findChromium())
    throw new Error("There is no Chromium: install the package chromium, or run npx playwright install chromium");
}

/** The path of the browser that tests and benches drive. */
export function findChromium(): string | undefined {
  return [chromium.executablePath(), DEBIAN].find((path) => existsSync(path));
}
