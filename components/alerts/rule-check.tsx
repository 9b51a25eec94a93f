"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ExpressionElements } from "#components/alerts/expression-preview.tsx";
import type { RuleRequest } from "#components/alerts/queries.ts";
import { ruleCheckQuery } from "#components/alerts/rule-queries.ts";

const PAUSE_MS = 500;

/** What a rule would judge, a moment after whoever writes it pauses. What is not complete yet is no mistake. */
export function RuleCheck({ request }: { request: RuleRequest }) {
  const key = JSON.stringify({ ...request, name: request.name || "new rule" });
  const [settled, setSettled] = useState(key);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(key), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  const rule = JSON.parse(settled) as RuleRequest;
  const { condition } = rule;
  const isExpression = condition.kind === "expression";
  const text = isExpression ? condition.expr.trim() : rule.series;
  const isComplete =
    condition.kind !== "heartbeat" && (text ?? "") !== "" && (isExpression || !settled.includes("null"));
  const { data, error } = useQuery({ ...ruleCheckQuery(rule), enabled: isComplete });
  if (isComplete && isExpression && error)
    return (
      <p role="status" className="break-words text-warn text-xs">
        {error.message}
      </p>
    );
  if (!isComplete || !data) return null;
  if (isExpression) return <ExpressionElements check={data} />;
  const { problem, series, hosts } = data;
  return (
    <p role="status" className={problem ? "break-words text-warn text-xs" : "figures text-muted text-xs"}>
      {problem ?? `Judges ${series} series on ${hosts} ${hosts === 1 ? "host" : "hosts"}.`}
    </p>
  );
}
