import type { Browser, BrowserContext, CDPSession } from "playwright";

/** What a cold visit of a page costs whoever waits for it. Times are ms since the address was entered, sizes kB (1,000 bytes) as transferred. */
export type PageVisit = {
  firstPaintMs: number;
  /** Until the last change of what is in sight, but for what is live: no skeleton, each chart drawn. */
  drawnMs: number;
  scriptKb: number;
  /** What the main thread's tasks take beyond 50 ms each, from the first paint on. */
  blockingMs: number;
  /** Asked for until all was drawn. */
  requests: number;
};

type Seen = { paint: number; drawn: number; blocking: number };

/** Nothing of a page is waited for any more once it has looked complete for so long. */
const SETTLED_MS = 1_500;
const GIVE_UP_MS = 20_000;

/** Runs in the page, before anything of it. */
function watch(): void {
  const seen: Seen = { paint: 0, drawn: 0, blocking: 0 };
  Object.assign(window, { sightlineVisit: seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName("first-contentful-paint")) seen.paint = entry.startTime;
  }).observe({ type: "paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      if (seen.paint > 0 && startTime + duration > seen.paint) seen.blocking += Math.max(duration - 50, 0);
  }).observe({ type: "longtask", buffered: true });
  const inSight = (element: Element) => {
    const { top, bottom, height } = element.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < window.innerHeight;
  };
  const isComplete = () =>
    document.querySelector("h1") !== null &&
    ![...document.querySelectorAll("[data-skeleton]")].some(inSight) &&
    [...document.querySelectorAll("[data-panel] figure")]
      .filter(inSight)
      .every((figure) => figure.querySelector("svg path, canvas") !== null);
  const look = () => {
    if (!isComplete()) seen.drawn = 0;
    else if (seen.drawn === 0) seen.drawn = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Counts requests, and the bytes of scripts as they come over the wire. */
async function countTraffic(session: CDPSession) {
  const scripts = new Set<string>();
  const counted = { scriptBytes: 0, askedAt: [] as number[] };
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", () => counted.askedAt.push(performance.now()));
  session.on("Network.responseReceived", ({ requestId, type }) => {
    if (type === "Script") scripts.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) counted.scriptBytes += encodedDataLength;
  });
  return counted;
}

/** The cookies of somebody who is signed in. */
export type Cookies = Parameters<BrowserContext["addCookies"]>[0];

/** Opens a page in a browser that has seen nothing of the portal but whose reader is signed in. */
export async function visitPage(browser: Browser, cookies: Cookies, url: string): Promise<PageVisit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    await context.addCookies(cookies);
    const page = await context.newPage();
    await page.addInitScript(watch);
    const counted = await countTraffic(await context.newCDPSession(page));
    const startedAt = performance.now();
    await page.goto(url, { waitUntil: "commit" });
    await page.waitForFunction(
      (settledMs) => {
        const { drawn } = (window as unknown as { sightlineVisit: Seen }).sightlineVisit;
        return drawn > 0 && performance.now() - drawn > settledMs;
      },
      SETTLED_MS,
      { timeout: GIVE_UP_MS, polling: 100 },
    );
    const seen = await page.evaluate(() => (window as unknown as { sightlineVisit: Seen }).sightlineVisit);
    return {
      firstPaintMs: seen.paint,
      drawnMs: seen.drawn,
      scriptKb: counted.scriptBytes / 1000,
      blockingMs: seen.blocking,
      requests: counted.askedAt.filter((at) => at - startedAt <= seen.drawn).length,
    };
  } finally {
    await context.close();
  }
}
