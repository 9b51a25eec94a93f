import { createHash } from "node:crypto";
import { labelsKey } from "#lib/metrics/frame.ts";
import { readDuration } from "#lib/promql/syntax/literals.ts";
import { durationWords } from "#lib/scrape/config/scalars.ts";
import type { ScrapeSettings } from "#lib/scrape/config/schema.ts";
import { Pace } from "#lib/scrape/relabel/pace.ts";
import { relabel } from "#lib/scrape/relabel/relabel.ts";
import { HOUR_MS, SECOND_MS } from "#lib/time/durations.ts";

/** Addresses that belong together, with labels that all of them have. */
export type TargetGroup = { targets: string[]; labels: Record<string, string> };

type Labels = Record<string, string>;

/** What is scraped. `discovered` are its labels before rules changed them, `labels` those that its series have. */
export type Target = {
  key: string;
  url: string;
  intervalMs: number;
  timeoutMs: number;
  labels: Labels;
  discovered: Labels;
};

/** One that rules drop, or that cannot be scraped for a reason. */
export type DroppedTarget = { key: string; discovered: Labels; problem: string | undefined };

export type TargetSet = { targets: Target[]; dropped: DroppedTarget[] };

/** The groups that a configuration names itself. */
export const staticGroups = ({ static_configs: groups = [] }: ScrapeSettings): TargetGroup[] =>
  groups.map(({ targets, labels = {} }) => ({ targets, labels }));

const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 22);

function discoveredLabels(settings: ScrapeSettings, address: string, group: Labels): Map<string, string> {
  const labels = new Map(Object.entries({ ...group, __address__: address }).filter(([, value]) => value !== ""));
  const defaults = {
    job: settings.job_name,
    __scrape_interval__: durationWords(settings.scrape_interval),
    __scrape_timeout__: durationWords(settings.scrape_timeout),
    __metrics_path__: settings.metrics_path,
    __scheme__: settings.scheme,
  };
  for (const [name, value] of Object.entries(defaults)) if (!labels.has(name)) labels.set(name, value);
  for (const [name, [first = ""] = []] of Object.entries(settings.params ?? {}))
    if (first !== "") labels.set(`__param_${name}`, first);
  return labels;
}

/** With the scheme's own port where an address has none. */
const withPort = (address: string, scheme: string): string =>
  /^(?:[^:[\]]+|\[[^\]]+\])$/.test(address) ? `${address}:${scheme === "https" ? 443 : 80}` : address;

function urlOf(labels: Map<string, string>, params: ScrapeSettings["params"]): string {
  const values = new Map(Object.entries(params ?? {}).map(([name, all]) => [name, [...all]]));
  for (const [name, value] of labels)
    if (name.startsWith("__param_")) {
      const own = name.slice("__param_".length);
      values.set(own, [value, ...(values.get(own) ?? []).slice(1)]);
    }
  const url = new URL(`${labels.get("__scheme__")}://${labels.get("__address__")}`);
  url.pathname = labels.get("__metrics_path__") ?? "/";
  const query = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, all] of query) for (const value of all) url.searchParams.append(name, value);
  return url.href;
}

const noAddress = (text: string) =>
  new Error(
    `"${text.slice(0, 200)}" is no address: write host:port, or [host]:port of IPv6, without http:// and without a path, which are scheme and metrics_path`,
  );

/** @throws Error in words, for what cannot be scraped */
function scraped(labels: Map<string, string>, settings: ScrapeSettings, discovered: Labels): Target {
  const [address = "", scheme = ""] = [labels.get("__address__"), labels.get("__scheme__")];
  if (address === "" || /[\s/@?#\\]/.test(address)) throw noAddress(address);
  if (scheme !== "http" && scheme !== "https") throw new Error(`"${scheme}" is no scheme: write http or https`);
  labels.set("__address__", withPort(address, scheme));
  const intervalMs = readDuration(labels.get("__scrape_interval__") ?? "") ?? 0;
  const timeoutMs = readDuration(labels.get("__scrape_timeout__") ?? "") ?? 0;
  if (intervalMs < SECOND_MS || intervalMs > HOUR_MS) throw new Error("__scrape_interval__ is not between 1s and 1h");
  if (timeoutMs < 1 || timeoutMs > intervalMs)
    throw new Error("__scrape_timeout__ is not between 1ms and the interval");
  if (!labels.has("instance")) labels.set("instance", labels.get("__address__") ?? "");
  let url: string;
  try {
    url = urlOf(labels, settings.params);
  } catch {
    throw noAddress(address);
  }
  if (/:0+$/.test(labels.get("__address__") ?? ""))
    throw new Error(`"${address.slice(0, 200)}" has the port 0, which nobody listens at: write another`);
  const own = Object.fromEntries([...labels].filter(([name]) => !name.startsWith("__")));
  const key = hashOf(JSON.stringify([labelsKey(own), url, intervalMs, timeoutMs]));
  return { key, url, intervalMs, timeoutMs, labels: own, discovered };
}

/** So long all targets of an input may take. */
const BUILD_MS = 5 * SECOND_MS;
const LATE = `relabel_configs take over ${BUILD_MS / SECOND_MS} s for all targets: simplify them`;

/** The targets of groups by a configuration's rules, each once, at most a number of them. @throws Error in words where that takes too long */
export async function buildTargets(settings: ScrapeSettings, groups: TargetGroup[], most: number): Promise<TargetSet> {
  const pace = new Pace(performance.now() + BUILD_MS, LATE);
  const targets = new Map<string, Target>();
  const dropped = new Map<string, DroppedTarget>();
  for (const { targets: addresses, labels: group } of groups)
    for (const address of addresses) {
      if (targets.size + dropped.size >= most) break;
      if (pace.isDue) await pace.pause();
      const labels = discoveredLabels(settings, address, group);
      const discovered = Object.fromEntries(labels);
      const drop = (problem: string | undefined) => {
        const key = hashOf(labelsKey(discovered));
        dropped.set(key, { key, discovered, problem });
      };
      try {
        const changed = relabel(labels, settings.relabel_configs ?? []);
        if (!changed) {
          drop(undefined);
          continue;
        }
        const target = scraped(changed, settings, discovered);
        targets.set(target.key, target);
      } catch (error) {
        drop((error as Error).message);
      }
    }
  return { targets: [...targets.values()], dropped: [...dropped.values()] };
}
