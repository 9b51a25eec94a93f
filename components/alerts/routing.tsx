"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { channelsQuery } from "#components/alerts/queries.ts";
import { RouteEditor } from "#components/alerts/route-editor.tsx";
import { type Route, routingQuery, useRouteTest, useSaveRouting } from "#components/alerts/routing-queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { SaveBar } from "#components/ui/save-bar.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { SEVERITIES, type Severity } from "#lib/contract/enums.ts";
import { durationText } from "#lib/format/duration.ts";

function Tree({ initial }: { initial: Route }) {
  const [tree, setTree] = useState(initial);
  const channels = useQuery(channelsQuery);
  const save = useSaveRouting();
  const changed = JSON.stringify(tree) !== JSON.stringify(initial);
  const problem = problemsOf(save.error);
  return (
    <div className="grid gap-3">
      <RouteEditor
        {...{ route: tree, field: "tree", problem }}
        channels={channels.data ?? []}
        onChange={setTree}
        onRemove={undefined}
      />
      {save.error && <Notice variant="bad" title={save.error.message} />}
      {changed && (
        <SaveBar note="Unsaved changes">
          <Button onClick={() => setTree(initial)}>Discard</Button>
          <Button variant="primary" disabled={save.isPending} onClick={() => save.mutate(tree)}>
            Save routes
          </Button>
        </SaveBar>
      )}
    </div>
  );
}

/** "team=db, tier=1" as labels */
const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split(",").flatMap((pair) => {
      const [, name, value] = /^\s*(\w+)\s*=\s*"?([^"]*)"?\s*$/.exec(pair) ?? [];
      return name ? [[name, value ?? ""]] : [];
    }),
  );

/** Who would get an alert. */
function RouteTest({ hosts }: { hosts: string[] }) {
  const test = useRouteTest();
  const [draft, setDraft] = useState({ severity: "critical" as Severity, host: hosts[0] ?? "", labels: "" });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.mutate({ ...draft, labels: labelsOf(draft.labels) });
  };
  return (
    <Card>
      <CardTitle>Who would get this?</CardTitle>
      <Form className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_2fr_auto]" onSubmit={submit}>
        <Select
          label="Severity"
          options={SEVERITIES.toReversed().map((value) => ({ value, title: value }))}
          value={draft.severity}
          onChange={(event) => setDraft({ ...draft, severity: event.target.value as Severity })}
        />
        <Select
          label="Host"
          options={hosts.map((name) => ({ value: name, title: name }))}
          value={draft.host}
          onChange={(event) => setDraft({ ...draft, host: event.target.value })}
        />
        <Field
          label="Further labels"
          placeholder="rule=CPU usage high, team=db"
          value={draft.labels}
          onChange={(event) => setDraft({ ...draft, labels: event.target.value })}
        />
        <Button type="submit" disabled={test.isPending}>
          Find receivers
        </Button>
      </Form>
      {test.isError && <Notice variant="bad" className="mt-3" title={test.error.message} />}
      {test.data && (
        <ul role="status" className="mt-3 space-y-1 text-xs">
          {test.data.length === 0 && <li>Nobody: no route leads to a channel that takes this severity and host.</li>}
          {test.data.map(({ channelId, channel, route, afterMs, repeatMs }) => (
            <li key={`${channelId} ${afterMs}`}>
              <span className="font-medium">{channel}</span>{" "}
              {afterMs === 0 ? "at once" : `after ${durationText(afterMs)} without acknowledgement`}
              {repeatMs > 0 && `, again every ${durationText(repeatMs)}`} · {route}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Which channels hear of which alerts. */
export function Routing({ hosts }: { hosts: string[] }) {
  const query = useQuery(routingQuery);
  return (
    <>
      <Card>
        <CardTitle aside={query.data?.stored === false && "as shipped: every channel hears of everything"}>
          Routes
        </CardTitle>
        <QueryView query={query} what="The routes" skeleton={<Skeleton className="h-40" />}>
          {({ tree, problems }) => (
            <>
              {problems.map((problem) => (
                <Notice key={problem} variant="warn" className="mb-3" title={problem} />
              ))}
              <Tree key={JSON.stringify(tree)} initial={tree} />
            </>
          )}
        </QueryView>
      </Card>
      <RouteTest hosts={hosts} />
    </>
  );
}
