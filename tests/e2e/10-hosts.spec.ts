import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "playwright/test";
import { confirm, signIn, URL_BASE } from "./people.ts";

/** Runs a line as somebody who pastes it into a terminal: as a machine of its own, which this one is not. */
function paste(line: string, folder: string): ChildProcess {
  const path = `${dirname(process.execPath)}:${process.env.PATH}`;
  return spawn("bash", ["-c", `exec 2>&1; ${line} --machine-id machine-of-e2e --name pasted-1`], {
    cwd: folder,
    env: { ...process.env, PATH: path, LOG_LEVEL: "info" },
    stdio: "inherit",
    detached: true,
  });
}

const isAccessible = async (page: Page) => expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

test("a pasted line adds a host, whose data arrives while one looks; it is found, renamed, seen on the map and retired", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "sightline-paste-"));
  let agent: ChildProcess | undefined;
  try {
    await signIn(page);
    await page.goto(`${URL_BASE}/hosts`);
    await page.getByRole("link", { name: "Add host" }).click();
    await page.getByLabel("Tags").fill("env:e2e, web");
    await page.getByRole("button", { name: "Create install line" }).click();
    await page.getByText("Without Node, without systemd").click();
    await isAccessible(page);
    const line = await page.locator("code[title='Run in a terminal']").textContent();
    await expect(page.getByText("Waiting for an agent")).toBeVisible();
    agent = paste(line ?? "", folder);
    await expect(page.getByText("pasted-1", { exact: true })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(/Data is arriving: CPU [\d.,]+ %/)).toBeVisible({ timeout: 60_000 });
    await page.getByRole("link", { name: "Open host" }).click();
    await expect(page.getByRole("heading", { name: /pasted-1/ })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Collector memory" })).toBeVisible();

    await page.getByRole("button", { name: "Edit host" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("e2e host");
    await dialog.getByLabel("Group").fill("Laboratory");
    await dialog.getByRole("button", { name: "Save host" }).click();
    await expect(page.getByRole("heading", { name: /e2e host/ })).toBeVisible();

    await page.goto(`${URL_BASE}/hosts`);
    await page.getByLabel("Tag", { exact: true }).selectOption("env:e2e");
    await expect(page.getByRole("table").getByRole("row")).toHaveCount(2);
    await expect(page.getByRole("link", { name: "e2e host" })).toBeVisible();
    await page.getByRole("radio", { name: "CPU" }).check({ force: true });
    await expect(page.getByRole("link", { name: /e2e host: [\d.,]+ %/ })).toBeVisible();
    await isAccessible(page);
    await page.getByRole("link", { name: /e2e host/ }).click();

    await confirm(page, page.getByRole("button", { name: "Retire host" }), "Retire host");
    await page.goto(`${URL_BASE}/hosts?retired=true`);
    await expect(page.getByRole("link", { name: "e2e host" })).toBeVisible();
    await page.goto(`${URL_BASE}/hosts`);
    await expect(page.getByText("this portal").first()).toBeVisible();
    await expect(page.getByRole("link", { name: "e2e host" })).toHaveCount(0);
  } finally {
    if (agent?.pid) process.kill(-agent.pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
});
