import type { Cause } from "#lib/incidents/causes.ts";
import { BOTTLENECK_ADVICE } from "#lib/insights/advice.ts";
import type { Bottleneck } from "#lib/insights/bottlenecks.ts";

/** Something to do next, and the page or address for it; empty of none. */
export type Step = { text: string; page: string };

const MOST_STEPS = 5;

/** What to do about a cause. */
function stepsFor({ kind, title, page }: Cause, saturated: Omit<Bottleneck, "now">[]): Step[] {
  switch (kind) {
    case "no_data":
      return [
        { text: "See whether the host answers: ping it, or open its console", page: "" },
        { text: "If it does, see whether its agent runs: systemctl status sightline-agent", page: "" },
      ];
    case "change":
      return [{ text: `See what it changed, and take it back if that is the matter: ${title}`, page }];
    case "process":
      return [{ text: "See what all processes used at that time", page }];
    case "statement":
      return [{ text: "See what the database's statements and sessions did, and the plan of that statement", page }];
    case "shared":
      return [{ text: "See what became unusual at the same time, and what these hosts share", page }];
    default:
      return saturated
        .slice(0, 1)
        .flatMap((own) => BOTTLENECK_ADVICE[own.kind](own.subject).how.slice(0, 1))
        .map((text) => ({ text, page: "" }));
  }
}

/** What to do next: what helped before, what the causes ask for, the surest first (weak ones only where there is nothing better), and where to look. */
export function nextSteps(
  causes: Cause[],
  { saturated, remedy, hostPage }: { saturated: Omit<Bottleneck, "now">[]; remedy: Step | undefined; hostPage: string },
): Step[] {
  const surer = causes.filter(({ certainty }) => certainty !== "weak");
  const steps = [
    ...(remedy ? [remedy] : []),
    ...(surer.length > 0 ? surer : causes).flatMap((cause) => stepsFor(cause, saturated)),
    { text: "Look at the host at that time: what else moved", page: hostPage },
  ];
  const all = new Map(steps.map((step) => [step.text, step]));
  const last = steps.at(-1) as Step;
  return [...[...all.values()].filter((step) => step !== last).slice(0, MOST_STEPS - 1), last];
}
