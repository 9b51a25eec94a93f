import Link from "next/link";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import type { Wire } from "#components/layout/wire.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Table } from "#components/ui/table.tsx";
import { signedShare } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";
import type { ReportDiff, SectionChange } from "#lib/reports/diff.ts";

function Figures({ figures }: { figures: SectionChange["figures"] }) {
  return (
    <Table columns={["Figure", "Was", "Is", "Change"]} className="mb-3">
      {figures.map(({ label, unit, rate, was, is }) => (
        <tr key={label}>
          <td className="py-1.5 pr-3">{label}</td>
          <td className="py-1.5 pr-3">{was === null ? "–" : formatText(was, unit, rate)}</td>
          <td className="py-1.5 pr-3">{is === null ? "–" : formatText(is, unit, rate)}</td>
          <td className="py-1.5 pr-3">{was && is !== null ? signedShare(is / was - 1, 0) : ""}</td>
        </tr>
      ))}
    </Table>
  );
}

/** Lines that one report has and the other has not; a word says which, since colour alone tells not everybody. */
function Lines({ gone, come }: { gone: string[]; come: string[] }) {
  const all = [
    ...gone.map((text) => ({ text, mark: "−", name: "No longer" })),
    ...come.map((text) => ({ text, mark: "+", name: "New" })),
  ];
  return (
    <ul className="mb-3 space-y-1 text-sm">
      {all.map(({ text, mark, name }) => (
        <li key={mark + text} className="flex gap-2">
          <span aria-hidden className="figures w-3 shrink-0 font-semibold text-muted">
            {mark}
          </span>
          <span className={mark === "−" ? "text-muted" : undefined}>
            <span className="sr-only">{name}: </span>
            {text}
          </span>
        </li>
      ))}
    </ul>
  );
}

const shown = (cell: string | number | null) => (cell === null || cell === "" ? "–" : cell);

/** Rows that both have, each with its cells that moved. */
function Moved({ changed }: { changed: SectionChange["rows"]["changed"] }) {
  return (
    <dl className="figures mb-3 divide-y divide-line text-xs">
      {changed.map(({ name, cells }) => (
        <div key={name} className="flex flex-wrap gap-x-4 py-1.5">
          <dt className="min-w-32 font-medium">{name}</dt>
          {cells.map(({ column, was, is }) => (
            <dd key={column}>
              <span className="text-muted">
                {column} {shown(was)} →{" "}
              </span>
              {shown(is)}
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

const line = (row: (string | number | null)[]) => row.filter((cell) => cell !== null && cell !== "").join(" · ");

function Section({ change }: { change: SectionChange }) {
  const { title, diffState, words, figures, rows } = change;
  return (
    <Card>
      <CardTitle aside={diffState === "changed" ? undefined : <Badge>{diffState}</Badge>}>{title}</CardTitle>
      {words.gone.length + words.come.length > 0 && <Lines {...words} />}
      {figures.length > 0 && <Figures figures={figures} />}
      {rows.changed.length > 0 && <Moved changed={rows.changed} />}
      {rows.gone.length + rows.come.length > 0 && (
        <>
          <p className="mb-1 text-muted text-xs">{rows.columns.join(" · ")}</p>
          <Lines gone={rows.gone.map(line)} come={rows.come.map(line)} />
        </>
      )}
    </Card>
  );
}

/** What changed since the last report of this kind. */
export function DiffView({ diff: { report, against, sections } }: { diff: Wire<ReportDiff> }) {
  const all = sections as SectionChange[];
  const moved = all.filter(({ diffState }) => diffState !== "same");
  const same = all.filter(({ diffState }) => diffState === "same");
  return (
    <>
      <PageTitle
        note={
          against
            ? `Made ${formatDateTime(report.generatedAt)}, against that of ${formatDateTime(against.generatedAt)}`
            : `Made ${formatDateTime(report.generatedAt)}`
        }
        aside={
          <span className="flex gap-4 text-sm">
            {against && (
              <Link className="text-muted hover:text-ink" href={`/reports/${against.id}`}>
                The last one
              </Link>
            )}
            <Link className="text-muted hover:text-ink" href={`/reports/${report.id}`}>
              This one
            </Link>
          </span>
        }
      >
        {report.title}: what changed
      </PageTitle>
      <div className="grid max-w-5xl gap-3">
        {!against && (
          <Notice title="The first of its kind">
            There is none of the same kind and hosts before it. The next one is held against this.
          </Notice>
        )}
        {against && moved.length === 0 && <Notice title="Nothing changed" />}
        {moved.map((change) => (
          <Section key={change.title} change={change} />
        ))}
        {same.length > 0 && moved.length > 0 && (
          <p className="text-muted text-xs">As before: {same.map(({ title }) => title).join(", ")}.</p>
        )}
      </div>
    </>
  );
}
