import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "playwright/test";
import { startCluster } from "#lib/db/embedded/cluster.ts";
import { lockHolder } from "#lib/db/embedded/lock.ts";
import { isRunning } from "#lib/db/embedded/process.ts";
import { descendants, runScript, startPortal } from "../support/portal.ts";

const dirs: string[] = [];
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-start-"));
  dirs.push(dir);
  return dir;
};
test.afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

/** The one line that a start which cannot be says. */
async function refusal(env: Record<string, string>): Promise<string> {
  const { code, output } = await runScript(["start"], { DATA_DIR: folder(), PORT: "39917", ...env }).ended;
  expect(code).not.toBe(0);
  const lines = output.split("\n").filter((line) => line.includes("✖"));
  expect(lines, output).toHaveLength(1);
  expect(output).not.toContain("    at ");
  return lines[0] ?? "";
}

test("a taken port is named, with another to take", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await refusal({ PORT: String(port) })).toContain(`Port ${port} on 127.0.0.1 is taken`);
  server.close();
});

test("a data folder in use is named with the process that uses it", async () => {
  expect(await refusal({ DATA_DIR: process.env.PORTAL_DATA ?? "" })).toMatch(/data folder .* is in use by process \d+/);
});

test("a DATABASE_URL that leads nowhere is named without its password", async () => {
  const line = await refusal({ DATABASE_URL: "postgresql://me:hunter2@127.0.0.1:9/db" });
  expect(line).toContain("DATABASE_URL cannot be reached (127.0.0.1:9/db)");
  expect(line).not.toContain("hunter2");
});

test("too little disk is named with what is needed", async () => {
  expect(await refusal({ SIGHTLINE_LEAST_FREE_BYTES: String(2 ** 52) })).toMatch(
    /Only \d+ MB are free on the disk of .* are needed/,
  );
});

test("a wrong variable is named with what it must be", async () => {
  expect(await refusal({ PORT: "eighty" })).toContain("PORT:");
});

test("a folder that cannot be made is named", async () => {
  const file = join(folder(), "file");
  writeFileSync(file, "");
  expect(await refusal({ DATA_DIR: join(file, "below") })).toContain("cannot be made");
});

test("an account can be made without the portal running, and a weak password is refused", async () => {
  const dir = folder();
  const create = (password: string, ...more: string[]) =>
    runScript(["admin", "create", "root@example.org", ...more], { DATA_DIR: dir }, `${password}\n`).ended;
  expect((await create("password1234")).output).toContain("breached");
  expect(await create("velvet otter piano 42 quarry")).toMatchObject({
    code: 0,
    output: "✔ root@example.org is admin\n",
  });
  expect((await create("velvet otter piano 42 quarry")).output).toContain("already");
  expect((await create("velvet otter piano 42 quarry", "--role", "king")).output).toContain("role:");
  expect((await runScript(["admin", "destroy"], { DATA_DIR: dir }, "").ended).output).toContain(
    "npm run admin -- create EMAIL",
  );
});

test("an interrupt stops every process; the next start has everything still, on another's PostgreSQL as well", async () => {
  test.setTimeout(120_000);
  const dir = folder();
  const cluster = await startCluster(folder());
  try {
    const first = await startPortal(dir, { DATABASE_URL: cluster.url });
    expect(first.token).toBeTruthy();
    const below = descendants(first.pid).map(({ pid }) => pid);
    expect(below.length).toBeGreaterThanOrEqual(4);
    await first.stop();
    const alive = () =>
      below.filter((pid) => {
        try {
          return process.kill(pid, 0);
        } catch {
          return false;
        }
      });
    // The collecting process ends when it sees that its recorder has.
    await expect.poll(alive).toEqual([]);
    const second = await startPortal(dir, { DATABASE_URL: cluster.url });
    const health = (await (await fetch(`${second.url}/api/v1/health`)).json()) as { status: string };
    expect(health.status).toBe("ok");
    await second.stop();
  } finally {
    await cluster.stop();
  }
});

test("a start after a kill -9 of everything finds its data again", async () => {
  test.setTimeout(120_000);
  const dir = folder();
  mkdirSync(dir, { recursive: true });
  const first = await startPortal(dir);
  for (const { pid } of [...descendants(first.pid), { pid: first.pid }]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended with the one before.
    }
  }
  const second = await startPortal(dir);
  expect(second.token).toBeTruthy();
  const hosts = await runScript(
    ["admin", "create", "root@example.org"],
    { DATA_DIR: dir },
    "velvet otter piano 42 quarry\n",
  ).ended;
  expect(hosts.code).toBe(0);
  await second.stop();
});

for (const victim of ["npm", "dist/portal.js"]) {
  test(`nothing of the portal stays behind when ${victim} is killed outright`, async () => {
    test.setTimeout(120_000);
    const dir = folder();
    mkdirSync(dir, { recursive: true });
    const portal = await startPortal(dir, {}, undefined, ["npm"]);
    const below = descendants(portal.pid);
    expect(below.some(({ command }) => command.includes(" -D "))).toBe(true);
    for (const { pid, command } of below.filter((process) => process.command.includes("/dist/")))
      expect(readFileSync(`/proc/${pid}/environ`, "latin1"), command).not.toMatch(/postgresql:\/\/|NEXTAUTH_SECRET=./);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    const killed =
      victim === "npm"
        ? portal.pid
        : below.findLast(({ command }) => command.includes(victim) && !command.startsWith("sh "))?.pid;
    process.kill(killed as number, "SIGKILL");
    await expect.poll(() => below.filter(({ pid }) => isRunning(pid)), { timeout: 45_000 }).toEqual([]);
    expect(lockHolder(dir)).toBeUndefined();
    await expect(fetch(`${portal.url}/api/v1/health`)).rejects.toThrow();
  });
}

test("a backup of the running portal is restored into an empty folder, with its accounts and samples", async () => {
  test.setTimeout(120_000);
  const [dir, file] = [folder(), join(folder(), "sightline.backup")];
  const run = (script: string, dataDir: string, passphrase: string) =>
    runScript([script, file], { DATA_DIR: dataDir }, `${passphrase}\n`).ended;
  const backup = await run("backup", process.env.PORTAL_DATA ?? "", "five words make a passphrase");
  expect(backup.output).toContain("holds everything but who is signed in");
  expect((await run("restore", dir, "not the passphrase")).output).toContain("✖ The backup cannot be opened");
  expect((await run("restore", dir, "five words make a passphrase")).code).toBe(0);
  expect((await run("restore", dir, "five words make a passphrase")).output).toContain("✖ The database is not empty");
  expect((await run("restore", process.env.PORTAL_DATA ?? "", "x")).output).toContain("✖ The portal runs");
  const portal = await startPortal(dir);
  expect(portal.token, "there is an administrator already").toBeUndefined();
  await portal.stop();
});
