import type { Locator, Page } from "playwright/test";
import { expect } from "playwright/test";
import { runScript } from "../support/portal.ts";

export const URL_BASE = process.env.PORTAL_URL ?? "";
export const ADMIN = { name: "Ana Admin", email: "ana@example.org", password: "velvet otter piano 42 quarry" };

/** An account made as an administrator makes one: by the command line, while the portal runs. */
export async function addPerson(role: string, email = `${role}@example.org`): Promise<void> {
  const { ended } = runScript(
    ["admin", "create", email, "--role", role],
    { DATA_DIR: process.env.PORTAL_DATA ?? "" },
    `${ADMIN.password}\n`,
  );
  const { code, output } = await ended;
  if (code !== 0 && !output.includes("already")) throw new Error(output);
}

export async function signIn(page: Page, email = ADMIN.email, password = ADMIN.password): Promise<void> {
  await page.goto(`${URL_BASE}/login`);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Now", exact: true })).toBeVisible();
}

/** Keeps the scripts of what is opened next from coming, as a slow line does; answers with what lets them come. */
export async function withoutScripts(page: Page): Promise<() => Promise<void>> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const scripts = "**/*.js";
  await page.route(scripts, async (route) => {
    await promise;
    await route.continue().catch(() => undefined);
  });
  return async () => {
    resolve();
    await page.unroute(scripts);
  };
}

/** Does what cannot be undone: presses the button, and says yes to the question. */
export async function confirm(page: Page, button: Locator, act: string): Promise<void> {
  await button.click();
  await page.getByRole("dialog", { name: /\?$/ }).getByRole("button", { name: act, exact: true }).click();
}

/** The instant of the newest point of a chart, in ms since the epoch. */
export async function newestPoint(page: Page, panel = "performance"): Promise<number> {
  return Number(await page.locator(`[data-panel="${panel}"] figure`).getAttribute("data-newest"));
}
