import { readCheck } from "#lib/checks/checks.ts";
import type { Indicator } from "#lib/contract/slos.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError, invalidField, isDomainError } from "#lib/errors.ts";
import { instantInText } from "#lib/format/date-time.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { MAX_GAP_MS } from "#lib/promql/series/growth.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { parseSelector } from "#lib/promql/syntax/parse.ts";
import type { Events } from "#lib/slo/budget.ts";
import { growthByMinute, runsByMinute } from "#lib/slo/minute-counts.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { findSources } from "#lib/tsdb/catalog.ts";

/** What was counted in the minute from `at` (ms); a minute without events is none. */
export type MinuteCount = Events & { at: number };

const READ_LIMIT_MS = 30 * SECOND_MS;

const quoted = (text: string): string => JSON.stringify(text);

/** The selectors of good and of all events. */
function selectorsOf(indicator: Exclude<Indicator, { kind: "check" }>): { good: string; total: string } {
  if (indicator.kind === "ratio") return indicator;
  const { service, operation } = indicator;
  const served = `job=${quoted(service)}, span_kind=~"server|consumer"${operation ? `, operation=${quoted(operation)}` : ""}`;
  const total = `traces_span_duration_count{${served}}`;
  return indicator.kind === "availability"
    ? { good: `traces_span_duration_count{${served}, status!="error"}`, total }
    : { good: `traces_span_duration_bucket{${served}, le=${quoted(indicator.seconds)}}`, total };
}

/** Whether an indicator can be read. @throws DomainError validation, naming the field */
export async function assertIndicator(db: Database, indicator: Indicator): Promise<void> {
  if (indicator.kind === "check") {
    await readCheck(db, indicator.check).catch((error: unknown) => {
      throw isDomainError(error) ? invalidField("indicator.check", error.message) : error;
    });
    return;
  }
  if (indicator.kind !== "ratio") {
    const hosts = await readableHosts(db);
    if (hosts.some(({ id }) => id === indicator.host)) return;
    throw invalidField("indicator.host", `There is no host ${indicator.host}`);
  }
  for (const field of ["good", "total"] as const) {
    try {
      parseSelector(indicator[field]);
    } catch (error) {
      throw isDomainError(error) ? invalidField(`indicator.${field}`, error.message) : error;
    }
  }
}

/** The sources of a check's runs: by its id, since its name may change and others may send what is called so. @throws DomainError not-found */
async function sourcesOf(db: Database, checkId: number): Promise<ReadonlySet<number>> {
  const { id } = await readCheck(db, checkId);
  return new Set(await findSources(db, "check", String(id)));
}

/** More events in a minute are none: sums of a year of them must stay numbers. */
const MAX_EVENTS = 1e12;

/** @throws DomainError validation for what no counter of events grows by */
function assertCountable({ at, good, total }: MinuteCount): void {
  if (good <= MAX_EVENTS && total <= MAX_EVENTS) return;
  const [amount, minute] = [Math.max(good, total).toPrecision(3), instantInText(at)];
  throw new DomainError("validation", `${amount} events in the minute from ${minute}: is this a counter of events?`);
}

/**
 * The events of an indicator by minute, of the samples in (from, to] (ms); both are full minutes.
 * @throws QueryError for a selector that cannot be read, too many samples, and where it takes too long
 */
export async function readMinuteCounts(
  db: Database,
  indicator: Indicator,
  { from, to, signal }: { from: number; to: number; signal?: AbortSignal | undefined },
): Promise<MinuteCount[]> {
  const all = await readableHosts(db);
  const hosts = "host" in indicator ? all.filter(({ id }) => id === indicator.host) : all;
  const sources = indicator.kind === "check" ? await sourcesOf(db, indicator.check) : undefined;
  const reader = new StoreReader(db, hosts, { signal, timeMs: READ_LIMIT_MS, ...(sources && { sources }) });
  const read = (selector: string) => reader.select(parseSelector(selector), from - MAX_GAP_MS, to);
  const counts = async (): Promise<{ good: Map<number, number>; total: Map<number, number> }> => {
    if (indicator.kind === "check") return runsByMinute(await read("check_up"), from, to);
    const selectors = selectorsOf(indicator);
    const growth = async (selector: string) => growthByMinute(await read(selector), from, to);
    return { good: await growth(selectors.good), total: await growth(selectors.total) };
  };
  const { good, total } = await counts();
  // A good event may be counted a minute before the same one is among all: each is kept where it was.
  const counted = [...new Set([...total.keys(), ...good.keys()])]
    .map((at) => ({ at, good: good.get(at) ?? 0, total: total.get(at) ?? 0 }))
    .filter((count) => count.good > 0 || count.total > 0)
    .sort((a, b) => a.at - b.at);
  counted.forEach(assertCountable);
  return counted;
}
