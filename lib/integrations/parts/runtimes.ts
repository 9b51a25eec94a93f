import type { Integration, Setup } from "#lib/integrations/parts/integration.ts";
import { otlpService } from "#lib/integrations/parts/snippets.ts";

/** Series of a runtime by the process that they are of. */
export const PROCESS_LEGEND = "{{job}} {{instance}}";

/** What Sightline shows of the services of a runtime besides their metrics. */
export const ON_APPLICATIONS: NonNullable<Integration["elsewhere"]> = {
  text: "Requests, errors and traces of each service stand on the page Applications.",
  href: "/applications",
  link: "Applications",
};

/** A step of a shell: what it does, and the line to copy. */
type ShellStep = { text: string; command: string };

/** The set-up of a runtime by OpenTelemetry without a change of code: how its instrumentation is added, and how a service starts with it. */
export function byInstrumentation(add: ShellStep, start: ShellStep): Setup {
  const shell = ({ text, command }: ShellStep) => ({
    text,
    code: { where: "Shell", language: "sh" as const, text: () => `${command}\n` },
  });
  return {
    id: "otlp",
    title: "OpenTelemetry",
    kind: "otlp",
    steps: [
      shell(add),
      otlpService("shop", "Set in the environment of the service; the name is how pages call it."),
      shell(start),
    ],
  };
}
