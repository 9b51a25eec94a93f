"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { inhibitionsQuery, useCreateInhibition, useRemoveInhibition } from "#components/alerts/routing-queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

function Create() {
  const create = useCreateInhibition();
  const empty = { sourceMatchers: "", targetMatchers: "", equal: "host" };
  const [draft, setDraft] = useState(empty);
  const problem = problemsOf(create.error);
  const bind = (key: keyof typeof draft) => ({
    value: draft[key],
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [key]: event.target.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const equal = draft.equal
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean);
    create.mutate({ ...draft, equal }, { onSuccess: () => setDraft(empty) });
  };
  return (
    <Form className="mt-3 grid items-start gap-3 border-line border-t pt-3 sm:grid-cols-3" onSubmit={submit}>
      <Field
        label="While this fires"
        error={problem("source_matchers")}
        hint={'rule="Host sends no data"'}
        {...bind("sourceMatchers")}
      />
      <Field
        label="these notify nobody"
        error={problem("target_matchers")}
        hint={'severity=~".+"'}
        {...bind("targetMatchers")}
      />
      <Field
        label="where these labels are the same"
        error={problem("equal")}
        hint="Separated by commas"
        {...bind("equal")}
      />
      <Button type="submit" className="justify-self-start" disabled={create.isPending}>
        Create inhibition
      </Button>
    </Form>
  );
}

/** Which alerts hold back which others. */
export function Inhibitions() {
  const query = useQuery(inhibitionsQuery);
  const remove = useRemoveInhibition();
  return (
    <Card>
      <CardTitle>Inhibition</CardTitle>
      <QueryView
        query={query}
        what="The inhibitions"
        skeleton={<Skeleton className="h-12" />}
        empty={<p className="text-muted text-xs">No alert holds back another.</p>}
      >
        {(rows) => (
          <ul className="divide-y divide-line">
            {rows.map(({ id, sourceMatchers, targetMatchers, equal }) => (
              <li key={id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-xs">
                <span className="min-w-0 break-words">
                  While <code>{sourceMatchers}</code> fires, <code>{targetMatchers}</code> of the same{" "}
                  {equal.join(", ") || "portal"} notifies nobody
                </span>
                <ConfirmButton
                  act="Remove inhibition"
                  question="Remove this inhibition?"
                  consequence="What it holds back is sent from then on."
                  disabled={remove.isPending}
                  onConfirm={() => remove.mutate(id)}
                />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
      <Create />
    </Card>
  );
}
