import type { Severity } from "#lib/contract/enums.ts";

/** One alert as a channel is told of it. */
export type AlertLine = {
  id: number;
  host: string;
  state: "firing" | "resolved";
  severity: Severity;
  rule: string;
  summary: string;
  /** ISO 8601 */
  startedAt: string;
  endedAt: string | null;
  labels: Record<string, string>;
  note: string;
  runbook: string;
};

/** What a channel is told at once: the changes of one host. `key` is the same however often it is sent. */
export type AlertMessage = { key: string; host: string; portal: string; lines: AlertLine[] };

/** A request that tells a service. */
export type ChannelRequest = { url: string; body: object; headers?: Record<string, string> };

const isFiring = ({ state }: AlertLine): boolean => state === "firing";

/** Whether anything of it fires. */
export const fires = ({ lines }: AlertMessage): boolean => lines.some(isFiring);

/** The gravest of what fires, else of what is over. */
export function gravest({ lines }: AlertMessage): Severity {
  const all = lines.some(isFiring) ? lines.filter(isFiring) : lines;
  return (
    (["critical", "warning", "info"] as const).find((severity) => all.some((line) => line.severity === severity)) ??
    "info"
  );
}

/** What is the matter, in one line: "[critical] db-01: CPU usage 95.3 %, above 90.0 % and 2 more". */
export function titleOf(message: AlertMessage): string {
  const { host, lines } = message;
  const shown = lines.filter(isFiring).length > 0 ? lines.filter(isFiring) : lines;
  const rest = shown.length > 1 ? ` and ${shown.length - 1} more` : "";
  return `[${fires(message) ? gravest(message) : "resolved"}] ${host}: ${shown[0]?.summary ?? ""}${rest}`;
}

/** One alert in a line of text. */
const lineText = ({ state, severity, summary, rule, note, runbook, startedAt }: AlertLine): string =>
  [
    `${state === "firing" ? severity : "resolved"}: ${summary}`,
    `  ${rule}, since ${startedAt}`,
    note && `  ${note}`,
    runbook && `  ${runbook}`,
  ]
    .filter(Boolean)
    .join("\n");

/** All of it as plain text, with the way to the alerts. */
export const textOf = (message: AlertMessage): string =>
  [...message.lines.map(lineText), `${message.portal}/alerts`].join("\n\n");
