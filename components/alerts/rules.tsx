"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { HeartbeatUrl } from "#components/alerts/heartbeat-url.tsx";
import { conditionText } from "#components/alerts/labels.ts";
import { type Rule, rulesQuery, useRemoveRule } from "#components/alerts/queries.ts";
import { RuleFiles } from "#components/alerts/rule-files.tsx";
import { RuleForm } from "#components/alerts/rule-form.tsx";
import { SEVERITY_VARIANT } from "#components/anomalies/labels.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

type Host = { id: number; name: string };

function Item({ rule, onEdit }: { rule: Rule; onEdit: (() => void) | undefined }) {
  const remove = useRemoveRule();
  const { name, series, severity, enabled, problem, note, condition } = rule;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-72 space-y-0.5">
        <h3 className="flex flex-wrap items-center gap-1.5 font-medium">
          <span className="break-words">{name}</span>
          <Badge variant={SEVERITY_VARIANT[severity]}>{severity}</Badge>
          {!enabled && <Badge>off</Badge>}
        </h3>
        <p className="figures text-muted text-xs">
          {series && (
            <>
              <code className="break-all">{series}</code> ·{" "}
            </>
          )}
          {conditionText(rule)}
        </p>
        {condition.kind === "expression" && <CodeBlock label={`Expression of ${name}`} text={condition.expr} />}
        {note && <p className="break-words text-xs">{note}</p>}
        {onEdit && rule.condition.kind === "heartbeat" && <HeartbeatUrl ruleId={rule.id} name={name} />}
        {problem && enabled && (
          <p className="break-words text-warn text-xs">
            {condition.kind === "expression" ? "" : "Judges nothing: "}
            {problem}
          </p>
        )}
        {remove.isError && (
          <p role="alert" className="text-bad text-xs">
            {remove.error.message}
          </p>
        )}
      </div>
      {onEdit && (
        <span className="flex gap-2">
          <Button className="h-8" aria-label={`Edit ${name}`} onClick={onEdit}>
            Edit
          </Button>
          <ConfirmButton
            act="Remove rule"
            name={`Remove ${name}`}
            question={`Remove the rule ${name}?`}
            consequence="Its alerts end, and stay in the history. This cannot be undone."
            disabled={remove.isPending}
            onConfirm={() => remove.mutate(rule.id)}
          />
        </span>
      )}
    </li>
  );
}

/** What alerts are raised by. */
export function Rules({ hosts, mayWrite }: { hosts: Host[]; mayWrite: boolean }) {
  const query = useQuery(rulesQuery);
  const [expression, setExpression] = useQueryState("expression", parseAsString);
  const [edited, setEdited] = useState<Rule | "new" | undefined>(expression && mayWrite ? "new" : undefined);
  const close = () => {
    setEdited(undefined);
    void setExpression(null);
  };
  return (
    <Card>
      <CardTitle
        aside={
          <span className="flex flex-wrap gap-2">
            <RuleFiles mayWrite={mayWrite} />
            {mayWrite && (
              <Button variant="primary" className="h-8" onClick={() => setEdited("new")}>
                Create rule
              </Button>
            )}
          </span>
        }
      >
        Rules
      </CardTitle>
      <QueryView
        query={query}
        what="The rules"
        skeleton={<Skeleton className="h-40" />}
        empty={
          <Notice title="No rules yet">
            A rule names a series, a condition, and how long it must hold before it is an alert.
          </Notice>
        }
      >
        {(rules) => (
          <ul className="divide-y divide-line">
            {rules.map((rule) => (
              <Item key={rule.id} rule={rule} onEdit={mayWrite ? () => setEdited(rule) : undefined} />
            ))}
          </ul>
        )}
      </QueryView>
      <Dialog
        open={edited !== undefined}
        onOpenChange={close}
        title={edited === "new" ? "Create rule" : "Edit rule"}
        className="w-[min(56rem,calc(100vw-1.5rem))]"
      >
        {edited && (
          <RuleForm
            hosts={hosts}
            rule={edited === "new" ? undefined : edited}
            expression={expression ?? undefined}
            onDone={close}
          />
        )}
      </Dialog>
    </Card>
  );
}
