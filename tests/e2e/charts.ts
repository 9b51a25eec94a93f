import type { Locator } from "playwright/test";

/** Channels of an antialiased pixel differ by no more than that from its line's colour. */
const NEAR = 40;

/** How much of each colour is seen in a chart: pixels. Colours are as CSS writes them. */
const pixelsOf = (figure: Locator, colours: string[]): Promise<number[]> =>
  figure.evaluate(
    (element, { colours, near }) => {
      const canvas = element.querySelector("canvas");
      const { data } = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const brush = document.createElement("canvas").getContext("2d");
      /** A colour as a canvas has it, whatever CSS calls it. */
      const channelsOf = (colour: string): number[] => {
        if (!brush) return [];
        brush.fillStyle = colour;
        brush.fillRect(0, 0, 1, 1);
        return [...brush.getImageData(0, 0, 1, 1).data.slice(0, 3)];
      };
      return colours.map(channelsOf).map((colour) => {
        let pixels = 0;
        for (let n = 0; n < data.length; n += 4)
          if (data[n + 3] === 255 && colour.every((channel, k) => Math.abs((data[n + k] ?? 0) - channel) < near))
            pixels++;
        return pixels;
      });
    },
    { colours, near: NEAR },
  );

/** How much of each line of a chart is seen, in the order of its legend: pixels of the line's colour. */
export async function linesSeen(figure: Locator): Promise<number[]> {
  const swatches = figure.locator("li line");
  return pixelsOf(figure, await swatches.evaluateAll((lines) => lines.map((line) => getComputedStyle(line).stroke)));
}

/** How much is seen of the bars of each kind, in the order in which the chart names them where it is pointed at. */
export async function barsSeen(figure: Locator): Promise<number[]> {
  const chart = figure.getByRole("application");
  await chart.focus();
  await chart.press("End");
  const dots = chart.locator("span.rounded-full");
  const colours = await dots.evaluateAll((all) => all.map((dot) => getComputedStyle(dot).backgroundColor));
  await chart.press("Escape");
  return pixelsOf(figure, colours);
}
