import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { RuleChange } from "#lib/alerts/rule-files.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { generateClient } from "./steps/client.ts";
import { withDomain } from "./steps/database.ts";
import { finish } from "./steps/finish.ts";

const USAGE = `npm run alerts -- list
npm run alerts -- export [FILE], on standard output without one
npm run alerts -- apply FILE [--dry-run] [--prune, which removes the rules that the file does not have]`;

type Options = { "dry-run"?: boolean; prune?: boolean };

const DONE = { create: "created", change: "changed", keep: "unchanged", remove: "removed" };
const PLANNED = {
  create: "would be created",
  change: "would be changed",
  keep: "unchanged",
  remove: "would be removed",
};

const lineOf = ({ name, action, fields }: RuleChange, dryRun: boolean): string =>
  `${name}: ${(dryRun ? PLANNED : DONE)[action]}${fields.length > 0 ? ` (${fields.join(", ")})` : ""}`;

async function list(db: Database): Promise<string> {
  const { listRules } = await import("#lib/alerts/rules.ts");
  const rules = await listRules(db);
  return rules
    .map(({ name, enabled, severity, series, problem }) =>
      [severity.padEnd(8), enabled ? "on " : "off", name, series && `(${series})`, problem ?? ""].join(" ").trimEnd(),
    )
    .join("\n");
}

async function exportTo(db: Database, file: string | undefined): Promise<string> {
  const { exportRules } = await import("#lib/alerts/rule-files.ts");
  const text = await exportRules(db);
  if (!file) return text.trimEnd();
  writeFileSync(file, text);
  return `✔ ${file} has the rules`;
}

async function apply(db: Database, file: string, options: Options): Promise<string> {
  const { applyRules } = await import("#lib/alerts/rule-files.ts");
  const { recordAuditEvent } = await import("#lib/audit/trail.ts");
  const [dryRun, prune] = [options["dry-run"] ?? false, options.prune ?? false];
  const changes = await applyRules(db, readFileSync(file, "utf8"), { dryRun, prune, userId: null });
  const changed = changes.filter(({ action }) => action !== "keep");
  if (!dryRun && changed.length > 0) {
    const details = {
      by: "npm run alerts",
      file,
      changes: changed
        .map((each) => lineOf(each, false))
        .join("; ")
        .slice(0, 2_000),
    };
    const event = { userId: null, email: "", action: "alertRules.import", subject: file, details, now: Date.now() };
    await recordAuditEvent(db, event);
  }
  const lines = changes.map((each) => lineOf(each, dryRun));
  return [...lines, `✔ ${changed.length} of ${changes.length} rules ${dryRun ? "would change" : "changed"}`].join("\n");
}

finish(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { "dry-run": { type: "boolean" }, prune: { type: "boolean" } },
  });
  const [command = "", file, ...more] = positionals;
  const takes: Record<string, boolean> = { list: file === undefined, export: true, apply: file !== undefined };
  if (!Object.hasOwn(takes, command) || !takes[command] || more.length > 0) throw new DomainError("validation", USAGE);
  await generateClient();
  const says = await withDomain(readEnvironment(), (db) => {
    if (command === "list") return list(db);
    return command === "export" ? exportTo(db, file) : apply(db, file ?? "", values);
  });
  console.log(says);
});
