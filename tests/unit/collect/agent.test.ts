import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { AgentStateFile } from "#lib/collect/agent/agent-state.ts";
import { readOptions } from "#lib/collect/agent/options.ts";
import { PortalClock } from "#lib/collect/agent/portal-clock.ts";
import { toBatch } from "#lib/collect/agent/portal-sink.ts";
import { serviceUnit } from "#lib/collect/agent/service.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

test("options come from the command line first, then from the environment", () => {
  const env = { SIGHTLINE_URL: "https://a.example", SIGHTLINE_TOKEN: "t1" };
  const options = readOptions(["run", "--url", "https://b.example", "--data", "/tmp/x"], env);
  assert.deepEqual(
    [options.command, options.url, options.token, options.dataDir],
    ["run", "https://b.example", "t1", "/tmp/x"],
  );
  assert.equal(readOptions([], {}).dataDir, "/var/lib/sightline-agent");
  assert.equal(readOptions(["--help"], {}).command, "help");
  for (const args of [
    ["--url", "sightline"],
    ["--machine-id", "short"],
    ["dance"],
    ["run", "twice"],
    ["--colour", "red"],
  ])
    assert.throws(() => readOptions(args, {}), String(args));
});

test("a clock that is a little off stays as it is; one that is far off is corrected, and set back when it is right again", () => {
  let own = 1_000_000_000_000;
  const clock = new PortalClock(0, { now: () => own, monotonic: () => 0 });
  assert.equal(clock.learn(own + 3_000, 40), false);
  assert.equal(clock.now(), own);
  assert.equal(clock.learn(own + 2 * HOUR_MS, 100), true);
  assert.equal(clock.now(), own + 2 * HOUR_MS + 50);
  assert.equal(clock.learn(own + 2 * HOUR_MS + 1_000, 100), false, "what an answer takes is no change");
  assert.equal(clock.learn(own, 5_000), false, "a slow answer says nothing");
  own += 2 * HOUR_MS;
  assert.equal(clock.learn(own, 20), true);
  assert.equal(clock.offsetMs, 0);
});

test("frames of one shape name it once; a series whose unit changed is another shape", () => {
  const reading = { metric: "queue.length", labels: { queue: "mail" }, value: 1 };
  const frame = (at: number, more: object = {}) => ({
    ...{ source: { kind: "app", name: "shop" }, intervalMs: 5_000, at },
    readings: [{ ...reading, ...more }],
  });
  const { shapes, frames } = toBatch([frame(1), frame(2), frame(3, { unit: "bytes" })]);
  assert.deepEqual(
    frames.map(({ shape, at, values }) => [shape, at, values]),
    [
      [0, 1, [1]],
      [0, 2, [1]],
      [1, 3, [1]],
    ],
  );
  assert.deepEqual(shapes[1]?.series, [{ metric: "queue.length", labels: { queue: "mail" }, unit: "bytes" }]);
  assert.deepEqual(toBatch([]), { shapes: [], frames: [] });
});

test("the agent's state is written whole, and a damaged one says what to do", () => {
  const dir = mkdtempSync(join(tmpdir(), "sightline-state-"));
  try {
    const file = new AgentStateFile(dir);
    assert.equal(file.read(), undefined);
    const state = {
      url: "https://a.example",
      machineId: "machine-1",
      credential: "sla_x",
      host: { id: 1, name: "web" },
    };
    file.write(state);
    assert.deepEqual(new AgentStateFile(dir).read(), state);
    writeFileSync(join(dir, "agent.json"), "{");
    assert.throws(() => file.read(), /damaged: remove it and enrol/);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("the unit that is installed is one that systemd understands, also with odd characters in its paths", (t) => {
  const unit = serviceUnit(
    ["/usr/bin/node", "/opt/a b/agent 100%.mjs", "run", "--data", '/var/lib/a "b"'],
    { NODE_OPTIONS: "-a -b" },
    "/var/lib/x",
  );
  assert.match(unit, /ExecStart="\/usr\/bin\/node" "\/opt\/a b\/agent 100%%\.mjs"/);
  assert.match(unit, /^Environment="NODE_OPTIONS=-a -b"$/m);
  if (!existsSync("/usr/bin/systemd-analyze")) return t.skip("there is no systemd-analyze");
  const dir = mkdtempSync(join(tmpdir(), "sightline-unit-"));
  try {
    const path = join(dir, "sightline-agent.service");
    writeFileSync(path, serviceUnit([process.execPath, "--version"], {}, "/var/lib/sightline-agent"));
    execFileSync("systemd-analyze", ["verify", "--man=no", path], { stdio: "pipe" });
  } finally {
    rmSync(dir, { recursive: true });
  }
});
