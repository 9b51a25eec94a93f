"use client";

import { useState } from "react";
import { useImportRules } from "#components/alerts/rule-queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextArea } from "#components/ui/text-area.tsx";

const ACTIONS = { create: "is created", change: "is changed", keep: "stays", remove: "is removed" };

type Change = NonNullable<ReturnType<typeof useImportRules>["data"]>[number];

const Plan = ({ changes }: { changes: Change[] }) => (
  <ul role="status" className="space-y-1 text-xs">
    {changes.length === 0 && <li>Nothing would change.</li>}
    {changes.map(({ name, action, fields }) => (
      <li key={`${action} ${name}`}>
        {name} {ACTIONS[action]}
        {fields.length > 0 && `: ${fields.join(", ")}`}
      </li>
    ))}
  </ul>
);

function Import({ onDone }: { onDone: () => void }) {
  const [yaml, setYaml] = useState("");
  const [prune, setPrune] = useState(false);
  const [plan, apply] = [useImportRules(), useImportRules()];
  const failed = apply.error ?? plan.error;
  const changes = (plan.data ?? []).filter(({ action }) => action !== "keep");
  return (
    <div className="space-y-3">
      <TextArea
        label="Rules as YAML"
        className="h-64"
        value={yaml}
        onChange={(event) => {
          setYaml(event.target.value);
          plan.reset();
        }}
      />
      <Checkbox
        label="Remove rules that are not in it"
        checked={prune}
        onChange={(event) => {
          setPrune(event.target.checked);
          plan.reset();
        }}
      />
      {failed && <Notice variant="bad" title={failed.message} />}
      {plan.data && <Plan changes={changes} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        {changes.length > 0 ? (
          <Button
            variant="primary"
            disabled={apply.isPending}
            onClick={() => apply.mutate({ yaml, prune, dryRun: false }, { onSuccess: onDone })}
          >
            Apply changes
          </Button>
        ) : (
          <Button
            variant="primary"
            disabled={plan.isPending || yaml.trim() === ""}
            onClick={() => plan.mutate({ yaml, prune, dryRun: true })}
          >
            Show changes
          </Button>
        )}
      </div>
    </div>
  );
}

/** Rules as code: out as a file, and in again. */
export function RuleFiles({ mayWrite }: { mayWrite: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <a
        href="/api/v1/alerts/rules/file"
        className="inline-flex h-8 items-center rounded-md border border-line px-3 text-ink hover:bg-raised"
      >
        Export YAML
      </a>
      {mayWrite && (
        <>
          <Button className="h-8" onClick={() => setOpen(true)}>
            Import YAML
          </Button>
          <Link
            href="/alerts/rules/import"
            className="inline-flex h-8 items-center rounded-md border border-line px-3 text-ink hover:bg-raised"
          >
            Import Prometheus rules
          </Link>
        </>
      )}
      <Dialog open={open} onOpenChange={setOpen} title="Import rules" className="w-[min(44rem,calc(100vw-1.5rem))]">
        {open && <Import onDone={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}
