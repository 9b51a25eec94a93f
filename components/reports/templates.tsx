"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { call } from "#components/layout/api.ts";
import { createReport, type ReportTemplate, templatesQuery } from "#components/reports/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { ListRow } from "#components/ui/list-row.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import * as contract from "#lib/contract/index.ts";

type Props = { titles: Map<string, string>; onOpen: (template: ReportTemplate) => void };

const days = (count: number) => (count === 1 ? "1 day" : `${count} days`);

function summary({ sectionNames, expressions, hostIds, days: count }: ReportTemplate, titles: Props["titles"]): string {
  const parts = [...sectionNames.map((name) => titles.get(name) ?? name), ...expressions.map(({ title }) => title)];
  const hosts = hostIds.length === 0 ? "all hosts" : hostIds.length === 1 ? "1 host" : `${hostIds.length} hosts`;
  return `${parts.join(", ")} · ${hosts} · ${days(count)}`;
}

/** Saved templates: a report can be created of each, and each can be opened in the builder or removed. */
export function Templates({ titles, onOpen }: Props) {
  const router = useRouter();
  const client = useQueryClient();
  const query = useQuery(templatesQuery);
  const create = useMutation({
    mutationFn: ({ id, days: count }: ReportTemplate) =>
      createReport({ type: "custom", templateId: id, from: `now-${count}d` }),
    onSuccess: ({ id }) => router.push(`/reports/${id}`),
  });
  const remove = useMutation({
    mutationFn: (id: number) => call(contract.reportTemplates.remove, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: templatesQuery.queryKey }),
  });
  const failed = create.error ?? remove.error;
  return (
    <Card>
      <CardTitle aside={query.data && <span className="figures">{query.data.length}</span>}>Templates</CardTitle>
      <QueryView
        query={query}
        what="The templates"
        skeleton={<Skeleton className="h-14" />}
        empty={
          <p className="text-muted text-xs">
            No templates yet. Save one above to create its report again, to schedule it, or to compare it with the last.
          </p>
        }
      >
        {(templates) => (
          <ul className="divide-y divide-line">
            {templates.map((template) => (
              <ListRow key={template.id} title={template.name} note={summary(template, titles)}>
                <Button className="h-8" onClick={() => onOpen(template)}>
                  Open in builder
                </Button>
                <Button className="h-8" disabled={create.isPending} onClick={() => create.mutate(template)}>
                  Create report
                </Button>
                <ConfirmButton
                  act="Remove template"
                  question={`Remove the template ${template.name}?`}
                  consequence="Reports that were created of it stay. This cannot be undone."
                  disabled={remove.isPending}
                  onConfirm={() => remove.mutate(template.id)}
                />
              </ListRow>
            ))}
          </ul>
        )}
      </QueryView>
      {failed && <Notice variant="bad" className="mt-3" title={failed.message} />}
    </Card>
  );
}
