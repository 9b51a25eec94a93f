import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "playwright/test";
import { confirm, signIn, URL_BASE } from "./people.ts";

const gauge = (value: number, name = "shop.carts") => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] },
      scopeMetrics: [
        {
          metrics: [
            {
              ...{ name, unit: "{cart}" },
              gauge: { dataPoints: [{ timeUnixNano: `${Date.now()}000000`, asDouble: value }] },
            },
          ],
        },
      ],
    },
  ],
});

/** A request that was served just now. */
const spanOf = (service: string) => {
  const at = `${Date.now()}000000`;
  const span = { traceId: "ab".repeat(16), spanId: "cd".repeat(8), name: "GET", kind: 2 };
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
        scopeSpans: [{ spans: [{ ...span, startTimeUnixNano: at, endTimeUnixNano: at }] }],
      },
    ],
  };
};

test("an application sends by the lines to copy, its data arrives while one looks, and its metrics are drawn", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await signIn(page);
  await page.goto(`${URL_BASE}/inputs`);
  await page.getByRole("button", { name: "Add input" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("E2e shop");
  await dialog.getByLabel("Kind").selectOption("otlp");
  await dialog.getByRole("button", { name: "Add input" }).click();
  await expect(dialog.getByText("Waiting for the first samples")).toBeVisible();
  const lines = await dialog.getByText(/OTEL_EXPORTER_OTLP_HEADERS/).textContent();
  const [, token = ""] = /Bearer%20(sli_[\w-]+)/.exec(lines ?? "") ?? [];
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  const headers = { authorization: `Bearer ${token}` };
  const service = "longname".repeat(37);
  await page.request.post(`${URL_BASE}/v1/traces`, { headers, data: spanOf(service) });
  for (const value of [3, 5]) {
    const sent = await page.request.post(`${URL_BASE}/v1/metrics`, { headers, data: gauge(value) });
    expect(sent.status()).toBe(200);
    await page.waitForTimeout(1_500);
  }
  await expect(dialog.getByText(/^Data is arriving/)).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("link", { name: "E2e shop" }).click();
  await page.getByRole("searchbox", { name: "Search metrics" }).fill("carts");
  await expect(page.getByRole("heading", { name: "Other metrics" })).toBeVisible();
  await expect(page.locator('[data-panel="other-shop.carts"] figure')).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  const requests = page.getByRole("row").filter({ hasText: service }).getByRole("cell").nth(2);
  await expect(async () => {
    await page.goto(`${URL_BASE}/applications`);
    await expect(requests, "a long name leaves room for the figures").toBeInViewport({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${URL_BASE}/inputs`);
  await confirm(page, page.getByRole("button", { name: "Delete E2e shop" }), "Delete");
  await expect(page.getByRole("link", { name: "E2e shop" })).toHaveCount(0);
});

test("an exporter is tried before it is saved, then scraped, and its target says when it is down", async ({ page }) => {
  const exporter = createServer((_, response) => response.end("e2e_carts 3\n"));
  await new Promise<void>((resolve) => exporter.listen(0, "127.0.0.1", resolve));
  const target = `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
  await signIn(page);
  await page.goto(`${URL_BASE}/inputs`);
  await page.getByRole("button", { name: "Add input" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("E2e exporter");
  await dialog.getByLabel("Kind").selectOption("scrape");
  const config = dialog.getByLabel("Configuration");
  await config.fill(`job_name: e2e\nscrape_intervals: 1s\nstatic_configs: [{targets: ["${target}"]}]`);
  await dialog.getByRole("button", { name: "Try scrape" }).click();
  await expect(dialog.getByText("scrape_intervals is not supported")).toBeVisible();
  await config.fill(`job_name: e2e\nscrape_interval: 1s\nstatic_configs: [{targets: ["${target}"]}]`);
  await dialog.getByRole("button", { name: "Try scrape" }).click();
  await expect(dialog.getByText("1 series found")).toBeVisible();
  await expect(dialog.getByText(/^e2e_carts\{.*\} 3$/)).toBeVisible();
  await dialog.getByRole("button", { name: "Add input" }).click();
  await expect(page.getByRole("heading", { name: "E2e exporter" })).toBeVisible();
  const row = page.getByRole("listitem").filter({ hasText: target }).first();
  await expect(row.getByText("Up", { exact: true })).toBeVisible({ timeout: 30_000 });
  exporter.close();
  exporter.closeAllConnections();
  await expect(row.getByText("nobody listens at this address")).toBeVisible({ timeout: 15_000 });
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.goto(`${URL_BASE}/inputs`);
  await expect(page.getByRole("row").filter({ hasText: "E2e exporter" }).getByText("1 down")).toBeVisible();
  await confirm(page, page.getByRole("button", { name: "Delete E2e exporter" }), "Delete");
  await expect(page.getByRole("link", { name: "E2e exporter" })).toHaveCount(0);
});

test("an integration waits for its own metrics and not for any, and shows its dashboard once they come", async ({
  page,
}) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/integrations`);
  await page.getByRole("link", { name: "Java" }).click();
  await page.getByLabel("Name of the input").fill("E2e Java runtime");
  await page.getByRole("button", { name: "Create token" }).click();
  const token = await page.locator("code", { hasText: /^sli_/ }).textContent();
  const send = async (name: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const sent = await page.request.post(`${URL_BASE}/v1/metrics`, { headers, data: gauge(3, name) });
    expect(sent.status()).toBe(200);
  };
  await send("shop.carts");
  await expect(page.getByText("Samples arrive, but none of Java yet")).toBeVisible({ timeout: 20_000 });
  await send("jvm.class.count");
  await expect(page.getByText("Data of Java is arriving")).toBeVisible({ timeout: 20_000 });
  const dashboard = page.getByRole("region", { name: "Dashboard" });
  await expect(dashboard.getByRole("heading", { name: "Classes loaded" })).toBeVisible({ timeout: 20_000 });
  await page.goto(`${URL_BASE}/inputs`);
  await confirm(page, page.getByRole("button", { name: "Delete E2e Java runtime" }), "Delete");
});

test("a webhook shows its secret once, and what it received", async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_BASE}/inputs`);
  const opener = page.getByRole("button", { name: "Add webhook" });
  await opener.click();
  const dialog = page.getByRole("dialog");
  await page.keyboard.press("Escape");
  await expect(opener, "the focus is back where it was").toBeFocused();
  await opener.click();
  await dialog.getByLabel("Name").fill("acme/shop");
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Keep editing" }).click();
  await expect(dialog.getByLabel("Name"), "what was typed is not lost by a key").toHaveValue("acme/shop");
  await dialog.getByRole("button", { name: "Add webhook" }).click();
  await expect(dialog.locator("code")).toHaveCount(2);
  const [address = "", secret = ""] = await dialog.locator("code").allTextContents();
  const body = JSON.stringify({ zen: "Keep it logically awesome." });
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  const headers = { "x-github-event": "ping", "x-hub-signature-256": signature, "content-type": "application/json" };
  expect((await page.request.post(address, { headers, data: body })).status()).toBe(200);
  await dialog.getByRole("button", { name: "Close" }).last().click();
  const row = page.getByRole("row").filter({ hasText: "acme/shop" });
  await expect(row.getByText("GitHub's ping: the webhook works")).toBeVisible({ timeout: 30_000 });
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await confirm(page, row.getByRole("button", { name: "Delete acme/shop" }), "Delete");
  await expect(row).toHaveCount(0);
});
