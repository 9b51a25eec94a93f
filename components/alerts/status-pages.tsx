"use client";

import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import * as contract from "#lib/contract/index.ts";

type Page = CallOutput<typeof contract.statusPages.list>[number];
type Draft = Pick<Page, "slug" | "title" | "isPublic" | "groups">;
type Host = { id: number; name: string };

const pagesQuery = queryOptions({
  queryKey: ["status pages"],
  queryFn: ({ signal }) => call(contract.statusPages.list, { signal }),
});

function useSavePage(id: number | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CallInput<typeof contract.statusPages.create>["body"]) =>
      id === undefined
        ? call(contract.statusPages.create, { body })
        : call(contract.statusPages.replace, { params: { id }, body }),
    onSuccess: (pages) => client.setQueryData(pagesQuery.queryKey, pages),
  });
}

type GroupProps = {
  group: Draft["groups"][number];
  number: number;
  hosts: Host[];
  problem: (field: string) => string | undefined;
  onChange: (group: Draft["groups"][number]) => void;
  onRemove: (() => void) | undefined;
};

function Group({ group, number, hosts, problem, onChange, onRemove }: GroupProps) {
  const { name, hostIds } = group;
  const wrong = problem(`groups.${number}.host_ids`);
  return (
    <fieldset className="grid gap-2 border-line border-l-2 pl-3">
      <legend className="sr-only">Group {number + 1}</legend>
      <Field
        label={`Group ${number + 1}`}
        hint="As its users call it: Shop, API"
        error={problem(`groups.${number}.name`)}
        value={name}
        onChange={(event) => onChange({ ...group, name: event.target.value })}
      />
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {hosts.map((host) => (
          <Checkbox
            key={host.id}
            label={host.name}
            checked={hostIds.includes(host.id)}
            onChange={({ target: { checked } }) =>
              onChange({ ...group, hostIds: checked ? [...hostIds, host.id] : hostIds.filter((id) => id !== host.id) })
            }
          />
        ))}
      </div>
      {wrong && <p className="text-bad text-xs">{wrong}</p>}
      {onRemove && (
        <Button variant="quiet" className="h-8 justify-self-start" onClick={onRemove}>
          Remove group {number + 1}
        </Button>
      )}
    </fieldset>
  );
}

const EMPTY: Draft = { slug: "", title: "", isPublic: false, groups: [{ name: "", hostIds: [] }] };

function PageForm({ page, hosts, onDone }: { page: Page | undefined; hosts: Host[]; onDone: () => void }) {
  const [draft, setDraft] = useState<Draft>(
    page ? { slug: page.slug, title: page.title, isPublic: page.isPublic, groups: page.groups } : EMPTY,
  );
  const save = useSavePage(page?.id);
  const problem = problemsOf(save.error);
  const { groups } = draft;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(draft, { onSuccess: onDone });
  };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <Field
        label="Title"
        error={problem("title")}
        value={draft.title}
        onChange={(event) => setDraft({ ...draft, title: event.target.value })}
      />
      <Field
        label="Address"
        hint="/status/…: small letters, digits and -"
        error={problem("slug")}
        value={draft.slug}
        onChange={(event) => setDraft({ ...draft, slug: event.target.value })}
      />
      {groups.map((group, n) => (
        <Group
          // biome-ignore lint/suspicious/noArrayIndexKey: a group is nothing but its place
          key={n}
          {...{ group, number: n, hosts, problem }}
          onChange={(changed) => setDraft({ ...draft, groups: groups.with(n, changed) })}
          onRemove={groups.length > 1 ? () => setDraft({ ...draft, groups: groups.toSpliced(n, 1) }) : undefined}
        />
      ))}
      <Button className="h-8" onClick={() => setDraft({ ...draft, groups: [...groups, { name: "", hostIds: [] }] })}>
        Add group
      </Button>
      <Checkbox
        label="Public"
        hint="Off: only whoever has its signed address sees it"
        checked={draft.isPublic}
        onChange={(event) => setDraft({ ...draft, isPublic: event.target.checked })}
      />
      {save.isError && <Notice variant="bad" title={save.error.message} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={save.isPending}>
          Save status page
        </Button>
      </div>
    </Form>
  );
}

function Item({ page, onEdit }: { page: Page; onEdit: () => void }) {
  const client = useQueryClient();
  const { id, title, url, isPublic, subscribers } = page;
  const remove = useMutation({
    mutationFn: () => call(contract.statusPages.remove, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: pagesQuery.queryKey }),
  });
  return (
    <li className="flex flex-wrap items-start justify-between gap-2 py-3">
      <div className="min-w-0">
        <h3 className="font-medium">{title}</h3>
        <a href={url} className="block break-all text-accent text-xs underline">
          {url}
        </a>
        <p className="figures text-muted text-xs">
          {isPublic ? "public" : "for whoever has this address"} · {subscribers} subscribers
        </p>
      </div>
      <span className="flex gap-2">
        <Button className="h-8" aria-label={`Edit ${title}`} onClick={onEdit}>
          Edit
        </Button>
        <ConfirmButton
          act="Remove status page"
          name={`Remove ${title}`}
          question={`Remove the status page ${title}?`}
          consequence="Its address leads nowhere any more, and its subscribers are forgotten."
          disabled={remove.isPending}
          onConfirm={() => remove.mutate()}
        />
      </span>
    </li>
  );
}

/** Pages for whoever uses what is monitored. */
export function StatusPages({ hosts }: { hosts: Host[] }) {
  const query = useQuery(pagesQuery);
  const [edited, setEdited] = useState<Page | "new">();
  return (
    <Card>
      <CardTitle
        aside={
          <Button variant="primary" className="h-8" onClick={() => setEdited("new")}>
            Create status page
          </Button>
        }
      >
        Status pages
      </CardTitle>
      <QueryView
        query={query}
        what="The status pages"
        skeleton={<Skeleton className="h-20" />}
        empty={
          <Notice title="No status pages yet">
            A status page shows groups of hosts to whoever uses them: up, down or in maintenance, by critical alerts.
          </Notice>
        }
      >
        {(pages) => (
          <ul className="divide-y divide-line">
            {pages.map((page) => (
              <Item key={page.id} page={page} onEdit={() => setEdited(page)} />
            ))}
          </ul>
        )}
      </QueryView>
      <Dialog
        open={edited !== undefined}
        onOpenChange={() => setEdited(undefined)}
        title={edited === "new" ? "Create status page" : "Edit status page"}
      >
        {edited && (
          <PageForm page={edited === "new" ? undefined : edited} hosts={hosts} onDone={() => setEdited(undefined)} />
        )}
      </Dialog>
    </Card>
  );
}
