import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { type AgentState, AgentStateFile } from "#lib/collect/agent/agent-state.ts";
import { type EnrolledState, enrol } from "#lib/collect/agent/enrol.ts";
import { type AgentOptions, readOptions, USAGE } from "#lib/collect/agent/options.ts";
import { PortalClient } from "#lib/collect/agent/portal-client.ts";
import { assertOnlyAgent, runAgent } from "#lib/collect/agent/run-agent.ts";
import { becomeLean, forkProber, thisAgent } from "#lib/collect/agent/self.ts";
import { installService, uninstallService } from "#lib/collect/agent/service.ts";
import { identifyHost, machineId } from "#lib/collect/host.ts";
import { Prober } from "#lib/collect/prober.ts";
import { VERSION } from "#lib/config/version.ts";
import { hashToken } from "#lib/crypto/signed.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { onStop, stopSignal } from "../lifecycle.ts";

// What the agent does, by its command line.

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const AGENT = thisAgent(import.meta.url);
const DESCRIBE_LIMIT_MS = 30 * SECOND_MS;

async function describeMachine({ name, machineId: id }: AgentOptions): Promise<HostIdentity> {
  const [file = "", ...args] = AGENT.command(["inventory"]);
  const { stdout } = await promisify(execFile)(file, args, {
    timeout: DESCRIBE_LIMIT_MS,
  });
  const machine = JSON.parse(stdout) as HostIdentity;
  return { ...machine, machineId: id ?? machine.machineId, name: name ?? machine.name };
}

const isEnrolled = (state: AgentState | undefined): state is EnrolledState => state?.host !== undefined;

const clientOf = (url: string, { ca }: AgentOptions): PortalClient => {
  if (url.startsWith("http:") && !/^http:\/\/(127\.|localhost|\[::1\])/.test(url))
    log.warn({ url }, "the way to the portal is not encrypted: use an https:// address");
  return new PortalClient(url, ca === undefined ? undefined : readFileSync(ca));
};

/** The state of an agent that the portal knows: that of before, unless another token or another portal is given. */
async function enrolled(options: AgentOptions, file: AgentStateFile): Promise<EnrolledState> {
  const { url, token } = options;
  const state = file.read();
  const id = options.machineId ?? (await machineId());
  const isOwn = isEnrolled(state) && state.machineId === id && (url === undefined || url === state.url);
  if (isOwn && (token === undefined || hashToken(token) === state.tokenHash)) {
    const { name = state.name } = options;
    if (name !== state.name) file.write({ ...state, name });
    return { ...state, name };
  }
  if (token === undefined && state && state.machineId !== id)
    throw new Error("the data folder is of another machine: enrol this one by a token of its own");
  const target = url ?? state?.url;
  if (target === undefined || token === undefined)
    throw new Error("--url and --token are needed at the first start: copy the line from Hosts > Add host");
  const machine = await describeMachine(options);
  const client = clientOf(target, options);
  try {
    return await enrol(client, file, {
      ...{ url: target, token, version: VERSION, machine, signal: stopSignal },
      name: options.name,
    });
  } finally {
    client.close();
  }
}

async function runUntilStopped(options: AgentOptions): Promise<void> {
  const { dataDir } = options;
  const file = new AgentStateFile(dataDir);
  let stopAgent = async () => {};
  onStop([{ name: "agent", run: () => stopAgent() }]);
  await assertOnlyAgent(dataDir);
  const state = await enrolled(options, file);
  const client = clientOf(state.url, options);
  const prober = new Prober(() => forkProber(AGENT, dataDir));
  const agent = runAgent({
    ...{ dataDir, file, state, client, prober, version: VERSION },
    describe: () => describeMachine({ ...options, name: state.name }),
  });
  stopAgent = () => agent.stop();
}

async function install(options: AgentOptions): Promise<void> {
  await enrolled(options, new AgentStateFile(options.dataDir));
  const { message } = await installService(AGENT, options);
  print(message);
  process.exit(0);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.command === "inventory") return print(JSON.stringify(await identifyHost()));
  if (options.command === "version") return print(VERSION);
  if (options.command === "help") return print(USAGE);
  if (options.command === "uninstall") return print(await uninstallService());
  if (options.command === "install") return install(options);
  becomeLean(AGENT);
  return runUntilStopped(options);
}

main().catch((error: unknown) => {
  // Plain words: whoever started it by hand reads them.
  process.stderr.write(`sightline-agent: ${reasonOf(error)}\n`);
  process.exit(1);
});
