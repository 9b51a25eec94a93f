import { expect, test } from "playwright/test";
import { descendants, processOf } from "../support/portal.ts";
import { newestPoint, signIn, URL_BASE } from "./people.ts";

const PID = Number(process.env.PORTAL_PID);
const health = async () => (await fetch(`${URL_BASE}/api/v1/health`).catch(() => undefined))?.status;

async function points(page: Parameters<typeof signIn>[0], from: number): Promise<[number, number | null][]> {
  const answer = await page.request.get(
    `${URL_BASE}/api/v1/metrics/query?series=cpu.usage&from=${from}&to=now&step=1s`,
  );
  return ((await answer.json()) as { series: { points: [number, number | null][] }[] }).series[0]?.points ?? [];
}

test("a page reconnects after the web server was killed, and has every sample of the time between", async ({
  page,
}) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/overview?from=now-15m`);
  await expect(page.locator("[data-live=live]")).toBeVisible();
  const before = await newestPoint(page);
  process.kill(processOf(PID, "web"), "SIGKILL");
  await expect(page.locator("[data-live=reconnecting]")).toBeVisible();
  await expect(page.locator("[data-live=live]")).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => newestPoint(page)).toBeGreaterThan(before + 3_000);
  expect((await points(page, before)).filter(([, value]) => value === null)).toEqual([]);
});

for (const part of ["collector", "recorder", "postgres"] as const) {
  test(`samples go on after the ${part} process was killed`, async ({ page }) => {
    await signIn(page);
    await page.goto(`${URL_BASE}/overview`);
    process.kill(processOf(PID, part), "SIGKILL");
    const killedAt = Date.now();
    await expect
      .poll(async () => (await health()) === 200 && (await points(page, killedAt + 2_000).catch(() => [])).length, {
        timeout: 45_000,
      })
      .toBeGreaterThan(2);
    await expect(page.locator("[data-live=live]")).toBeVisible({ timeout: 30_000 });
  });
}

test("while PostgreSQL is away samples wait on the disk; not one is lost and health says so", async ({ page }) => {
  test.setTimeout(90_000);
  await signIn(page);
  const postmaster = processOf(PID, "postgres");
  const all = [postmaster, ...descendants(postmaster).map(({ pid }) => pid)];
  const stoppedAt = Math.ceil(Date.now() / 1000) * 1000;
  for (const pid of all) process.kill(pid, "SIGSTOP");
  await expect.poll(health, { timeout: 45_000 }).toBe(503);
  // Everything says so by itself, without waiting for what does not come.
  const cookies = await page.context().cookies();
  const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
  for (const path of ["/api/v1/metrics/current", "/api/v1/hosts", "/overview", "/login"]) {
    const answer = await fetch(`${URL_BASE}${path}`, { headers });
    expect([path, answer.status, answer.headers.get("retry-after")]).toEqual([path, 503, "5"]);
    expect(await answer.text()).toContain("does not answer within 2 s");
  }
  await page.goto(`${URL_BASE}/hosts`);
  await expect(page.getByRole("heading", { name: "Sightline is not available now" })).toBeVisible();
  for (const pid of all) process.kill(pid, "SIGCONT");
  await expect(page.getByRole("heading", { level: 1, name: "Hosts" })).toBeVisible({ timeout: 30_000 });
  await expect.poll(health, { timeout: 45_000 }).toBe(200);
  const until = Date.now();
  const present = async () =>
    (await points(page, stoppedAt)).filter(([at, value]) => at < until - 2_000 && value !== null).length;
  await expect
    .poll(present, { timeout: 30_000 })
    .toBeGreaterThanOrEqual(Math.floor((until - 2_000 - stoppedAt) / 1000));
});
