import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import type { TimeFormat } from "#lib/format/date-time.ts";
import { escapeMarkup } from "#lib/format/markup.ts";
import { drawChart, HEIGHT, LEFT, type Span, WIDTH } from "#lib/reports/drawing.ts";
import type { ReportChart } from "#lib/reports/section.ts";

/** Colours that read on white and on black, as mail programs have either. */
const COLOURS = ["#0b62b8", "#c25400", "#007a5a", "#b0418a", "#2e9bd6", "#a97b00", "#6b5bb5", "#5f6b7a"];
const [PAPER, LINE, INK] = ["#ffffff", "#e3e6ea", "#5b6470"];
const SCALE = 2;

function svg(chart: ReportChart, span: Span, time: TimeFormat): string {
  const { values, times, lines } = drawChart(chart, span, time);
  const text = `font-family="Geist" font-size="11" fill="${INK}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}"><rect width="100%" height="100%" fill="${PAPER}"/>`,
    ...values.map(
      ({ y, text: label }) =>
        `<line x1="${LEFT}" x2="${WIDTH}" y1="${y}" y2="${y}" stroke="${LINE}"/><text x="${LEFT - 6}" y="${y + 4}" text-anchor="end" ${text}>${escapeMarkup(label)}</text>`,
    ),
    ...times.map(
      ({ x, text: label }) =>
        `<text x="${x}" y="${HEIGHT - 4}" text-anchor="middle" ${text}>${escapeMarkup(label)}</text>`,
    ),
    ...lines.map(
      ({ path }, n) => `<path d="${path}" fill="none" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="1.5"/>`,
    ),
    "</svg>",
  ].join("");
}

/** A chart as a PNG of twice its size in points, with our own font: a bare machine has none. */
export function chartPng(chart: ReportChart, span: Span, time: TimeFormat): Uint8Array {
  const fonts = join(process.env.SIGHTLINE_ROOT ?? process.cwd(), "node_modules/geist/dist/fonts/geist-sans");
  return new Resvg(svg(chart, span, time), {
    fitTo: { mode: "width", value: WIDTH * SCALE },
    font: { fontFiles: [join(fonts, "Geist-Regular.ttf")], loadSystemFonts: false, defaultFontFamily: "Geist" },
  })
    .render()
    .asPng();
}
