import type { Page } from "playwright";
import { quantile } from "#lib/stats/quantile.ts";
import type { Portal } from "../../tests/support/portal.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { inBrowser } from "./browser.ts";
import { say } from "./say.ts";
import { round } from "./statistics.ts";

const SAMPLES = 120;
const PERSON = { name: "Bench", email: "bench@example.org", password: "velvet otter piano 42 quarry" };

/** Runs in the page: for each frame, the ms from its commit to the picture after the chart's line was changed. */
function observe(): void {
  const storedAt = new Map<number, number>();
  const delays: number[] = [];
  Object.assign(window, { sightlineDelays: delays });
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url: string | URL) {
      super(url);
      this.addEventListener("message", (event) => {
        const message = JSON.parse(event.data as string) as { type: string; at: number; stored_at?: number };
        if (message.type === "frame" && message.stored_at) storedAt.set(message.at, message.stored_at);
      });
    }
  };
  const seen = new Set<number>();
  const look = () => {
    const at = Number(document.querySelector("[data-panel=performance] figure")?.getAttribute("data-newest"));
    const stored = storedAt.get(at);
    if (!stored || seen.has(at)) return;
    seen.add(at);
    // Two frames: the first callback runs before the paint that shows the change, the second after it.
    requestAnimationFrame(() => requestAnimationFrame(() => delays.push(Date.now() - stored)));
  };
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}

async function setUp(page: Page, portal: Portal): Promise<void> {
  await page.goto(`${portal.url}/setup`);
  await page.getByLabel("Set-up token").fill(portal.token ?? "");
  await page.getByLabel("Your name").fill(PERSON.name);
  await page.getByLabel("Email address").fill(PERSON.email);
  await page.getByLabel("Password").fill(PERSON.password);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await page.locator("[data-live=live]").waitFor();
  const answer = await page.request.patch(`${portal.url}/api/v1/settings`, { data: { collection_interval: 1 } });
  if (!answer.ok()) throw new Error(await answer.text());
}

/** From the commit of a sample to changed pixels in a real browser on the overview, ms, at one sample a second. */
export async function run(_options: BenchOptions): Promise<BenchResult> {
  return inBrowser(async (portal, browser) => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await setUp(page, portal);
    await page.addInitScript(observe);
    await page.goto(`${portal.url}/overview?from=now-15m`);
    let delays: number[] = [];
    while (delays.length < SAMPLES) {
      await page.waitForTimeout(5_000);
      delays = await page.evaluate(() => (window as unknown as { sightlineDelays: number[] }).sightlineDelays);
      say(`${delays.length} of ${SAMPLES} samples seen`);
    }
    const commitToPixelMsP50 = round(quantile(delays, 0.5));
    return { samples: delays.length, commitToPixelMsP50, commitToPixelMsP99: round(quantile(delays, 0.99)) };
  });
}
