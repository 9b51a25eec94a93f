import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alert } from "#components/alerts/queries.ts";
import type { Incident } from "#components/anomalies/queries.ts";
import { troublesOf } from "#components/now/troubles.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 30, 4, minute));

const alert = (given: Partial<Alert>) =>
  ({
    ...{ id: 1, hostId: 1, host: "db-01", rule: "Memory", summary: "Memory usage 97 %", severity: "warning" },
    ...{ startedAt: at(0), acknowledgedAt: null, acknowledgedUntil: null, acknowledgedBy: null, assignedTo: null },
    ...given,
  }) as Alert;

const anomaly = (order: number, series: string) => ({ order, series, reason: `${series} is unusual` });

const incident = (given: Partial<Incident>) =>
  ({
    ...{ id: 7, hostId: 1, host: "db-01", severity: "critical", status: "open", startedAt: at(0), endedAt: null },
    anomalies: [anomaly(2, "memory.usage"), anomaly(1, "cpu.usage")],
    ...given,
  }) as unknown as Incident;

test("the gravest stands first, of those as grave what nobody works on, and then the newest", () => {
  const order = troublesOf(
    [
      alert({ id: 1, severity: "info", startedAt: at(9) }),
      alert({ id: 2, startedAt: at(1) }),
      alert({ id: 3, startedAt: at(5), acknowledgedAt: at(6), acknowledgedBy: "Ana" }),
      alert({ id: 4, startedAt: at(2) }),
    ],
    [incident({ startedAt: at(0) })],
  ).map(({ key }) => key);
  assert.deepEqual(order, ["incident 1 7", "alert 1 4", "alert 1 2", "alert 1 3", "alert 1 1"]);
});

test("what has ended, is resolved or was no incident needs nobody", () => {
  const over = [incident({ endedAt: at(3) }), incident({ status: "resolved" }), incident({ status: "false_alarm" })];
  assert.deepEqual(troublesOf([], over), []);
  assert.deepEqual(troublesOf([], []), []);
});

test("it is said who works on it, also where their account is gone, and what changed first", () => {
  const [gone, assigned, nobody, over] = troublesOf(
    [
      alert({ id: 1, severity: "critical", acknowledgedAt: at(1) }),
      alert({ id: 2, severity: "warning", assignedTo: "Bo" }),
      alert({ id: 3, severity: "info", startedAt: at(1) }),
      alert({ id: 4, severity: "info", acknowledgedAt: at(1), acknowledgedUntil: at(2), acknowledgedBy: "Cem" }),
    ],
    [],
  );
  assert.deepEqual([over?.owner, over?.unattended?.id, gone?.unattended], [undefined, 4, undefined]);
  assert.deepEqual([gone?.owner, assigned?.owner, nobody?.owner], ["An account that is gone", "Bo", undefined]);
  const [unusual, alone] = troublesOf([], [incident({}), incident({ id: 8, status: "acknowledged", anomalies: [] })]);
  assert.match(String(unusual?.note), /^First: .*CPU.*cpu\.usage is unusual$/);
  assert.deepEqual([unusual?.owner, alone?.owner, alone?.note], [undefined, "Acknowledged", ""]);
  const [attended] = troublesOf([], [incident({ title: "CPU usage of db-01 rose", assignedTo: "Bo" })]);
  assert.deepEqual([attended?.title, attended?.owner], ["CPU usage of db-01 rose", "Bo"]);
});
