"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { api } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Failure } from "#components/ui/failure.tsx";
import { ListRow } from "#components/ui/list-row.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ReportTemplate } from "#lib/reports/templates.ts";

export const TEMPLATES_KEY = ["report templates"];

type Props = { titles: Map<string, string>; onChoose: (template: ReportTemplate) => void };

/** Compositions that were kept: made anew, taken into the builder, or removed. */
export function Templates({ titles, onChoose }: Props) {
  const router = useRouter();
  const client = useQueryClient();
  const { data, error, isError, refetch } = useQuery({
    queryKey: TEMPLATES_KEY,
    queryFn: ({ signal }) => api<ReportTemplate[]>("/reports/templates", { signal }),
  });
  const make = useMutation({
    mutationFn: ({ id, days }: ReportTemplate) =>
      api<{ id: number }>("/reports", {
        method: "POST",
        body: { type: "custom", templateId: id, from: `now-${days}d` },
      }),
    onSuccess: ({ id }) => router.push(`/reports/${id}`),
  });
  const remove = useMutation({
    mutationFn: (id: number) => api(`/reports/templates/${id}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: TEMPLATES_KEY }),
  });
  const failed = make.error ?? remove.error;
  return (
    <Card>
      <CardTitle aside={data && <span className="figures">{data.length}</span>}>Templates</CardTitle>
      {isError && !data && <Failure what="The templates" error={error} onRetry={() => void refetch()} />}
      {!data && !isError && <Skeleton className="h-14" />}
      {data?.length === 0 && (
        <p className="text-muted text-xs">
          None yet. One can be made again by a click, sent by a schedule, and held against the last.
        </p>
      )}
      <ul className="divide-y divide-line">
        {data?.map((one) => (
          <ListRow
            key={one.id}
            title={one.name}
            note={
              <>
                {one.sectionNames.map((name) => titles.get(name) ?? name).join(", ")} ·{" "}
                {one.hostIds.length === 0 ? "all hosts" : `${one.hostIds.length} of the hosts`} · {one.days} days
              </>
            }
          >
            <Button className="h-8" onClick={() => onChoose(one)}>
              Open
            </Button>
            <Button className="h-8" disabled={make.isPending} onClick={() => make.mutate(one)}>
              Make it now
            </Button>
            <Button variant="danger" className="h-8" disabled={remove.isPending} onClick={() => remove.mutate(one.id)}>
              Remove
            </Button>
          </ListRow>
        ))}
      </ul>
      {failed && <Notice variant="bad" className="mt-3" title={failed.message} />}
    </Card>
  );
}
