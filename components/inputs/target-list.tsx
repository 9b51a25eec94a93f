"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { InputForm } from "#components/inputs/input-form.tsx";
import { TARGET_STATES } from "#components/inputs/labels.ts";
import { inputQuery, type ListedTarget, targetsQuery } from "#components/inputs/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { plural } from "#lib/format/plural.ts";
import { countText, formatText } from "#lib/format/value.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

function Labels({ title, labels }: { title: string; labels: Record<string, string> }) {
  return (
    <div className="min-w-0">
      <p className="text-muted">{title}</p>
      <ul className="font-mono [overflow-wrap:anywhere]">
        {Object.entries(labels)
          .sort()
          .map(([name, value]) => (
            <li key={name}>
              {name}={JSON.stringify(value)}
            </li>
          ))}
      </ul>
    </div>
  );
}

function Item({ target }: { target: ListedTarget }) {
  const { health, url, labels, discoveredLabels, lastScrapeAt, durationS, samples, error } = target;
  const { title, variant } = TARGET_STATES[health];
  return (
    <li className="space-y-1 py-3 text-xs">
      <p className="flex min-w-0 flex-wrap items-center gap-2 text-sm">
        <Badge variant={variant}>{title}</Badge>
        <span className="min-w-0 break-all font-medium">{url || discoveredLabels.__address__}</span>
      </p>
      {lastScrapeAt && (
        <p className="figures text-muted">
          Scraped <DateTime at={lastScrapeAt} /> in {formatText(durationS && durationS * SECOND_MS, "ms")}
          {samples !== null && `, ${countText(samples)} ${samples === 1 ? "sample" : "samples"}`}
        </p>
      )}
      {health === "dropped" && error === null && <p className="text-muted">relabel_configs drop it</p>}
      {error !== null && <p className="text-bad [overflow-wrap:anywhere]">{error}</p>}
      <details>
        <summary className="cursor-pointer text-muted">Labels</summary>
        <div className="mt-1 grid gap-3 sm:grid-cols-2">
          {health !== "dropped" && <Labels title="Of its series" labels={labels} />}
          <Labels title="Before relabelling" labels={discoveredLabels} />
        </div>
      </details>
    </li>
  );
}

const EMPTY = {
  on: {
    title: "No targets yet",
    text: "Targets appear a few seconds after the input is saved. If none do, the configuration names none.",
  },
  off: { title: "This input is turned off", text: "Its targets are scraped once it is turned on again." },
};

function Empty({ isOn, onEdit }: { isOn: boolean; onEdit: (() => void) | undefined }) {
  const { title, text } = EMPTY[isOn ? "on" : "off"];
  return (
    <Notice title={title}>
      <p className="mb-2">{text}</p>
      {onEdit && <Button onClick={onEdit}>Edit input</Button>}
    </Notice>
  );
}

function Targets({ targets, problem }: { targets: ListedTarget[]; problem: string | null }) {
  return (
    <>
      {problem !== null && (
        <Notice variant="warn" className="mb-3" title="There may be fewer targets than meant">
          <p className="[overflow-wrap:anywhere]">{problem}</p>
        </Notice>
      )}
      {targets.length > 0 && (
        <Card>
          <ul className="-my-3 divide-y divide-line">
            {targets.map((target) => (
              <Item key={JSON.stringify([target.url, target.discoveredLabels])} target={target} />
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

/** The targets of an input that scrapes: which are down and why, those first. */
export function TargetList({ id, name, mayWrite }: { id: number; name: string; mayWrite: boolean }) {
  const query = useQuery(targetsQuery(id));
  const { data: input } = useQuery(inputQuery(id));
  const [isEdited, setEdited] = useState(false);
  const close = () => setEdited(false);
  const edit = () => setEdited(true);
  const count = query.data?.targets.length ?? 0;
  return (
    <>
      <PageTitle
        note={query.data ? plural(count, "target") : " "}
        aside={
          <span className="flex gap-2">
            <Link href={`/hosts/${id}`} className="self-center text-accent text-sm underline">
              Series
            </Link>
            {mayWrite && input && count > 0 && <Button onClick={edit}>Edit input</Button>}
          </span>
        }
      >
        {input?.name ?? name}
      </PageTitle>
      <QueryView
        query={query}
        what="The targets"
        isEmpty={({ targets, problem }) => targets.length === 0 && problem === null}
        empty={<Empty isOn={input?.enabled ?? true} onEdit={mayWrite && input ? edit : undefined} />}
      >
        {(data) => <Targets {...data} />}
      </QueryView>
      <Dialog
        open={isEdited}
        onOpenChange={setEdited}
        title={`Edit ${input?.name ?? name}`}
        className="w-[min(44rem,calc(100vw-1.5rem))]"
      >
        {input && <InputForm input={input} onCreated={close} onDone={close} />}
      </Dialog>
    </>
  );
}
