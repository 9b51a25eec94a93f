import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { quantile } from "#lib/stats/quantile.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { ROOT } from "../steps/paths.ts";
import { launchChromium } from "./browser.ts";
import type { Drawn, Painter } from "./drawings.tsx";
import { say } from "./say.ts";

const TURNS = 7;

/** A module for a browser as one script. */
async function scriptOf(contents: string, external: string[] = []): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT, loader: "tsx" },
    ...{ bundle: true, minify: true, write: false, format: "esm", jsx: "automatic", external },
    define: { "process.env.NODE_ENV": '"production"' },
  });
  return outputFiles[0]?.text ?? "";
}

/** What a library adds to a page that has React, kB by gzip. */
async function sizeKb(imported: string): Promise<number> {
  const script = await scriptOf(`export ${imported}`, ["react", "react-dom", "react/*"]);
  return Math.round(gzipSync(script).length / 1000);
}

const RECHARTS = '{ CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis } from "recharts"';

/** Twelve panels of ten lines of 300 points, then a live point in each, by recharts and by our charts, which are uPlot's: medians of turns in one browser. */
export async function run(_options: BenchOptions): Promise<BenchResult> {
  const drawings = JSON.stringify(join(ROOT, "scripts/bench/drawings.tsx"));
  const script = await scriptOf(`import { draw } from ${drawings}; window.sightlineDraw = draw;`);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addScriptTag({ content: script, type: "module" });
    const draw = (painter: Painter): Promise<Drawn> =>
      page.evaluate(
        (name) => (window as unknown as { sightlineDraw: (painter: Painter) => Promise<Drawn> }).sightlineDraw(name),
        painter,
      );
    const drawn: Record<Painter, Drawn[]> = { recharts: [], uPlot: [] };
    for (let turn = 0; turn <= TURNS; turn++)
      for (const painter of ["recharts", "uPlot"] as const) {
        const times = await draw(painter);
        say(`${painter} ${JSON.stringify(times)}`);
        // The first turn is the compiler's.
        if (turn > 0) drawn[painter].push(times);
      }
    const median = (painter: Painter, figure: keyof Drawn) =>
      Math.round(
        quantile(
          drawn[painter].map((times) => times[figure]),
          0.5,
        ),
      );
    return {
      rechartsKb: await sizeKb(RECHARTS),
      uPlotKb: await sizeKb('{ default } from "uplot"'),
      rechartsFirstMs: median("recharts", "firstMs"),
      uPlotFirstMs: median("uPlot", "firstMs"),
      rechartsLiveMs: median("recharts", "liveMs"),
      uPlotLiveMs: median("uPlot", "liveMs"),
    };
  } finally {
    await browser.close();
  }
}
