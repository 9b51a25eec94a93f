import { queryOptions } from "@tanstack/react-query";
import { type RuleRequest, rulesQuery } from "#components/alerts/queries.ts";
import { type CallOutput, call } from "#components/layout/api.ts";
import { useChange } from "#components/layout/use-change.ts";
import * as contract from "#lib/contract/index.ts";

export type RuleTest = CallOutput<typeof contract.alertTests.test>;
export type RuleCheck = CallOutput<typeof contract.alertTests.check>;
export type ImportedRule = CallOutput<typeof contract.alertRuleFiles.importPrometheus>["rules"][number];
export type Remedies = CallOutput<typeof contract.alertTests.remedies>;

/** What a rule would have done in the past 30 days, in days of the reader's zone. */
export const ruleTestQuery = (rule: RuleRequest, zone: string) =>
  queryOptions({
    queryKey: ["alert rule test", rule, zone],
    queryFn: ({ signal }) => call(contract.alertTests.test, { body: { rule, days: 30, zone }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** Which series a rule would judge: asked for while it is written. */
export const ruleCheckQuery = (rule: RuleRequest) =>
  queryOptions({
    queryKey: ["alert rule check", rule],
    queryFn: ({ signal }) => call(contract.alertTests.check, { body: rule, signal }),
    retry: false,
    staleTime: 30_000,
  });

type Charted = {
  expr: string;
  from: number;
  to: number;
  points: number;
  labels?: Record<string, string>;
  host?: number;
};

const MOST_POINTS = 4_000;

/** An expression over [from, to] (ms), of series with some labels, in at most so many points. */
export const expressionChartQuery = ({ from, to, points, ...what }: Charted) =>
  queryOptions({
    queryKey: ["expression chart", what, from, to, points],
    queryFn: ({ signal }) =>
      call(contract.alertTests.chart, {
        body: {
          ...what,
          ...{ from: new Date(from), to: new Date(to) },
          points: Math.min(MOST_POINTS, Math.max(2, Math.floor(points))),
        },
        signal,
      }),
    retry: false,
  });

export const noisyRulesQuery = queryOptions({
  queryKey: ["noisy alert rules"],
  queryFn: ({ signal }) => call(contract.alertTests.noisy, { signal }),
});

export const remediesQuery = (id: number) =>
  queryOptions({
    queryKey: ["alert rule remedies", id],
    queryFn: ({ signal }) => call(contract.alertTests.remedies, { params: { id }, signal }),
    retry: false,
  });

export const heartbeatQuery = (id: number) =>
  queryOptions({
    queryKey: ["heartbeat", id],
    queryFn: ({ signal }) => call(contract.heartbeats.read, { params: { id }, signal }),
  });

/** Makes the rules those of a file, or says what that would change. */
export const useImportRules = () =>
  useChange(rulesQuery.queryKey, (body: { yaml: string; dryRun: boolean; prune: boolean }) =>
    call(contract.alertRuleFiles.import, { body }),
  );

/** Takes over Prometheus' rule files, or says what would become of each rule. */
export const useImportFiles = () =>
  useChange(rulesQuery.queryKey, (body: { files: { name: string; content: string }[]; dryRun: boolean }) =>
    call(contract.alertRuleFiles.importPrometheus, { body }),
  );
