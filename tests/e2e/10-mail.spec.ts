import { AxeBuilder } from "@axe-core/playwright";
import { type ParsedMail, simpleParser } from "mailparser";
import { expect, test } from "playwright/test";
import { SMTPServer } from "smtp-server";
import { signIn, URL_BASE } from "./people.ts";

test("a scheduled report reaches a real mail server, reads well in light, dark and on a phone, and can be stopped by a click", async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000);
  const inbox: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, _session, done) => void simpleParser(stream).then((mail) => done(void inbox.push(mail) as never)),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as { port: number };
  try {
    await signIn(page);
    await page.goto(`${URL_BASE}/reports/schedules`);
    await expect(page.getByText("No mail server is set: schedules cannot send anything")).toBeVisible();
    await page.goto(`${URL_BASE}/settings`);
    await page.getByLabel("Sender").fill("Sightline <sightline@example.org>");
    await page.getByRole("button", { name: "Save settings" }).click();
    await expect(page.getByText("Settings saved")).toBeVisible();
    const url = page.getByLabel("URL", { exact: true });
    await url.fill("smtp://127.0.0.1:9");
    await page.getByRole("button", { name: "Save URL" }).click();
    await expect(page.getByText(/The mail server refused/).first()).toBeVisible();
    await url.fill(`smtp://127.0.0.1:${port}`);
    await page.getByRole("button", { name: "Save URL" }).click();
    await expect(page.getByText("Mail server saved")).toBeVisible();

    await page.goto(`${URL_BASE}/reports/schedules`);
    await page.getByLabel("Name").fill("Mondays");
    await page.getByLabel("Report", { exact: true }).selectOption({ label: "Everything" });
    await page.getByLabel("Recipients").fill("bo@example.org");
    await page.getByRole("button", { name: "Create schedule" }).click();
    await page.getByRole("button", { name: "Send now" }).click();
    await expect.poll(() => inbox.length, { timeout: 30_000 }).toBe(1);
    const [mail] = inbox;
    expect(mail?.text).toMatch(/Available \d/);

    for (const [scheme, width] of [
      ["light", 700],
      ["dark", 700],
      ["light", 320],
    ] as const) {
      const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 } });
      const reader = await context.newPage();
      await reader.setContent(String(mail?.html));
      const pictures = await reader
        .locator("img")
        .evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth));
      expect(pictures.length > 0 && pictures.every((natural) => natural > 1_000)).toBe(true);
      expect(await reader.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const { violations } = await new AxeBuilder({ page: reader }).withTags(["wcag2a", "wcag2aa"]).analyze();
      await reader.screenshot({ path: `test-results/mail-${scheme}-${width}.png`, fullPage: true });
      expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html.slice(0, 200)}`))).toEqual([]);
      await context.close();
    }
    const link = /https?:\/\/\S+\/unsubscribe\?token=[\w.-]+/.exec(mail?.text ?? "")?.[0] ?? "";
    await page.context().clearCookies();
    await page.goto(link);
    await page.getByRole("button", { name: "Unsubscribe" }).click();
    await expect(page.getByText("You are unsubscribed")).toBeVisible();
    await signIn(page);
    await page.goto(`${URL_BASE}/reports/schedules`);
    await page.getByRole("button", { name: "Send now" }).click();
    await page.waitForTimeout(7_000);
    expect(inbox.length).toBe(1);
  } finally {
    server.close();
  }
});
