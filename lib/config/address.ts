import type { Environment } from "#lib/config/environment.ts";

type Bound = Pick<Environment, "host" | "port">;

/** The portal's own address, as it is bound. */
export const baseUrl = ({ host, port }: Bound): string => `http://${host.includes(":") ? `[${host}]` : host}:${port}`;

/** Where people reach the portal: PUBLIC_URL, or its own address. */
export const portalUrl = (environment: Pick<Environment, "host" | "port" | "publicUrl">): string =>
  environment.publicUrl ?? baseUrl(environment);

/** An address at which the portal answers this machine itself, also when it is bound to all. */
export const localUrl = ({ host, port }: Bound): string =>
  baseUrl({ host: host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host, port });
