"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
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
  const isComplete = rule.condition.kind !== "heartbeat" && (rule.series ?? "") !== "" && !settled.includes("null");
  const { data } = useQuery({ ...ruleCheckQuery(rule), enabled: isComplete });
  if (!isComplete || !data) return null;
  const { problem, series, hosts } = data;
  return (
    <p role="status" className={problem ? "break-words text-warn text-xs" : "figures text-muted text-xs"}>
      {problem ?? `Judges ${series} series on ${hosts} ${hosts === 1 ? "host" : "hosts"}.`}
    </p>
  );
}
