type Named = { id: number; name: string };

/** The series whose forecast is shown until somebody chooses another. */
export const usualSeries = <T extends Named>(series: readonly T[]): T | undefined =>
  series.find(({ name }) => name === "cpu.usage") ?? series[0];
