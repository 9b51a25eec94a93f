import { defineConfig } from "playwright/test";
import { findChromium } from "../../scripts/steps/chromium.ts";

export default defineConfig({
  testDir: ".",
  globalSetup: "./global-setup.ts",
  outputDir: "../../test-results",
  workers: 2,
  fullyParallel: false,
  projects: [
    // One portal, one story: the files run in the order of their names.
    { name: "story", testMatch: /\/0\d-.*\.spec\.ts$/, workers: 1 },
    // Features apart from each other, which mostly wait for samples: two at a time.
    { name: "features", testMatch: /\/10-.*\.spec\.ts$/, dependencies: ["story"] },
    { name: "reader", testMatch: /\/11-.*\.spec\.ts$/, dependencies: ["features"], workers: 1 },
  ],
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    viewport: { width: 1440, height: 900 },
    trace: "off",
    // What they ask for could not be held up or answered by a test.
    serviceWorkers: "block",
    launchOptions: {
      executablePath: findChromium(),
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
