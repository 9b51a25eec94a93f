import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPortal } from "../../tests/support/portal.ts";
import type { BenchResult } from "../bench.ts";
import { ROOT } from "../steps/paths.ts";
import { round } from "./statistics.ts";

const seconds = (since: number) => round((performance.now() - since) / 1000);

/** From `git clone` to the first stored sample, and from the second `npm start` to its first: seconds. */
export async function run(): Promise<BenchResult> {
  const dir = mkdtempSync(join(tmpdir(), "sightline-bench-"));
  try {
    const began = performance.now();
    const clone = join(dir, "clone");
    execFileSync("git", ["clone", "--quiet", ROOT, clone]);
    console.error("… cloned");
    const first = await startPortal(join(clone, ".data"), {}, clone);
    const cloneToFirstSampleS = seconds(began);
    console.error(`… first sample after ${cloneToFirstSampleS} s`);
    await first.stop();
    const again = performance.now();
    const second = await startPortal(join(clone, ".data"), {}, clone);
    const secondStartS = seconds(again);
    await second.stop();
    return { cloneToFirstSampleS, secondStartS };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
