import type { Severity } from "#lib/contract/enums.ts";

/** What other people call a severity. */
const NAMES: Record<Severity, RegExp> = {
  critical: /^(critical|crit|page|pager|fatal|emergency|alert|disaster|high|error|major|sev-?[01]|p-?[01])$/,
  warning: /^(warning|warn|minor|medium|average|ticket|sev-?[23]|p-?[23])$/,
  info: /^(info|information|informational|notice|low|none|debug|sev-?[45]|p-?[45])$/,
};

/** The severity that a label stands for; undefined of one that stands for none. */
export function severityOf(label: string): Severity | undefined {
  const name = label.trim().toLowerCase();
  return (["critical", "warning", "info"] as const).find((severity) => NAMES[severity].test(name));
}
