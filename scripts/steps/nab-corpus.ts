import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Detector } from "#lib/anomalies/detector.ts";

/** A labelled series of the Numenta Anomaly Benchmark: times in ms (as if UTC), one value each. */
export type NabFile = { name: string; times: number[]; values: number[] };

/** The series that CORPUS/windows.json names, without looking at its labels. */
export function readCorpus(dir: string): NabFile[] {
  const names = Object.keys(JSON.parse(readFileSync(join(dir, "windows.json"), "utf8")) as object);
  return names.map((name) => {
    const rows = readFileSync(join(dir, name), "utf8").trim().split(/\r?\n/).slice(1);
    const cells = rows.map((row) => row.split(",") as [string, string]);
    return {
      name,
      times: cells.map(([at]) => Date.parse(`${at.trim().replace(" ", "T")}Z`)),
      values: cells.map(([, value]) => Number(value)),
    };
  });
}

/** The shipped detector's score of each row. What follows in an event that has begun scores 0, as it alerts nobody. */
export function scoreFile({ times, values }: NabFile, alertThreshold?: number): number[] {
  const detector = new Detector();
  return values.map((value, row) => {
    const { score, phase } = detector.observe(
      times[row] as number,
      value,
      alertThreshold === undefined ? {} : { alertThreshold },
    );
    return phase === "running" ? 0 : score;
  });
}
