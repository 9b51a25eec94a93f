import type { Host } from "#components/hosts/queries.ts";
import type { Annotation } from "#components/insights/queries.ts";
import type { ChangedExperiment, ChangedSetting } from "#components/now/queries.ts";
import { SETTINGS, type SettingKey } from "#lib/contract/setting-texts.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

/** Something that changed, in words. */
export type Change = { key: string; at: Date; what: string; where: string; href: string | undefined };

type Given = {
  annotations: Annotation[];
  hosts: Host[];
  experiments: ChangedExperiment[];
  settings: ChangedSetting[];
};

const ofAnnotation =
  (hosts: Map<number, string>) =>
  ({ id, hostId, at, kind, text, service, version, url }: Annotation): Change => ({
    key: `annotation ${id}`,
    at,
    what: [kind === "deploy" ? [service, version].filter(Boolean).join(" ") : "", text].filter(Boolean).join(": "),
    where: [kind, hostId === null ? "" : (hosts.get(hostId) ?? "")].filter(Boolean).join(" · "),
    href: url || undefined,
  });

const ofHost = ({ id, name, firstSeenAt }: Host): Change => ({
  key: `host ${id}`,
  at: firstSeenAt,
  what: `${name} sent its first sample`,
  where: "new host",
  href: `/hosts/${id}`,
});

/** More new hosts than these are one change: they are not what hides the others. */
const MANY = 3;

function ofHosts(hosts: Host[]): Change[] {
  const at = new Date(Math.max(...hosts.map(({ firstSeenAt }) => firstSeenAt.getTime())));
  if (hosts.length <= MANY) return hosts.map(ofHost);
  return [
    { key: "hosts", at, what: `${hosts.length} hosts sent their first sample`, where: "new hosts", href: "/hosts" },
  ];
}

/** An experiment by the later of its start and its end. */
function ofExperiment({ id, name, startedAt, stoppedAt }: ChangedExperiment): Change[] {
  const at = stoppedAt ?? startedAt;
  if (!at) return [];
  const what = `${name} ${stoppedAt ? "was stopped" : "was started"}`;
  return [{ key: `experiment ${id}`, at, what, where: "experiment", href: `/experiments/${id}` }];
}

/** What is kept sealed beside the settings has no title of its own. */
const SECRET_TITLES: Record<string, string> = { smtp_url: "Mail server", wording_key: "Key of the language model" };

const ofSetting = ({ setting, at }: ChangedSetting): Change => ({
  key: `setting ${setting}`,
  at,
  what: SETTINGS[setting as SettingKey]?.title ?? SECRET_TITLES[setting] ?? setting,
  where: "setting",
  href: "/settings",
});

/** The newest first. Hosts are new by the newest sample and not by the clock, of which server and browser have one each. */
export function changesOf({ annotations, hosts, experiments, settings }: Given): Change[] {
  const newest = Math.max(0, ...hosts.map(({ lastSampleAt }) => lastSampleAt?.getTime() ?? 0));
  const added = hosts.filter(
    ({ firstSeenAt, lastSampleAt }) => lastSampleAt !== null && newest - firstSeenAt.getTime() < HOUR_MS,
  );
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  return [
    ...annotations.map(ofAnnotation(names)),
    ...ofHosts(added),
    ...experiments.flatMap(ofExperiment),
    ...settings.map(ofSetting),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
}
