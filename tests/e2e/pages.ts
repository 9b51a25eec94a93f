import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Page } from "playwright/test";

/** What axe finds on a page: the rule and the element of each. */
export async function violations(page: Page): Promise<string[]> {
  // What a page is of stands there a moment after it was loaded: React shows what was streamed when it has drawn the rest.
  await page.locator("h1").first().waitFor();
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"])
    .analyze();
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

/** Visits pages in three tabs side by side: most of a visit is waiting. */
export async function inTabs(
  context: BrowserContext,
  paths: readonly string[],
  visit: (tab: Page, path: string) => Promise<void>,
): Promise<void> {
  const waiting = [...paths];
  const walk = async () => {
    const tab = await context.newPage();
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) await visit(tab, path);
    await tab.close();
  };
  await Promise.all([walk(), walk(), walk()]);
}

/** Pages that are there from the first start on. */
export const PAGES = [
  "/now",
  "/overview",
  "/hosts",
  "/hosts/1",
  "/hosts/add",
  "/checks",
  "/applications",
  "/applications/service?host=1&service=eu%2Fshop",
  "/applications/service?host=1&service=shop&operation=GET+%2Fcart&kind=server",
  "/applications/traces?host=1&service=shop",
  "/inputs",
  "/integrations",
  "/integrations/node_exporter",
  "/catalogue",
  "/catalogue/metric?name=cpu.usage&kind=gauge",
  "/hosts/1?processes=now",
  "/account",
  "/help/reference",
  "/help/reference/operation?method=post&path=%2Falerts%2Fsilences",
  "/settings",
  "/settings/storage",
  "/settings/detection",
  "/databases",
  "/databases/1",
  "/databases/1/findings",
  "/databases/1/queries",
  "/databases/1/sessions",
  "/databases/1/tables",
  "/databases/1/replication",
  "/databases/1/settings",
  "/alerts",
  "/alerts/rules",
  "/alerts/rules/import",
  "/alerts/channels",
  "/alerts/silences",
  "/alerts/on-call",
  "/alerts/routing",
  "/alerts/status-pages",
  "/slos",
  "/anomalies",
  "/insights",
  "/experiments",
  "/experiments/new",
  "/experiments/compare",
  "/experiments/keys",
  "/reports",
  "/reports/build",
  "/reports/schedules",
  "/reports/post-mortems",
  "/reports/exports",
  "/audit",
  "/help",
  "/help/guide",
  "/help/configuration",
  "/nowhere",
];
