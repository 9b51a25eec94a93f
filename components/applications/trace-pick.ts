"use client";

import { useRouter } from "next/navigation";
import { type Subject, tracesHref } from "#components/applications/addresses.ts";
import type { PickInstant } from "#components/charts/pick-instant.ts";

/** Leads from an instant of a chart to the traces around it. */
export function useTracePick(subject: Subject): PickInstant {
  const router = useRouter();
  return {
    hint: "Click or press Enter for the traces",
    onPick: (at) => router.push(tracesHref(subject, at)),
  };
}
