import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "playwright/test";
import { confirm, signIn, URL_BASE } from "./people.ts";

test("a rule made in the browser fires, its channel is told, somebody takes it, and with the rule it ends", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const heard: { status: string; title: string }[] = [];
  const receiver = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    heard.push(JSON.parse(text));
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  try {
    await signIn(page);
    await page.goto(`${URL_BASE}/alerts/channels`);
    await page.getByRole("button", { name: "Create channel" }).click();
    await page.getByLabel("Name").fill("Ops hook");
    await page.getByLabel("Service").selectOption({ label: "Webhook" });
    await page.getByRole("button", { name: "Save channel" }).click();
    await expect(page.getByText("Enter url").first()).toBeVisible();
    await page.getByLabel("URL").fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`);
    await page.getByRole("button", { name: "Save channel" }).click();
    await page.getByRole("button", { name: "Send a test to Ops hook" }).click();
    await expect(page.getByText("The test was taken.")).toBeVisible();

    await page.goto(`${URL_BASE}/alerts/rules`);
    await page.getByRole("button", { name: "Create rule" }).click();
    await page.getByLabel("Name").fill("Memory in use");
    await page.getByLabel("Severity").selectOption({ label: "critical" });
    await page.getByLabel("Series").fill("memory.usage");
    // The machine that sends: others of these tests are silent by now.
    await page.getByLabel("Host").selectOption("1");
    await page.getByLabel("Level", { exact: true }).fill("0");
    await page.getByRole("button", { name: "Save rule" }).click();
    await expect(page.getByText("avg of 1 min > 0")).toBeVisible();

    await page.goto(`${URL_BASE}/alerts`);
    const alert = page.getByRole("listitem").filter({ hasText: /Memory usage .* above 0/ });
    await expect(alert.getByText("firing")).toBeVisible({ timeout: 30_000 });
    await expect.poll(() => heard.at(-1)?.title, { timeout: 30_000 }).toMatch(/^\[critical\] .*: Memory usage/);
    await alert.getByRole("button", { name: /^Acknowledge/ }).click();
    await page.getByLabel("Comment").fill("it is a test");
    await page.getByRole("button", { name: "Acknowledge alert" }).click();
    await expect(alert.getByText(/Acknowledged by .*: it is a test/)).toBeVisible();

    await page.goto(`${URL_BASE}/alerts/rules`);
    await confirm(page, page.getByRole("button", { name: "Remove Memory in use" }), "Remove rule");
    await expect(page.getByText("No rules yet")).toBeVisible();
    await expect.poll(() => heard.at(-1)?.status, { timeout: 30_000 }).toBe("resolved");
    await page.goto(`${URL_BASE}/alerts/channels`);
    await confirm(page, page.getByRole("button", { name: "Remove Ops hook" }), "Remove channel");
    await expect(page.getByText("No channels yet")).toBeVisible();
  } finally {
    receiver.close();
  }
});
