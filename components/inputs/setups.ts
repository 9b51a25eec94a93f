import type { InputKind } from "#lib/contract/input-names.ts";
import { otlpEnvironment, remoteWriteYaml } from "#lib/integrations/parts/snippets.ts";

/** How a program is told to send: a text for its configuration, and where it goes. */
export type Setup = { where: string; text: string };

const remoteWrite = (url: string, token: string): Setup => ({
  where: "Add to prometheus.yml, then reload Prometheus:",
  text: remoteWriteYaml({ url, token }),
});

const otlp = (url: string, token: string): Setup => ({
  where: "Set in the environment of the application, then restart it:",
  text: otlpEnvironment({ url, token }),
});

/** By the kinds of inputs that are made here, what to copy into the sender's configuration: the portal's address as the reader has it, and the token. */
export const SETUPS: Partial<Record<InputKind, (url: string, token: string) => Setup>> = {
  remote_write: remoteWrite,
  otlp,
};

/** What a fresh node_exporter on the portal's machine needs. */
export const SCRAPE_EXAMPLE = `job_name: node
scrape_interval: 15s
static_configs:
  - targets: ["127.0.0.1:9100"]
    labels:
      env: production
`;
