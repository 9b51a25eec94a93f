import type { ReportDiff, SectionChange } from "#components/reports/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime, TextWithTimes } from "#components/ui/time-format.tsx";
import { changeText } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";

function Figures({ figures }: { figures: SectionChange["figures"] }) {
  return (
    <Table columns={["Figure", "Before", "After", "Change"]} className="mb-3">
      {figures.map(({ label, unit, rate, before, after }) => (
        <tr key={label}>
          <td className="py-1.5 pr-3">{label}</td>
          <td className="py-1.5 pr-3">{formatText(before, unit, rate)}</td>
          <td className="py-1.5 pr-3">{formatText(after, unit, rate)}</td>
          <td className="py-1.5 pr-3">{changeText(before, after, 0)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** Lines that only one of the reports has; a word says which, since a sign or a colour does not reach every reader. */
function Lines({ removed, added }: { removed: string[]; added: string[] }) {
  const all = [
    ...removed.map((text) => ({ text, mark: "−", name: "Removed" })),
    ...added.map((text) => ({ text, mark: "+", name: "Added" })),
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
            <TextWithTimes text={text} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function shown(cell: string | number | null) {
  if (cell === null || cell === "") return "–";
  return typeof cell === "string" ? <TextWithTimes text={cell} /> : cell;
}

/** Rows that both have, each with its cells that changed. */
function ChangedRows({ changed }: { changed: SectionChange["rows"]["changed"] }) {
  return (
    <dl className="figures mb-3 divide-y divide-line text-xs">
      {changed.map(({ name, cells }) => (
        <div key={name} className="flex flex-wrap gap-x-4 py-1.5">
          <dt className="min-w-32 font-medium">{name}</dt>
          {cells.map(({ column, before, after }) => (
            <dd key={column}>
              <span className="text-muted">
                {column} {shown(before)} →{" "}
              </span>
              {shown(after)}
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
      {words.removed.length + words.added.length > 0 && <Lines {...words} />}
      {figures.length > 0 && <Figures figures={figures} />}
      {rows.changed.length > 0 && <ChangedRows changed={rows.changed} />}
      {rows.removed.length + rows.added.length > 0 && (
        <>
          <p className="mb-1 text-muted text-xs">{rows.columns.join(" · ")}</p>
          <Lines removed={rows.removed.map(line)} added={rows.added.map(line)} />
        </>
      )}
    </Card>
  );
}

/** What changed since the last report of this kind. */
export function DiffView({ diff: { report, against, sections } }: { diff: ReportDiff }) {
  const changed = sections.filter(({ diffState }) => diffState !== "same");
  const same = sections.filter(({ diffState }) => diffState === "same");
  return (
    <>
      <PageTitle
        note={
          <>
            Created <DateTime at={report.generatedAt} />
            {against && (
              <>
                , compared with <DateTime at={against.generatedAt} />
              </>
            )}
          </>
        }
        aside={
          <span className="flex flex-wrap gap-4 text-sm">
            {against && (
              <Link className="text-muted hover:text-ink" href={`/reports/${against.id}`}>
                Previous report
              </Link>
            )}
            <Link className="text-muted hover:text-ink" href={`/reports/${report.id}`}>
              This report
            </Link>
          </span>
        }
      >
        {report.title}: changes
      </PageTitle>
      <div className="grid max-w-5xl gap-3">
        {!against && (
          <Notice title="No previous report to compare with">
            This is the first report of its type and hosts. The next one will be compared with it.
          </Notice>
        )}
        {against && changed.length === 0 && <Notice title="Nothing changed" />}
        {changed.map((change) => (
          <Section key={change.title} change={change} />
        ))}
        {same.length > 0 && changed.length > 0 && (
          <p className="text-muted text-xs">Unchanged: {same.map(({ title }) => title).join(", ")}.</p>
        )}
      </div>
    </>
  );
}
