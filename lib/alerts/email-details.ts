import type { EmailDetails } from "#lib/alerts/channels/message.ts";
import { explainAlert } from "#lib/alerts/explain-alert.ts";
import { chartExpression } from "#lib/alerts/preview-expression.ts";
import type { Database } from "#lib/db/client.ts";
import type { Alert } from "#lib/db/generated/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { instantInText } from "#lib/format/date-time.ts";
import { formatText } from "#lib/format/value.ts";
import { seriesTitle } from "#lib/metrics/titles.ts";
import type { ProcessMovers } from "#lib/processes/explain-processes.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { queryRange } from "#lib/tsdb/query.ts";

const BEFORE_MS = 2 * HOUR_MS;
const CAUSES = 3;
const MEASURE_TITLES: Record<ProcessMovers["measure"], string> = { cpu: "CPU", memory: "memory", io: "I/O" };

const POINTS = 240;
const CHART_LIMIT_MS = 10 * SECOND_MS;

/** What an expression was for the alert's element; null where it cannot be evaluated any more. */
async function readExpressionChart(
  db: Database,
  { expr, labels, hostId, rule, unit, rate }: Alert,
  { from, to }: { from: number; to: number },
): Promise<EmailDetails["chart"]> {
  const span = { from: new Date(from), to: new Date(to), points: POINTS };
  const request = { expr, ...span, labels: labels as Record<string, string>, host: hostId };
  try {
    const { series } = await chartExpression(db, request, AbortSignal.timeout(CHART_LIMIT_MS));
    return series[0] ? { title: rule, unit, rate, from, to, points: series[0].points } : null;
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
}

async function readChart(db: Database, alert: Alert, now: number): Promise<EmailDetails["chart"]> {
  const { hostId, seriesId, series, unit, rate, startedAt, expr } = alert;
  const [from, to] = [startedAt.getTime() - BEFORE_MS, Math.max(now, startedAt.getTime() + MINUTE_MS)];
  if (expr !== "") return readExpressionChart(db, alert, { from, to });
  if (seriesId <= 0) return null;
  const range = { hostId, series: [String(seriesId)], from, to, points: POINTS, shape: true };
  const points = (await queryRange(db, range)).series[0]?.points ?? [];
  return { title: seriesTitle(series), unit, rate, from, to, points };
}

/** "ffmpeg from 2 % to 190 % CPU", the first few. */
const processTexts = ({ measure, rows }: ProcessMovers): string =>
  rows
    .slice(0, CAUSES)
    .map(({ name, before, after }) => {
      const text = (value: number) => formatText(value, measure === "cpu" ? "percent" : "bytes", measure === "io");
      return `${name} from ${text(before)} to ${text(after)} ${MEASURE_TITLES[measure]}`;
    })
    .join("; ");

/** What a mail says of its gravest alert besides the words: the chart, what moved first, what was changed, and how it was before. */
export async function readEmailDetails(db: Database, alert: Alert, now: number): Promise<EmailDetails> {
  try {
    const { movers, processes, changes, history, incident } = await explainAlert(db, alert.hostId, alert.id, now);
    const moved = movers
      .slice(0, CAUSES)
      .map(
        ({ title, unit, rate, before, after, movedAt }) =>
          `${title} from ${formatText(before, unit, rate)} to ${formatText(after, unit, rate)}, at ${instantInText(movedAt)}`,
      );
    const causes = [
      ...(moved.length > 0 ? [`Moved first: ${moved.join("; ")}`] : []),
      ...(processes && processes.rows.length > 0 ? [`Processes that used more: ${processTexts(processes)}`] : []),
      ...(incident ? [`Incident of ${incident.members}: ${incident.first} first. ${incident.reason}`] : []),
      ...changes.slice(0, CAUSES).map(({ at, kind, text }) => `${kind} at ${instantInText(at)}: ${text}`),
      history.alerts > 0 ? `${history.alerts} times in the past 90 days` : "The first of its kind in 90 days",
      ...history.last
        .flatMap(({ said }) => said)
        .slice(0, 1)
        .map((said) => `Last time: ${said}`),
    ];
    return { causes, chart: await readChart(db, alert, now) };
  } catch (error) {
    // What cannot be explained is told all the same.
    if (isDomainError(error)) return { causes: [], chart: null };
    throw error;
  }
}
