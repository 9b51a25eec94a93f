import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_SERIES } from "#lib/contract/enums.ts";
import { readSparklines } from "#lib/hosts/sparklines.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

const MIB = 1024 ** 2;

test("a host's network is that of all its interfaces; one with more than a question may read stops no other", async () => {
  const { db } = await freshDatabase();
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const [few, many, young] = [await addHost(db, "few"), await addHost(db, "many"), await addHost(db, "young")];
  for (const [{ writer }, count] of [
    [few, 2],
    [many, MAX_SERIES + 1],
  ] as const)
    for (const [n, at] of [now - 2 * MINUTE_MS, now - MINUTE_MS].entries()) {
      const received = Array.from({ length: count }, (_, i): [string, number, Record<string, string>] => [
        "network.receive.bytes",
        n * 60 * MIB,
        { interface: `eth${i}` },
      ]);
      await writer.append(
        frame(
          at,
          [
            ["cpu.usage", 10],
            ["memory.usage", 20],
            ["network.transmit.bytes", n * 60 * MIB, { interface: "eth0" }],
            ...received,
          ],
          MINUTE_MS,
        ),
      );
    }
  const lines = await readSparklines(db, [few.hostId, many.hostId, young.hostId], now);
  assert.deepEqual(
    lines.map(({ cpu }) => cpu.at(-1)?.[1]),
    [10, 10, undefined],
  );
  assert.deepEqual(
    lines.map(({ network }) => network.at(-1)?.[1]),
    [3 * MIB, undefined, undefined],
  );
});
