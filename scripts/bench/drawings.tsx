import { createRoot } from "react-dom/client";
import { CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis } from "recharts";
import { lineLook } from "#components/charts/palette.ts";
import { TimeChart } from "#components/charts/time-chart.tsx";
import type { RangeResult } from "#lib/tsdb/query.ts";

// What `npm run bench -- charts` has a browser draw: the same panels by our charts, which are uPlot's, and by recharts.

const PANELS = Array.from({ length: 12 }, (_, panel) => panel);
const [LINES, POINTS, STEP_MS] = [10, 300, 15_000];
const SIZE = { width: 560, height: 180 };

/** Made-up lines, `newer` points further on. */
function rangeOf(panel: number, newer: number): RangeResult {
  const from = newer * STEP_MS;
  const series = Array.from({ length: LINES }, (_, line) => ({
    ...{ id: line, metric: "cpu.core.usage", name: `core ${line}`, labels: { core: String(line) } },
    ...{ unit: "percent" as const, kind: "gauge" as const, intervalMs: STEP_MS },
    points: Array.from({ length: POINTS }, (_, n): [number, number] => [
      from + n * STEP_MS,
      50 + 40 * Math.sin((newer + n) / 20 + line + panel),
    ]),
  }));
  return { from, to: from + (POINTS - 1) * STEP_MS, stepMs: STEP_MS, resolutions: ["raw"], series };
}

type PanelProps = { range: RangeResult };

const Ours = ({ range }: PanelProps) => <TimeChart title="CPU" unit="percent" rate={false} {...{ range, ...SIZE }} />;

function Recharts({ range: { series, from, to } }: PanelProps) {
  const rows = (series[0]?.points ?? []).map(([at], n) => ({
    at,
    ...Object.fromEntries(series.map(({ id, points }) => [`s${id}`, points[n]?.[1]])),
  }));
  return (
    <LineChart data={rows} syncId="time" syncMethod="value" {...SIZE}>
      <CartesianGrid vertical={false} />
      <XAxis dataKey="at" type="number" scale="time" domain={[from, to]} allowDataOverflow />
      <YAxis domain={[0, 100]} allowDataOverflow />
      <Tooltip isAnimationActive={false} />
      {series.map(({ id }, n) => (
        <Line key={id} dataKey={`s${id}`} type="linear" dot={false} isAnimationActive={false} {...lineLook(n)} />
      ))}
    </LineChart>
  );
}

const PAINTERS = { recharts: Recharts, uPlot: Ours };
export type Painter = keyof typeof PAINTERS;
export type Drawn = { firstMs: number; liveMs: number };

/** Until the next frame is on the screen, ms. */
function painted(act: () => void): Promise<number> {
  const startedAt = performance.now();
  act();
  return new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now() - startedAt);
      port2.postMessage(undefined);
    }),
  );
}

function Panels({ painter, newer }: { painter: Painter; newer: number }) {
  const Panel = PAINTERS[painter];
  return PANELS.map((panel) => <Panel key={panel} range={rangeOf(panel, newer)} />);
}

/** Draws all panels, then one more point in each, and takes them away. */
export async function draw(painter: Painter): Promise<Drawn> {
  const box = document.body.appendChild(document.createElement("div"));
  const root = createRoot(box);
  const firstMs = await painted(() => root.render(<Panels painter={painter} newer={0} />));
  await painted(() => undefined);
  const liveMs = await painted(() => root.render(<Panels painter={painter} newer={1} />));
  root.unmount();
  box.remove();
  return { firstMs, liveMs };
}
