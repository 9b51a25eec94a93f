import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "playwright/test";
import { newestPoint, signIn, URL_BASE } from "./people.ts";

test("a click on a chart, or Enter at its crosshair, says which process did it; Escape leads back", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const dir = mkdtempSync(join(tmpdir(), "sightline-e2e-"));
  const program = join(dir, "sl-busy-loop");
  symlinkSync(process.execPath, program);
  const busy = spawn(program, ["-e", "for (;;);", "--", "--password", "hunter2"], { stdio: "ignore" });
  try {
    await signIn(page);
    await page.goto(`${URL_BASE}/hosts/1?from=now-15m`);
    const chart = page.locator('[data-panel="cpu"]').getByRole("application");
    await chart.waitFor();
    const before = await newestPoint(page, "cpu");
    await expect.poll(() => newestPoint(page, "cpu"), { timeout: 60_000 }).toBeGreaterThan(before + 15_000);
    const panel = page.getByRole("dialog", { name: /^Processes at \d/ });
    const row = panel.getByRole("row", { name: /^sl-busy-loop/ });

    const box = await chart.boundingBox();
    // The newest point is at the right edge of the plot, 8 px from that of the chart.
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) - 10, (box?.y ?? 0) + 60);
    await expect(row).toContainText("%");
    await expect(panel.getByText(/PID \d+: .*sl-busy-loop .*--password \*\*\*/)).toBeVisible();
    await expect(page.getByText("hunter2")).toHaveCount(0);
    await panel.getByRole("button", { name: "Memory" }).click();
    await expect(panel.getByRole("columnheader", { name: "Memory" })).toHaveAttribute("aria-sort", "descending");
    await page.keyboard.press("Escape");
    await expect(panel).toHaveCount(0);

    await chart.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect(panel).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(chart).toBeFocused();

    await page.goto(`${URL_BASE}/hosts/1?processes=1000000000000-1000000060000`);
    await expect(page.getByText("No processes are kept of this time")).toBeVisible();
    await expect(page.getByRole("heading", { name: "Top processes" })).toBeVisible();
  } finally {
    busy.kill("SIGKILL");
    rmSync(dir, { recursive: true });
  }
});
