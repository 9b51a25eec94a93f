import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DomainError } from "#lib/errors.ts";

/** The guides in docs/, in the order in which a reader needs them; each with what it answers. */
export const GUIDES = {
  guide: "The pages, one after the other",
  hosts: "Agents on other machines, and checks of what answers",
  alerts: "Rules, alerts, silences and notification channels",
  incidents: "What an incident's page says of its cause, what helped before, and post-mortems",
  slos: "Objectives, error budgets and burn-rate alerts",
  processes: "Which process did it: what is kept, masked and shown",
  databases: "Watching PostgreSQL and PgBouncer, and what each finding means",
  detection: "How anomalies, forecasts and recommendations are made, and how well",
  experiments: "Planning, running and judging an experiment",
  reports: "Reports, templates, schedules and mails",
  exports: "Files of anything, now or in the background",
  integrations: "Taking over node_exporter, OpenTelemetry, nginx and others; the catalogue of metrics",
  inputs: "Inputs for what other programs measure: Prometheus remote write",
  otlp: "Metrics and traces of OpenTelemetry",
  events: "Deploys and other events from pipelines, GitHub and GitLab",
  assistants: "The MCP server, by which assistants read the portal",
  promql: "PromQL, and the portal as a Prometheus data source of Grafana",
  api: "Programs and pipelines",
  configuration: "Every variable and setting",
  operations: "Running, backing up, restoring, and what to do when something fails",
  scaling: "How far one machine goes, and past it",
  performance: "What Sightline costs, measured beside its peers, and where it is behind",
  glossary: "What each word means",
  "chunk-format": "The bytes in which samples are stored, for programs that read them",
} as const;

export type GuideName = keyof typeof GUIDES;

const isGuide = (name: string): name is GuideName => Object.hasOwn(GUIDES, name);

/** A guide as Markdown, with its first heading as its title. @throws DomainError not-found */
export async function readGuide(name: string, root = process.cwd()): Promise<{ title: string; text: string }> {
  if (!isGuide(name)) throw new DomainError("not-found", `There is no guide "${name}": /help lists them`);
  const text = await readFile(join(root, "docs", `${name}.md`), "utf8");
  const [, title = name] = /^# (.+)$/m.exec(text) ?? [];
  return { title, text: text.replace(/^# .+$/m, "").trim() };
}
