import type { Alert } from "#components/alerts/queries.ts";
import type { CallOutput } from "#components/layout/api.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import type * as contract from "#lib/contract/index.ts";
import { durationText } from "#lib/format/duration.ts";
import { changeText } from "#lib/format/share.ts";
import { formatText } from "#lib/format/value.ts";

type CauseOf = CallOutput<typeof contract.alertCauses.explain>;

function Movers({ hostId, movers, incident }: { hostId: number } & Pick<CauseOf, "movers" | "incident">) {
  return (
    <Card>
      <CardTitle aside="first at the top">What moved</CardTitle>
      {incident && (
        <p className="mb-2 text-xs">
          Part of an{" "}
          <Link href={`/anomalies/incidents/${incident.id}?host=${hostId}`} className="text-accent underline">
            incident of {incident.members} {incident.members === 1 ? "anomaly" : "anomalies"}
          </Link>
          , since <DateTime at={incident.startedAt} />: {incident.first} first. {incident.reason}.
        </p>
      )}
      {movers.length === 0 ? (
        <p className="text-muted text-xs">No series was far from what it was in the two hours before.</p>
      ) : (
        <Table columns={["Series", "Before", "Then", "Moved at"]}>
          {movers.map(({ seriesId, series, title, unit, rate, before, after, movedAt }) => (
            <tr key={seriesId}>
              <td className="py-1.5 pr-3" title={series}>
                {title}
              </td>
              <td className="py-1.5 pr-3">{formatText(before, unit, rate)}</td>
              <td className="py-1.5 pr-3 font-medium">{formatText(after, unit, rate)}</td>
              <td className="py-1.5 pr-3">
                <DateTime at={movedAt} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}

const MEASURE_TITLES = { cpu: "CPU, of one core", memory: "resident memory", io: "read and written" };

function Processes({ hostId, processes }: { hostId: number } & Pick<CauseOf, "processes">) {
  if (!processes)
    return (
      <Card>
        <CardTitle>Processes</CardTitle>
        <p className="text-muted text-xs">None are kept of the time when it began.</p>
      </Card>
    );
  const { measure, rows, from, to } = processes;
  const text = (value: number) => formatText(value, measure === "cpu" ? "percent" : "bytes", measure === "io");
  return (
    <Card>
      <CardTitle aside={MEASURE_TITLES[measure]}>Processes that used more</CardTitle>
      {rows.length === 0 ? (
        <p className="text-muted text-xs">No process used more than in the half hour before.</p>
      ) : (
        <Table columns={["Process", "Half hour before", "When it began"]}>
          {rows.map(({ name, container, unit, before, after }) => (
            <tr key={`${name} ${container} ${unit}`}>
              <td className="py-1.5 pr-3">
                {name} <span className="text-muted">{container || unit}</span>
              </td>
              <td className="py-1.5 pr-3">{text(before)}</td>
              <td className="py-1.5 pr-3 font-medium">{text(after)}</td>
            </tr>
          ))}
        </Table>
      )}
      <Link
        href={`/hosts/${hostId}?processes=${from.getTime()}-${to.getTime()}`}
        className="mt-2 inline-block text-accent text-xs underline"
      >
        Show all processes of that time
      </Link>
    </Card>
  );
}

function Changes({ changes }: Pick<CauseOf, "changes">) {
  return (
    <Card>
      <CardTitle>Changed in the hour before</CardTitle>
      {changes.length === 0 && <p className="text-muted text-xs">No deploy, note or setting.</p>}
      <ul className="space-y-1 text-xs">
        {changes.map(({ at, kind, text }) => (
          <li key={`${at.getTime()} ${text}`} className="break-words">
            <span className="figures text-muted">
              <DateTime at={at} />
            </span>{" "}
            {kind === "settings" ? text : `${kind}: ${text}`}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Past({ hostId, history }: { hostId: number } & Pick<CauseOf, "history">) {
  const { alerts, medianMs, last } = history;
  return (
    <Card>
      <CardTitle aside="past 90 days">This alert before</CardTitle>
      {alerts === 0 ? (
        <p className="text-muted text-xs">It is the first of its kind.</p>
      ) : (
        <p className="figures mb-1 text-xs">
          {alerts} {alerts === 1 ? "time" : "times"}
          {medianMs !== null && `, half of them over within ${durationText(medianMs)}`}
        </p>
      )}
      <ul className="space-y-1 text-xs">
        {last.map(({ id, startedAt, endedAt, said }) => (
          <li key={id} className="break-words">
            <Link href={`/alerts/${id}?host=${hostId}`} className="figures text-accent hover:underline">
              <DateTime at={startedAt} />
            </Link>
            {endedAt && `, ${durationText(endedAt.getTime() - startedAt.getTime())}`}
            {said.length > 0 && `: ${said.join("; ")}`}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Why an alert began, and what its end brought. */
export function Cause({ alert, cause }: { alert: Alert; cause: CauseOf }) {
  const { effect, movers, incident, processes, changes, history } = cause;
  const { hostId, unit, rate } = alert;
  return (
    <>
      {effect && (
        <Card>
          <CardTitle>Since it ended</CardTitle>
          <p className="figures text-sm">
            {formatText(effect.before, unit, rate)} before, {formatText(effect.after, unit, rate)} after (
            {changeText(effect.before, effect.after)}), means of {effect.minutes} min each
          </p>
        </Card>
      )}
      <Movers {...{ hostId, movers, incident }} />
      <Processes {...{ hostId, processes }} />
      <Changes changes={changes} />
      <Past {...{ hostId, history }} />
    </>
  );
}
