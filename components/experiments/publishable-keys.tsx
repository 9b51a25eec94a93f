"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { LastUsed } from "#components/account/last-used.tsx";
import { problemWithin } from "#components/experiments/problems.ts";
import { publishableKeysQuery } from "#components/experiments/queries.ts";
import { ApiError, call } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import * as contract from "#lib/contract/index.ts";

const listOf = (text: string) => text.split(/[\s,]+/).filter(Boolean);

function useCreateKey(onCreated: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; experiments: string[]; origins: string[] }) =>
      call(contract.publishableKeys.create, { body }),
    onSuccess: async () => {
      onCreated();
      await client.invalidateQueries(publishableKeysQuery);
    },
  });
}

function CreateKey({ experiments }: { experiments: string[] }) {
  const [name, setName] = useState("");
  const [origins, setOrigins] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const create = useCreateKey(() => setName(""));
  const problems = (create.error instanceof ApiError && create.error.problem.errors) || [];
  const [nameError, originsError] = [problemWithin(problems, "name"), problemWithin(problems, "origins")];
  const toggled = (key: string) => (chosen.includes(key) ? chosen.filter((other) => other !== key) : [...chosen, key]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name, experiments: chosen, origins: listOf(origins) });
  };
  const complete = name.trim() !== "" && origins.trim() !== "" && chosen.length > 0;
  return (
    <Card>
      <CardTitle>Create key</CardTitle>
      <Form className="space-y-3" onSubmit={submit}>
        <div className="grid items-start gap-3 sm:grid-cols-2">
          <Field
            label="Name"
            hint="What the key is for"
            maxLength={100}
            value={name}
            error={nameError}
            onChange={(event) => setName(event.target.value)}
          />
          <Field
            label="Origins"
            hint="Of the pages that send it, with commas between: https://shop.example"
            value={origins}
            error={originsError}
            onChange={(event) => setOrigins(event.target.value)}
          />
        </div>
        <fieldset className="grid gap-x-4 gap-y-2 sm:grid-cols-3">
          <legend className="mb-2 font-medium text-xs">Experiments</legend>
          {experiments.map((key) => (
            <Checkbox key={key} label={key} checked={chosen.includes(key)} onChange={() => setChosen(toggled(key))} />
          ))}
        </fieldset>
        {create.isError && !nameError && !originsError && <Notice variant="bad" title={create.error.message} />}
        <div className="flex justify-end">
          <Button type="submit" disabled={create.isPending || !complete}>
            Create key
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function Keys() {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: number) => call(contract.publishableKeys.remove, { params: { id } }),
    onSuccess: () => client.invalidateQueries(publishableKeysQuery),
  });
  const empty = (
    <p className="text-muted">
      No keys yet. A page sends its key by the client /sightline-sdk.js: see Help, Experiments.
    </p>
  );
  return (
    <Card>
      <CardTitle>Keys</CardTitle>
      {revoke.isError && <Notice variant="bad" className="mb-3" title={revoke.error.message} />}
      <QueryView
        query={useQuery(publishableKeysQuery)}
        what="The publishable keys"
        skeleton={<Skeleton className="h-14" />}
        empty={empty}
      >
        {(keys) => (
          <ul className="divide-y divide-line">
            {keys.map(({ id, name, key, experiments, origins, lastUsedAt }) => (
              <li key={id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-2.5">
                <div className="min-w-0 flex-1 basis-60 space-y-0.5">
                  <p className="truncate font-medium">{name}</p>
                  <code className="block break-all text-xs">{key}</code>
                  <p className="break-words text-muted text-xs">
                    {experiments.join(", ")} · {origins.join(", ")}
                  </p>
                  <p className="figures text-muted text-xs">
                    <LastUsed at={lastUsedAt} />
                  </p>
                </div>
                <ConfirmButton
                  act="Revoke key"
                  name={`Revoke the key ${name}`}
                  question={`Revoke the key ${name}?`}
                  consequence="Pages that use it send no more exposures and events. This cannot be undone."
                  disabled={revoke.isPending}
                  onConfirm={() => revoke.mutate(id)}
                />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Card>
  );
}

/** Keys that web pages assign and send events with; `experiments` are those that take subjects, by key. */
export function PublishableKeys({ experiments }: { experiments: string[] }) {
  return (
    <>
      <PageTitle note="For web pages: they assign and send events for some experiments, and nothing else">
        Publishable keys
      </PageTitle>
      <div className="max-w-4xl space-y-3">
        {experiments.length === 0 ? (
          <Notice title="No A/B experiment yet">
            Create an experiment that compares subjects; then its page can have a key.
          </Notice>
        ) : (
          <CreateKey experiments={experiments} />
        )}
        <Keys />
      </div>
    </>
  );
}
