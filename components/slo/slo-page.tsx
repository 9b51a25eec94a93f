"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { TimeChart } from "#components/charts/lazy-charts.tsx";
import { useWidth } from "#components/charts/use-width.ts";
import { budgetText, burnText, StateBadge, sliText } from "#components/slo/figures.tsx";
import { type SloDetail, sloQuery, useRemoveSlo } from "#components/slo/queries.ts";
import { SloForm } from "#components/slo/slo-form.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";
import { DAY_MS, HOUR_MS } from "#lib/time/durations.ts";

const HEIGHT = 200;
type Points = SloDetail["budget"];
type Line = { name: string; points: Points };

function Chart({ title, unit, lines }: { title: string; unit: string; lines: Line[] }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const points = lines[0]?.points ?? [];
  const [from, to] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  const series = lines.map((line, id) => ({
    ...{ id, metric: line.name, labels: {}, name: line.name, unit, kind: "gauge" as const, intervalMs: HOUR_MS },
    points: line.points,
  }));
  return (
    <Card>
      <CardTitle>{title}</CardTitle>
      <div ref={ref} style={{ minHeight: HEIGHT }}>
        {points.length > 1 ? (
          <TimeChart
            {...{ title, unit, rate: false, height: HEIGHT, width }}
            range={{ from, to, stepMs: HOUR_MS, resolutions: ["minute"], series }}
          />
        ) : (
          <p className="text-muted text-xs">Drawn once two hours with events are counted.</p>
        )}
      </div>
    </Card>
  );
}

function Figure({ label, value, note }: { label: string; value: string; note?: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-2xs text-muted">{label}</dt>
      <dd className="figures text-lg">{value}</dd>
      {note && <dd className="text-muted text-xs">{note}</dd>}
    </div>
  );
}

/** How long the budget lasts. */
function exhaustion({ budgetLeft, exhaustedAt }: SloDetail): { value: string; note?: ReactNode } {
  if (budgetLeft !== null && budgetLeft <= 0) return { value: "already" };
  if (exhaustedAt) return { value: "expected", note: <DateTime at={exhaustedAt} /> };
  return { value: "not expected", note: "at the burn rate of the last hour" };
}

function Figures({ slo }: { slo: SloDetail }) {
  const { sli, failed, total, budgetEvents, budgetLeft, budgetMinutes, minutesLeft } = slo;
  const count = (value: number | null) => formatText(value, "count");
  return (
    <Card>
      <dl className="grid grid-cols-2 gap-4 lg:grid-cols-4">
        <Figure
          label={`SLI, ${slo.windowDays} days`}
          value={sliText(sli)}
          note={`${count(failed)} of ${count(total)} failed`}
        />
        <Figure
          label="Error budget"
          value={budgetText(budgetLeft)}
          note={`of ${count(budgetEvents)} events, or ${count(minutesLeft ?? budgetMinutes)} of ${count(budgetMinutes)} minutes`}
        />
        <Figure label="Burn rate, 1 h" value={burnText(slo.burnHour)} note={`6 h: ${burnText(slo.burnSixHours)}`} />
        <Figure label="Budget used up" {...exhaustion(slo)} />
      </dl>
    </Card>
  );
}

const Days = ({ days }: { days: SloDetail["days"] }) => (
  <Card>
    <CardTitle aside="UTC">Days</CardTitle>
    <Table columns={["Day", "Events", "Failed", "SLI"]} figures={["Events", "Failed", "SLI"]}>
      {days.map(({ at, total, failed, sli }) => (
        <tr key={at.getTime()}>
          <td className="py-1.5 pr-3">{at.toISOString().slice(0, 10)}</td>
          <td className="py-1.5 pr-3 text-right">{formatText(total, "count")}</td>
          <td className="py-1.5 pr-3 text-right">{formatText(failed, "count")}</td>
          <td className="py-1.5 pr-3 text-right">{sliText(sli)}</td>
        </tr>
      ))}
    </Table>
  </Card>
);

/** What a reader must know of the data before they believe the figures. */
function DataNotes({ slo }: { slo: SloDetail }) {
  const { dataFrom, countedTo, windowDays, problem } = slo;
  const isShort = dataFrom && countedTo && countedTo.getTime() - dataFrom.getTime() < (windowDays - 1) * DAY_MS;
  return (
    <>
      {problem && <Notice variant="bad" title={`Its events cannot be counted: ${problem}`} />}
      {!countedTo && <Notice title="Its past is being counted: figures come within minutes" />}
      {countedTo && !dataFrom && <Notice variant="warn" title="No events in the window: the budget is untouched" />}
      {isShort && (
        <Notice title={`Events are stored for less than ${windowDays} days`}>
          All figures are of what is there, since <DateTime at={dataFrom} />.
        </Notice>
      )}
    </>
  );
}

function Charts({ slo }: { slo: SloDetail }) {
  const level = (value: number): Points => slo.burn.map(([at]) => [at, value]);
  const fast = slo.thresholds.find(({ severity }) => severity === "critical")?.factor ?? 0;
  const slow = slo.thresholds.find(({ severity }) => severity === "warning")?.factor ?? 0;
  const percent = slo.budget.map(([at, left]): Points[number] => [at, left === null ? null : left * 100]);
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <Chart title="Error budget left" unit="percent" lines={[{ name: "Budget left", points: percent }]} />
      <Chart
        title="Burn rate"
        unit="count"
        lines={[
          { name: "Burn rate", points: slo.burn },
          { name: "Page, 1 h", points: level(fast) },
          { name: "Ticket, 1 d", points: level(slow) },
        ]}
      />
    </div>
  );
}

function Actions({ slo, onEdit }: { slo: SloDetail; onEdit: () => void }) {
  const [remove, router] = [useRemoveSlo(), useRouter()];
  return (
    <span className="flex gap-2">
      <Button className="h-8" onClick={onEdit}>
        Edit SLO
      </Button>
      <ConfirmButton
        act="Delete"
        name={`Delete ${slo.name}`}
        question={`Delete the SLO ${slo.name}?`}
        consequence="Its counts and its alert rules are deleted too."
        disabled={remove.isPending}
        onConfirm={() => remove.mutate(slo.id, { onSuccess: () => router.push("/slos") })}
      />
    </span>
  );
}

/** One SLO: what is left of its budget, how it went and how fast it burns. */
export function SloPage({ id, mayWrite }: { id: number; mayWrite: boolean }) {
  const query = useQuery(sloQuery(id));
  const [isEdited, edit] = useState(false);
  return (
    <QueryView query={query} what="The SLO">
      {(slo) => (
        <>
          <PageTitle
            note={[`${slo.objective} % in ${slo.windowDays} days`, slo.service, slo.owner, slo.description]
              .filter(Boolean)
              .join(" · ")}
            aside={mayWrite && <Actions slo={slo} onEdit={() => edit(true)} />}
          >
            {slo.name} <StateBadge state={slo.state} />
          </PageTitle>
          <div className="space-y-3">
            <DataNotes slo={slo} />
            {slo.countedTo && (
              <>
                <Figures slo={slo} />
                <Charts slo={slo} />
                {slo.days.length > 0 && <Days days={slo.days} />}
              </>
            )}
            <p className="text-muted text-xs">
              <Link href="/slos" className="underline">
                All SLOs
              </Link>{" "}
              ·{" "}
              <Link href="/alerts/rules" className="underline">
                Alert rules
              </Link>
            </p>
          </div>
          <Dialog
            open={isEdited}
            onOpenChange={edit}
            title={`Edit ${slo.name}`}
            className="w-[min(48rem,calc(100vw-1.5rem))]"
          >
            {isEdited && <SloForm slo={slo} onDone={() => edit(false)} />}
          </Dialog>
        </>
      )}
    </QueryView>
  );
}
