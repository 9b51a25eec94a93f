import type { Sender, Setup, SetupStep } from "#lib/integrations/parts/integration.ts";

/** The part of prometheus.yml that sends to an input. */
export const remoteWriteYaml = ({ url, token }: Sender): string => `remote_write:
  - url: ${url}/prometheus/api/v1/write
    authorization:
      credentials: ${token}
`;

/** The part of an OpenTelemetry Collector's configuration that sends to an input, as the exporter otlphttp/sightline. */
export const collectorExporter = ({ url, token }: Sender): string => `exporters:
  otlphttp/sightline:
    endpoint: ${url}
    headers:
      authorization: Bearer ${token}
`;

/** The environment of an application that exports by OpenTelemetry. */
export const otlpEnvironment = ({ url, token }: Sender): string => `OTEL_EXPORTER_OTLP_ENDPOINT=${url}
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20${token}"
OTEL_LOGS_EXPORTER=none
`;

/** An entry of scrape_configs for one target. */
export const scrapeEntry = (job: string, target: string): string => `job_name: ${job}
static_configs:
  - targets: ["${target}"]
`;

const indented = (text: string): string =>
  text
    .trimEnd()
    .split("\n")
    .map((line, n) => (n === 0 ? `  - ${line}` : `    ${line}`))
    .join("\n");

/** The set-up by a Prometheus that scrapes an entry of scrape_configs and sends on; `before` are the steps that get the target ready. */
export const byPrometheus = (before: readonly SetupStep[], entry: string): Setup => ({
  id: "prometheus",
  title: "Prometheus",
  kind: "remote_write",
  steps: [
    ...before,
    {
      text: "Add the job and the remote write to prometheus.yml. Where the file has scrape_configs or remote_write, add only the entries.",
      code: {
        where: "prometheus.yml",
        language: "prometheus",
        text: (sender) => `scrape_configs:\n${indented(entry)}\n\n${remoteWriteYaml(sender)}`,
      },
    },
    RELOAD_PROMETHEUS,
  ],
});

/** The set-up by an input that scrapes an entry of scrape_configs itself. */
export const byScraping = (entry: string): Setup => ({
  id: "scrape",
  title: "Let Sightline scrape it",
  steps: [
    {
      text: "On the page Inputs, add an input of the kind Scraped targets with this configuration. The target is an address as the portal sees it.",
      code: { where: "Configuration of the input", language: "yaml", text: () => entry },
    },
  ],
});

/** Has a Prometheus of Debian's check and take a changed configuration. */
export const RELOAD_PROMETHEUS: SetupStep = {
  text: "Check the file, then reload Prometheus.",
  code: {
    where: "Shell",
    language: "sh",
    text: () => "promtool check config /etc/prometheus/prometheus.yml && systemctl reload prometheus\n",
  },
};

/** Installs packages of Debian's or Ubuntu's. */
export const install = (text: string, packages: string): SetupStep => ({
  text,
  code: { where: "Shell", language: "sh", text: () => `apt-get install ${packages}\n` },
});

/** The rate of a counter whose name ends in _total in some versions of a program and in others does not. */
export const rateOf = (name: string): string => `(rate(${name}_total[5m]) or rate(${name}[5m]))`;

/** The environment of a service that exports by OpenTelemetry, with its name. */
export const otlpService = (service: string, text = "Set in the environment of the service.") =>
  ({
    text,
    code: {
      where: "Environment",
      language: "env",
      text: (sender: Sender) => `OTEL_SERVICE_NAME=${service}\n${otlpEnvironment(sender)}`,
    },
  }) satisfies SetupStep;
