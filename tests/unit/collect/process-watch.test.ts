import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { parseMembership } from "#lib/collect/processes/control-group.ts";
import { ProcessWatch } from "#lib/collect/processes/process-watch.ts";
import { parseStat } from "#lib/collect/processes/stat.ts";
import { processTopSchema } from "#lib/contract/processes.ts";

const ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

test("the container and the unit of a process are read from the path of its control group", () => {
  for (const [path, container, unit] of [
    [`/system.slice/docker-${ID}.scope`, "9f86d081884c", ""],
    [`/docker/${ID}`, "9f86d081884c", ""],
    [`/machine.slice/libpod-${ID}.scope/container`, "9f86d081884c", ""],
    [`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope`, "9f86d081884c", ""],
    [
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1a.slice/cri-containerd-${ID}.scope`,
      "9f86d081884c",
      "",
    ],
    [`/kubepods/burstable/pod1a/${ID}`, "9f86d081884c", ""],
    ["/machine.slice/systemd-nspawn@web\\x2d1.service/payload", "web-1", ""],
    ["/lxc.payload.web/system.slice/nginx.service", "web", ""],
    ["/lxc.monitor.web", "", ""],
    ["/system.slice/nginx.service", "", "nginx.service"],
    ["/system.slice/system-getty.slice/getty@tty1.service", "", "getty@tty1.service"],
    ["/user.slice/user-1000.slice/user@1000.service/app.slice/app-x\\x2dy.scope", "", "app-x-y.scope"],
    ["/", "", ""],
  ] as const) {
    const found = parseMembership(`0::${path}\n`);
    assert.deepEqual([found.container, found.unit], [container, unit], path);
  }
  const hybrid = parseMembership(`4:memory:/x\n1:name=systemd:/system.slice/cron.service\n0::/\n`);
  assert.equal(hybrid.unit, "cron.service");
  assert.equal(parseMembership(`9:cpu:/docker/${ID}\n1:name=systemd:/\n0::/\n`).container, "9f86d081884c");
  assert.deepEqual(parseMembership(""), { group: "", container: "", unit: "" });
  assert.equal(parseMembership("0::/lxc.payload.web/system.slice/nginx.service").group, "/lxc.payload.web");
  const pod = `/machine.slice/libpod-${ID}.scope`;
  assert.equal(parseMembership(`0::${pod}/container`).group, pod);
});

test("a line of /proc/PID/stat is read whatever the process calls itself", () => {
  const line = "21135 (a) S (b) R 1) D 7 21090 17770 0 -1 4194304 104 0 0 0 30 4 5 6 20 0 1 0 2694053 2998272 415 18";
  assert.deepEqual(parseStat(line), {
    ...{ name: "a) S (b) R 1", state: "blocked", parent: 7, kernel: false },
    ...{ ticks: 34, childTicks: 11, start: 2_694_053, pages: 415 },
  });
  for (const none of ["", "1", "1 (x", "1 (x) ", "1 (x) ? 3"]) assert.equal(parseStat(none), undefined);
});

const dir = mkdtempSync(join(tmpdir(), "sightline-watch-"));
const HOG = `process.title = "sl-hog"; const all = Buffer.alloc(300 * 2 ** 20, 1); setInterval(() => all.length, 1000)`;
const WRITER = `process.title = "sl-writer"; const fs = require("node:fs"); const fd = fs.openSync(${JSON.stringify(join(dir, "file"))}, "w");
  setInterval(() => { fs.writeSync(fd, Buffer.alloc(2 ** 20, 1), 0, 2 ** 20, 0); fs.fsyncSync(fd); }, 50)`;

test("a busy loop is the first by CPU, one that writes the first by I/O, a hog has its memory, short children are found; each with its command line", async () => {
  const run = (script: string) => spawn(process.execPath, ["-e", script], { stdio: "ignore" });
  // A title would take the place of its command line.
  const busyProgram = join(dir, "sl-busy");
  symlinkSync(process.execPath, busyProgram);
  const children: ChildProcess[] = [
    spawn(busyProgram, ["-e", "for (;;);", "--", "--password", "hunter2"], { stdio: "ignore" }),
    run(WRITER),
    run(HOG),
    spawn("/bin/bash", ["-c", "exec 2>/dev/null; while true; do (for n in {1..4000}; do :; done); done"], {
      stdio: "ignore",
    }),
  ];
  try {
    const watch = new ProcessWatch("/proc", 1_000);
    watch.commandLines = true;
    await sleep(1_500);
    watch.read();
    assert.equal(watch.takeTop(), undefined, "there is nothing to compare with yet");
    await sleep(2_000);
    watch.read();
    const top = watch.takeTop();
    assert.equal(watch.takeTop(), undefined, "each top is handed on once");
    assert.ok(top && processTopSchema.safeParse(top).success);
    const find = (name: string) => top.groups.find((group) => group.name === name);
    const [busy, writer, hog, shell] = ["sl-busy", "sl-writer", "sl-hog", "bash"].map(find);
    assert.ok(busy && busy.cpu > 10 && busy.cpu <= 110, JSON.stringify(busy));
    assert.equal(busy.pid, children[0]?.pid);
    assert.match(busy.command, /--password \*\*\*/);
    assert.ok(!JSON.stringify(top).includes("hunter2"));
    assert.ok(hog && hog.memory > 300 * 2 ** 20 && hog.memory < 600 * 2 ** 20);
    assert.ok(writer?.write && writer.write > 2 ** 20, JSON.stringify(writer));
    assert.ok(shell && shell.cpu > 5, "the short children of a shell count as its own");
    const io = ({ read, write }: { read: number | null; write: number | null }) => (read ?? 0) + (write ?? 0);
    const first = top.groups.toSorted((a, b) => io(b) - io(a)).slice(0, 3);
    assert.ok(first.includes(writer), "other tests may write at the same time");
  } finally {
    for (const child of children) child.kill("SIGKILL");
    rmSync(dir, { recursive: true, force: true });
  }
});

test("without command lines none is read", async () => {
  const watch = new ProcessWatch("/proc", 10);
  watch.read();
  await sleep(50);
  watch.read();
  assert.deepEqual([...new Set(watch.takeTop()?.groups.map(({ command }) => command))], [""]);
});
