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

const CELL = "whitespace-nowrap py-2 pr-3 tabular-nums";
const wrong = (is: boolean) => (is ? `${CELL} font-medium text-bad` : CELL);

/** The cells of a row, right of its name. */
export function FigureCells({ rate, errorRate, p50, p95, p99, apdex }: Figures) {
  const percent = errorRate === null ? null : errorRate * 100;
  return (
    <>
      <td className={CELL}>{formatText(rate, "count")}</td>
      <td className={wrong((errorRate ?? 0) > ERRORS)}>{formatText(percent, "percent")}</td>
      {[p50, p95, p99].map((seconds, n) => (
        <td key={FIGURE_COLUMNS[n + 2]} className={CELL}>
          {formatText(seconds === null ? null : seconds * 1_000, "ms")}
        </td>
      ))}
      <td className={wrong(apdex !== null && apdex < APDEX)}>{apdex === null ? "–" : apdex.toFixed(2)}</td>
    </>
  );
}
