import type { Locator } from "playwright/test";

/** Channels of an antialiased pixel differ by no more than that from its line's colour. */
const NEAR = 40;

/** How much of each line of a chart is seen, in the order of its legend: pixels of the line's colour. */
export const linesSeen = (figure: Locator): Promise<number[]> =>
  figure.evaluate((element, near) => {
    const canvas = element.querySelector("canvas");
    const { data } = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    return [...element.querySelectorAll("li line")].map((swatch) => {
      const colour = (getComputedStyle(swatch).stroke.match(/\d+/g) ?? []).map(Number);
      let pixels = 0;
      for (let n = 0; n < data.length; n += 4)
        if (data[n + 3] === 255 && colour.every((channel, k) => Math.abs((data[n + k] ?? 0) - channel) < near))
          pixels++;
      return pixels;
    });
  }, NEAR);
