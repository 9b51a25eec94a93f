import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { MadeSeries } from "./rule-samples.ts";

/** Whether `promtool test rules` can be run, which Debian's prometheus brings. */
export const hasPromtool = (): boolean => existsSync("/usr/bin/promtool");

/** The alerts of one name that are to fire, and all that are to wait or fire, at an instant (ms since the samples' beginning). */
export type ExpectedAlerts = {
  at: number;
  firing: Map<string, { exp_labels: Record<string, string>; exp_annotations: Record<string, string> }[]>;
  all: { labels: Record<string, string>; state: "pending" | "firing" }[];
};

const labelText = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(",");

const plain = (value: number | null): string => (value === null ? "_" : value.toFixed(3).replace(/\.?0+$/, "") || "0");

/** Numbers to nine digits: what is added up in another order differs in the last of seventeen. */
const rounded = (text: string): string =>
  text.replace(/-?\d+\.?\d*(?:e[+-]\d+)?/g, (number) => Number(number).toPrecision(9));

/** What promtool says, without the alerts that differ in nothing but the last digits of numbers. */
function beyondRounding(output: string): string {
  const alike = (whole: string, expected: string, got: string) => (rounded(expected) === rounded(got) ? "" : whole);
  const rest = output.replace(
    / *alertname: [^\n]*\n *exp:(\[.*?\]), *\n *got:(\[.*?\])\n(?=\s*(?: alertname: | expr: |$))/gs,
    alike,
  );
  return rest.replace(/Unit Testing: .*|FAILED:/g, "").trim();
}

/** Judges rule files on samples by Debian's Prometheus and compares with what is expected; answers what differs, empty where nothing does. */
export function promtoolDifferences(
  ruleFiles: string[],
  made: MadeSeries[],
  { stepMs, expected }: { stepMs: number; expected: ExpectedAlerts[] },
): string {
  const dir = mkdtempSync(join(tmpdir(), "sightline-promtool-"));
  try {
    const file = join(dir, "test.yml");
    writeFileSync(
      file,
      stringify(
        {
          rule_files: ruleFiles,
          evaluation_interval: "1m",
          tests: [
            {
              interval: `${stepMs}ms`,
              input_series: made.map(({ metric, labels, host, values }) => ({
                series: `${metric}{${labelText({ ...labels, host })}}`,
                values: values.map(plain).join(" "),
              })),
              alert_rule_test: expected.flatMap(({ at, firing }) =>
                [...firing].map(([alertname, exp_alerts]) => ({ eval_time: `${at}ms`, alertname, exp_alerts })),
              ),
              promql_expr_test: expected.map(({ at, all }) => ({
                expr: "ALERTS",
                eval_time: `${at}ms`,
                exp_samples: all.map(({ labels, state }) => ({
                  labels: `ALERTS{${labelText({ ...labels, alertstate: state })}}`,
                  value: 1,
                })),
              })),
            },
          ],
        },
        { lineWidth: 0 },
      ),
    );
    const { status, stdout, stderr } = spawnSync("/usr/bin/promtool", ["test", "rules", file], {
      encoding: "utf8",
      maxBuffer: 1e9,
      timeout: 600_000,
    });
    return status === 0 ? "" : beyondRounding(`${stdout}${stderr}` || "promtool failed");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
