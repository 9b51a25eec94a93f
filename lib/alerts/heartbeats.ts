import type { Observation } from "#lib/alerts/conditions/observation.ts";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { portalSecret } from "#lib/config/secret.ts";
import type { RuleCondition } from "#lib/contract/alert-conditions.ts";
import { API_ROOT } from "#lib/contract/roots.ts";
import { storable } from "#lib/contract/storable.ts";
import { readSigned, signValue } from "#lib/crypto/signed.ts";
import type { Connection } from "#lib/db/client.ts";
import type { AlertHeartbeat } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { nextRun } from "#lib/time/cron.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

/** What stands in the place of a series where a job reports rather than a sensor: its value is the time since. */
export const HEARTBEAT_SERIES: SeriesInfo = {
  ...{ id: 0, sourceId: 0, metric: "heartbeat", labels: {}, name: "heartbeat" },
  ...{ unit: "seconds", kind: "gauge", group: "Other", help: "Time since a job reported" },
};

type Heartbeat = Pick<AlertHeartbeat, "lastAt" | "failed">;

/** The last reports of the jobs of rules, by the rule's id. */
export async function readHeartbeats(db: Connection, rules: { id: number }[]): Promise<Map<number, Heartbeat>> {
  const rows = await db.alertHeartbeat.findMany({ where: { ruleId: { in: rules.map(({ id }) => id) } } });
  return new Map(rows.map((row) => [row.ruleId, row]));
}

/** When a job is overdue that reported last at an instant (ms): as an instant (ms). */
function dueAfter(condition: RuleCondition, lastAt: number): number {
  if (condition.kind !== "heartbeat") return Number.POSITIVE_INFINITY;
  const { cron, zone, everyMs = 0, graceMs } = condition;
  const next = cron ? nextRun({ cron, zone }, lastAt).getTime() : lastAt + everyMs;
  return next + graceMs;
}

/** What is known of a job at `now` (ms): it is late, it said that it failed, or all is well. */
export function observeHeartbeat(
  { condition }: { condition: RuleCondition },
  heartbeat: Heartbeat | undefined,
  now: number,
): { observation: Observation; value: number | null } {
  if (!heartbeat) return { observation: { kind: "no_data" }, value: null };
  const lastAt = Math.min(heartbeat.lastAt.getTime(), now);
  const breached = heartbeat.failed || now > dueAfter(condition, lastAt);
  const value = (now - lastAt) / SECOND_MS;
  return { observation: { kind: "value", value, breached, recovered: !breached }, value };
}

/** Begins to wait for a job at `now` (ms), where nobody does yet. */
export async function awaitHeartbeat(db: Connection, ruleId: number, now: number): Promise<void> {
  await db.alertHeartbeat.createMany({
    data: [{ ruleId, lastAt: new Date(now), failed: false, note: "" }],
    skipDuplicates: true,
  });
}

const PURPOSE = "heartbeat";

/** What a job reports by: it says which rule waits for it, and lets whoever has it do nothing else. */
const heartbeatToken = (ruleId: number): string => signValue(PURPOSE, ruleId, portalSecret());

/** Where the job of a rule reports, and what it reported last. @throws DomainError not-found of a rule without a job */
export async function readHeartbeat(
  db: Connection,
  ruleId: number,
): Promise<{ url: string; lastAt: Date; failed: boolean; note: string }> {
  const row = await db.alertHeartbeat.findUnique({ where: { ruleId } });
  if (!row) throw new DomainError("not-found", `The rule ${ruleId} waits for no job`);
  const { lastAt, failed, note } = row;
  const url = `${portalUrl(readEnvironment())}${API_ROOT}/heartbeats/${heartbeatToken(ruleId)}`;
  return { url, lastAt, failed, note };
}

/** Takes in a job's report. @throws DomainError not-found for a token that is no rule's */
export async function reportHeartbeat(
  db: Connection,
  token: string,
  { failed, note, now }: { failed: boolean; note: string; now: number },
): Promise<void> {
  const ruleId = readSigned<number>(PURPOSE, token, portalSecret());
  const data = { lastAt: new Date(now), failed, note: storable(note, 1_000) };
  const { count } =
    ruleId === undefined ? { count: 0 } : await db.alertHeartbeat.updateMany({ where: { ruleId }, data });
  if (count === 0) throw new DomainError("not-found", "No rule waits for this: copy the URL from the rule again");
}
