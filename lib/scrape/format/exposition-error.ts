/** A body that is neither the text format nor OpenMetrics, with the line that is broken, counted from 1. */
export class ExpositionError extends Error {
  readonly line: number;

  constructor(line: number, problem: string, text: string) {
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    super(`Line ${line} is broken: ${problem}: ${JSON.stringify(shown)}`);
    this.name = "ExpositionError";
    this.line = line;
  }
}
