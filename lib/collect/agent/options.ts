import { parseArgs } from "node:util";

type AgentCommand = "run" | "install" | "uninstall" | "inventory" | "version" | "help";

export type AgentOptions = {
  command: AgentCommand;
  url: string | undefined;
  token: string | undefined;
  dataDir: string;
  /** What the host is to be called, in place of its hostname. */
  name: string | undefined;
  machineId: string | undefined;
  /** Path of a certificate authority to trust, PEM. */
  ca: string | undefined;
};

export const USAGE = `Sightline agent: sends this machine's metrics to a Sightline portal.

  sightline-agent [run]       samples and sends until it is stopped
  sightline-agent install     enrols, and runs as a systemd service from now on (as root)
  sightline-agent uninstall   stops and removes the service; --data stays

  --url URL          the portal's address                       (SIGHTLINE_URL)
  --token TOKEN      enrolment token, for the first start       (SIGHTLINE_TOKEN)
  --data DIR         credential and what waits to be sent       (SIGHTLINE_DATA; default /var/lib/sightline-agent)
  --name NAME        name of the host, in place of its hostname
  --machine-id ID    identity of the host, where copies of a machine share one
  --ca FILE          certificate authority to trust, PEM
  --version, --help
`;

const COMMANDS: readonly string[] = ["run", "install", "uninstall", "inventory"];
const DEFAULT_DATA = "/var/lib/sightline-agent";

/** Reads the command line, and the environment where it leaves something out. @throws Error that says what is wrong */
export function readOptions(args: string[], env: Record<string, string | undefined>): AgentOptions {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ url: text, token: text, data: text, name: text, "machine-id": text, ca: text },
      ...{ version: flag, help: { ...flag, short: "h" } },
    },
  });
  const [command = "run", ...more] = positionals;
  if (!COMMANDS.includes(command) || more.length > 0)
    throw new Error(`"${positionals.join(" ")}" is no command: see --help`);
  const url = values.url ?? env.SIGHTLINE_URL;
  if (url !== undefined && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))
    throw new Error("--url: write the portal's address as https://sightline.example.org");
  const machineId = values["machine-id"];
  if (machineId !== undefined && !/^[\w-]{8,64}$/.test(machineId))
    throw new Error("--machine-id: write 8 to 64 letters, digits, - or _");
  return {
    command: values.help ? "help" : values.version ? "version" : (command as AgentCommand),
    ...{ url, token: values.token ?? env.SIGHTLINE_TOKEN, dataDir: values.data ?? env.SIGHTLINE_DATA ?? DEFAULT_DATA },
    ...{ name: values.name, machineId, ca: values.ca },
  };
}
