import { formatText } from "#lib/format/value.ts";

/** What a service or an operation is judged by, in the order of the columns. */
export type Figures = {
  rate: number;
  errorRate: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  apdex: number | null;
};

export const FIGURE_COLUMNS = ["Requests/s", "Errors", "p50", "p95", "p99", "Apdex (0.25 s)"];

/** Of more errors, and of a lower Apdex, somebody should know. */
const ERRORS = 0.01;
const APDEX = 0.85;

type Shown = { name: string; text: string; isBad: boolean };

/** The figures as texts, with their columns' names. */
function shownOf({ rate, errorRate, p50, p95, p99, apdex }: Figures): Shown[] {
  const ms = (seconds: number | null) => formatText(seconds === null ? null : seconds * 1_000, "ms");
  const texts: [string, boolean][] = [
    [formatText(rate, "count"), false],
    [formatText(errorRate === null ? null : errorRate * 100, "percent"), (errorRate ?? 0) > ERRORS],
    ...[p50, p95, p99].map((seconds): [string, boolean] => [ms(seconds), false]),
    [apdex === null ? "–" : apdex.toFixed(2), apdex !== null && apdex < APDEX],
  ];
  return texts.map(([text, isBad], n) => ({ name: FIGURE_COLUMNS[n] ?? "", text, isBad }));
}

const CELL = "whitespace-nowrap py-2 pr-3 text-right tabular-nums";

/** The cells of a row, right of its name. */
export const FigureCells = (figures: Figures) =>
  shownOf(figures).map(({ name, text, isBad }) => (
    <td key={name} className={isBad ? `${CELL} font-medium text-bad` : CELL}>
      {text}
    </td>
  ));

/** The figures side by side, of whatever a page is of. */
export const FigureRow = (figures: Figures) => (
  <dl className="figures grid grid-cols-3 gap-x-6 gap-y-3 sm:grid-cols-6">
    {shownOf(figures).map(({ name, text, isBad }) => (
      <div key={name}>
        <dt className="text-muted text-xs">{name}</dt>
        <dd className={isBad ? "font-semibold text-bad text-lg" : "font-semibold text-lg"}>{text}</dd>
      </div>
    ))}
  </dl>
);
