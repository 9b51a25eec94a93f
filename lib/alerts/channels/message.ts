import { SEVERITIES, type Severity } from "#lib/contract/enums.ts";

/** One alert as a notification has it. */
export type AlertLine = {
  id: number;
  hostId: number;
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

/** A notification: the changes of one host. `key` is the same however often it is sent. */
export type AlertMessage = { key: string; host: string; portal: string; lines: AlertLine[] };

/** What an email says besides: why, and the chart of its first alert. */
export type EmailDetails = {
  causes: string[];
  chart: {
    title: string;
    unit: string;
    rate: boolean;
    from: number;
    to: number;
    points: [number, number | null][];
  } | null;
};

/** What a link in an email does. */
export type AlertAction = "acknowledge" | "silence";

/** What an email is drawn from; links are of its first alert and its recipient. */
export type EmailInput = {
  message: AlertMessage;
  details: EmailDetails;
  links: { open: string; acknowledge: string; silence: string } | null;
};

/** The request of a notification. */
export type ChannelRequest = { url: string; body: object; headers?: Record<string, string> };

const isFiring = ({ state }: AlertLine): boolean => state === "firing";

/** Whether anything of it fires. */
export const fires = ({ lines }: AlertMessage): boolean => lines.some(isFiring);

/** What a title is of: what fires, else what is over. */
const foremost = (message: AlertMessage): AlertLine[] =>
  fires(message) ? message.lines.filter(isFiring) : message.lines;

/** The gravest of what fires, else of what is over. */
export function gravest(message: AlertMessage): Severity {
  const lines = foremost(message);
  return SEVERITIES.findLast((severity) => lines.some((line) => line.severity === severity)) ?? "info";
}

/** What is the matter, in one line: "[critical] db-01: CPU usage 95.3 %, above 90.0 % and 2 more". */
export function titleOf(message: AlertMessage): string {
  const [first, ...others] = foremost(message);
  const rest = others.length > 0 ? ` and ${others.length} more` : "";
  return `[${fires(message) ? gravest(message) : "resolved"}] ${message.host}: ${first?.summary ?? ""}${rest}`;
}

/** Where an alert is shown. */
export const alertUrl = (portal: string, { hostId, id }: Pick<AlertLine, "hostId" | "id">): string =>
  id === 0 ? `${portal}/alerts` : `${portal}/alerts/${id}?host=${hostId}`;

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
