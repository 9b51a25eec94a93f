import { readAttributes } from "#lib/otlp/resource/attributes.ts";
import type { Resource, Scope } from "#lib/otlp/wire/messages.ts";

/** What of a resource stands on each series of it besides job and instance. */
const KEPT = ["service.version", "host.name", "deployment.environment"];
const NAMES = ["service.name", "service.namespace", "service.instance.id"];
const MAX_INFO = 32;

/** What nobody can read: spaces, and characters that draw nothing. */
const INVISIBLE = /^[\s\p{Cc}\p{Cf}\p{DI}\u2800]*$/u;

/** Who sends: `labels` stand on each series, `info` on the one series target_info, which holds the rest. */
export type Target = { labels: Record<string, string>; info: Record<string, string> };

/** What a resource is as labels: job and instance as Prometheus makes them of OTLP, and the few that queries are made by. */
export function readTarget(resource: Resource | undefined): Target {
  const { "deployment.environment.name": environment, ...attributes } = readAttributes(resource?.attributes, 200);
  if (environment !== undefined) attributes["deployment.environment"] = environment;
  for (const name of NAMES) if (INVISIBLE.test(attributes[name] ?? "")) delete attributes[name];
  const labels: Record<string, string> = {};
  const info: Record<string, string> = {};
  const { "service.name": service, "service.namespace": namespace, "service.instance.id": instance } = attributes;
  if (service !== undefined) labels.job = namespace === undefined ? service : `${namespace}/${service}`;
  if (instance !== undefined) labels.instance = instance;
  for (const [name, value] of Object.entries(attributes)) {
    if (KEPT.includes(name)) labels[name] = value;
    else if (!NAMES.includes(name) && Object.keys(info).length < MAX_INFO) info[name] = value;
  }
  return { labels, info };
}

/** The name of a service as readers know it; that of one without a name is what OpenTelemetry has for it. */
export const serviceOf = ({ labels }: Target): string => labels.job ?? "unknown_service";

/** What of an instrumentation scope stands on its series: its name and version, not its attributes, which are for machines. */
export function scopeLabels(scope: Scope | undefined): Record<string, string> {
  const read = readAttributes(
    [
      { key: "otel.scope.name", value: { stringValue: scope?.name ?? "" } },
      { key: "otel.scope.version", value: { stringValue: scope?.version ?? "" } },
    ],
    2,
  );
  return read;
}
