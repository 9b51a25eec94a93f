import { isOpenMetrics, parseOpenMetrics } from "#lib/scrape/format/open-metrics.ts";
import type { ExpositionReader } from "#lib/scrape/format/reader.ts";
import { parseText } from "#lib/scrape/format/text-format.ts";

/**
 * Reads a body as Prometheus does: by its content type OpenMetrics 1.0, or else the text format 0.0.4, a line at a step. What stands before a broken line is heard of.
 * @throws ExpositionError that names the broken line
 */
export function* readExposition(body: string, contentType: string, reader: ExpositionReader): Generator<undefined> {
  if (isOpenMetrics(contentType)) yield* parseOpenMetrics(body, reader);
  else yield* parseText(body, reader);
}
