import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "playwright/test";
import { runScript } from "../support/portal.ts";
import { confirm, signIn, URL_BASE } from "./people.ts";

test.describe.configure({ mode: "serial" });

let token = "";

test("an experiment is planned in the browser, with its length, and problems beside their fields", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/experiments`);
  await page.getByRole("link", { name: "New experiment" }).click();
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByText("Enter a name", { exact: true })).toBeVisible();
  await page.getByLabel("Name").first().fill("One-page checkout");
  await page.getByLabel("Key").first().fill("checkout");
  await page.getByLabel("Key").nth(1).fill("orders");
  await page.getByLabel("Measured as").selectOption("proportion");
  await page.getByLabel("Event").fill("order");
  await page.getByLabel("Baseline rate").fill("0.05");
  await page.getByLabel("Minimum detectable effect").fill("0.1");
  await expect(page.getByText(/31,200 subjects per variant: about 63 days/)).toBeVisible();
  const refused = {
    ...{ type: "/problems/validation", title: "Not valid", status: 400, detail: "Too long" },
    errors: [{ field: "plan.max_days", message: "Too long" }],
  };
  await page.route("**/api/v1/experiments", (route) => route.fulfill({ status: 400, json: refused }), { times: 1 });
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByLabel("Maximum duration", { exact: true })).toHaveAccessibleDescription("Too long");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "One-page checkout" })).toBeVisible();
  await page.getByRole("button", { name: "Start experiment" }).click();
  await expect(page.getByText("Not enough data yet")).toBeVisible();
});

test("a program with a token is assigned, tells events, and its results appear live", async ({ page, request }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/account`);
  await page.getByLabel("Name", { exact: true }).fill("the shop");
  await page.getByLabel("Expires after").selectOption("7 days");
  await page.getByLabel("May", { exact: true }).selectOption("Everything that I may do");
  await page.getByRole("button", { name: "Create token" }).click();
  token = (await page.locator("code").textContent()) ?? "";
  expect(token).toMatch(/^slt_/);
  const headers = { authorization: `Bearer ${token}` };
  const post = async (path: string, data: unknown) => {
    const answer = await request.post(`${URL_BASE}/api/v1/experiments/${path}`, { headers, data });
    expect(answer.status(), await answer.text()).toBe(200);
    return answer.json();
  };
  const first = await post("checkout/assign", { subject: "ana" });
  expect(await post("checkout/assign", { subject: "ana" })).toEqual(first);
  const subjects = Array.from({ length: 2_000 }, (_, n) => ({
    subject: `s${n}`,
    variant: n % 2 === 0 ? "control" : "treatment",
  }));
  await post("checkout/exposures", { exposures: subjects });
  const ordered = subjects.filter(({ variant }, n) => n % 10 < (variant === "control" ? 2 : 6));
  const events = ordered.map(({ subject }) => ({ id: `order ${subject}`, subject, metric: "order" }));
  expect(await post("events", { events })).toEqual({ received: events.length, fresh: events.length });
  expect(await post("events", { events })).toEqual({ received: events.length, fresh: 0 });
  await page.goto(`${URL_BASE}/experiments/checkout`);
  await expect(page.getByText("Ship", { exact: false }).first()).toBeVisible();
  await expect(page.getByRole("cell", { name: "+", exact: false }).first()).toBeVisible();
  await expect(page.getByText(/orders improves by \+\d+/)).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 800 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test("a deploy pipeline gets the verdict and its exit code; without a token it is refused", async () => {
  const ask = (env: Record<string, string>, key = "checkout") => runScript(["verdict", URL_BASE, key], env).ended;
  const shipped = await ask({ SIGHTLINE_TOKEN: token });
  expect([shipped.code, shipped.output.includes('"decision":"ship"')]).toEqual([0, true]);
  expect((await ask({ SIGHTLINE_TOKEN: "slt_wrong" })).code).toBe(4);
  expect((await ask({ SIGHTLINE_TOKEN: token }, "nothing")).output).toContain('There is no experiment "nothing"');
});

test("a running plan is changed with a reason only, and a token that was taken away opens nothing", async ({
  page,
  request,
}) => {
  await signIn(page);
  const patch = (data: object) => page.request.patch(`${URL_BASE}/api/v1/experiments/checkout`, { data });
  expect((await patch({ max_days: 40 })).status()).toBe(400);
  expect((await patch({ max_days: 40, reason: "a quiet week" })).status()).toBe(200);
  await page.goto(`${URL_BASE}/experiments/checkout`);
  await expect(page.getByText("Maximum duration: 28 → 40 days · a quiet week")).toBeVisible();
  await page.getByRole("button", { name: "Stop experiment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("the question is answered");
  await dialog.getByRole("button", { name: "Stop experiment" }).click();
  await expect(page.getByText("the question is answered")).toBeVisible();
  await expect(page.getByRole("button", { name: "Archive experiment" })).toBeVisible();
  await page.goto(`${URL_BASE}/account`);
  await confirm(page, page.getByRole("button", { name: "Revoke" }), "Revoke token");
  await expect(page.getByText("No tokens yet. Programs send theirs")).toBeVisible();
  const answer = await request.get(`${URL_BASE}/api/v1/hosts`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status()).toBe(401);
});
