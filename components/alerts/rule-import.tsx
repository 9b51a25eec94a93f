"use client";

import { useState } from "react";
import { type ImportedRule, useImportFiles } from "#components/alerts/rule-queries.ts";
import { Badge, type BadgeVariant } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Table } from "#components/ui/table.tsx";
import { TextArea } from "#components/ui/text-area.tsx";
import { plural } from "#lib/format/plural.ts";

type RuleFile = { name: string; content: string };

const ACTIONS: Record<ImportedRule["action"], { title: string; variant: BadgeVariant }> = {
  create: { title: "new", variant: "good" },
  change: { title: "changed", variant: "warn" },
  keep: { title: "as it is", variant: "plain" },
  refuse: { title: "refused", variant: "bad" },
};

const PASTED = "pasted text";

/** What is worth knowing of a rule: why it is refused, what changes, what is other than in the file. */
function noteOf({ alert, name, action, fields, changes, reason }: ImportedRule): string {
  if (reason !== null) return reason;
  const renamed = action === "create" && name !== alert ? [`its name here is ${name}`] : [];
  const differing = fields.length > 0 ? [`changes ${fields.join(", ")}`] : [];
  return [...differing, ...renamed, ...changes].join("; ");
}

const keyOf = ({ file, group, alert, name }: ImportedRule, n: number): string =>
  `${file} ${group} ${alert} ${name} ${n}`;

function Plan({ rules }: { rules: ImportedRule[] }) {
  return (
    <Table columns={["Rule", "Group", "Becomes", "Note"]}>
      {rules.map((rule, n) => {
        const { title, variant } = ACTIONS[rule.action];
        return (
          <tr key={keyOf(rule, n)}>
            <td className="break-words py-1.5 pr-3">{rule.alert || "–"}</td>
            <td className="break-words py-1.5 pr-3" title={rule.file}>
              {rule.group || rule.file}
            </td>
            <td className="py-1.5 pr-3">
              <Badge variant={variant}>{title}</Badge>
            </td>
            <td className="break-words py-1.5">{noteOf(rule)}</td>
          </tr>
        );
      })}
    </Table>
  );
}

const countOf = (rules: ImportedRule[], ...actions: ImportedRule["action"][]): number =>
  rules.filter(({ action }) => actions.includes(action)).length;

function planText(rules: ImportedRule[]): string {
  const parts = [
    `${countOf(rules, "create")} new`,
    `${countOf(rules, "change")} changed`,
    `${countOf(rules, "keep")} as they are`,
    `${countOf(rules, "refuse")} refused`,
  ];
  return `${plural(rules.length, "rule")}: ${parts.join(", ")}.`;
}

const Planned = ({ rules }: { rules: ImportedRule[] }) => (
  <div role="status" className="space-y-2">
    <p className="figures font-medium text-xs">{planText(rules)}</p>
    {rules.length === 0 ? (
      <Notice title="No rules in it">The file has no groups, or its groups have no rules.</Notice>
    ) : (
      <Plan rules={rules} />
    )}
  </div>
);

const readFiles = (list: FileList): Promise<RuleFile[]> =>
  Promise.all([...list].map(async (file) => ({ name: file.name, content: await file.text() })));

function Source({
  files,
  pasted,
  onFiles,
  onPasted,
}: {
  files: RuleFile[];
  pasted: string;
  onFiles: (files: RuleFile[]) => void;
  onPasted: (text: string) => void;
}) {
  return (
    <>
      <label className="block">
        <span className="mb-1 block font-medium text-xs">Rule files</span>
        <input
          type="file"
          multiple
          accept=".yml,.yaml,.rules"
          className="block w-full text-xs file:mr-3 file:h-8 file:rounded-md file:border file:border-line file:bg-canvas file:px-3 file:text-ink"
          onChange={async (event) => onFiles(await readFiles(event.target.files as FileList))}
        />
      </label>
      {files.length > 0 && <p className="break-words text-muted text-xs">{files.map(({ name }) => name).join(", ")}</p>}
      <TextArea
        label="Or paste a rule file"
        className="h-40"
        hint="YAML with groups of rules, as Prometheus reads it. Nothing is stored before you import."
        value={pasted}
        onChange={(event) => onPasted(event.target.value)}
      />
    </>
  );
}

function Imported({ rules }: { rules: ImportedRule[] }) {
  const count = countOf(rules, "create", "change");
  return (
    <Notice title={`${plural(count, "rule")} imported`}>
      <Link href="/alerts/rules" className="text-accent underline">
        Show rules
      </Link>
    </Notice>
  );
}

/** Takes over Prometheus' rule files: what becomes of each rule first, then all that can be count over. */
export function RuleImport() {
  const [files, setFiles] = useState<RuleFile[]>([]);
  const [pasted, setPasted] = useState("");
  const [plan, apply] = [useImportFiles(), useImportFiles()];
  const all = [...files, ...(pasted.trim() === "" ? [] : [{ name: PASTED, content: pasted }])];
  const rules = plan.data?.rules;
  const waiting = rules ? countOf(rules, "create", "change") : 0;
  const failed = apply.error ?? plan.error;
  const anew = () => {
    plan.reset();
    apply.reset();
  };
  return (
    <Card>
      <CardTitle
        aside={
          <Link href="/alerts/rules" className="text-accent underline">
            Back to rules
          </Link>
        }
      >
        Import Prometheus rules
      </CardTitle>
      <div className="space-y-3">
        <Source
          {...{ files, pasted }}
          onFiles={(chosen) => {
            setFiles(chosen);
            anew();
          }}
          onPasted={(text) => {
            setPasted(text);
            anew();
          }}
        />
        {failed && <Notice variant="bad" title={failed.message} />}
        {rules && <Planned rules={rules} />}
        {apply.data && <Imported rules={apply.data.rules} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button
            disabled={all.length === 0 || plan.isPending}
            onClick={() => plan.mutate({ files: all, dryRun: true })}
          >
            Show changes
          </Button>
          {waiting > 0 && !apply.data && (
            <Button
              variant="primary"
              disabled={apply.isPending}
              onClick={() => apply.mutate({ files: all, dryRun: false })}
            >
              Import {plural(waiting, "rule")}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}
