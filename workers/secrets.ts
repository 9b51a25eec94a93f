import { type ChildProcess, type ForkOptions, fork } from "node:child_process";

// What is secret is not in a worker's environment, which /proc shows to every process of the same account, and which crash reports copy. Whoever starts
// a worker tells it what it needs over their channel.

const SECRETS = ["DATABASE_URL", "NEXTAUTH_SECRET"] as const;
export type Secret = (typeof SECRETS)[number];

type Message = { secrets?: Partial<Record<Secret, string>> };

/** Starts a worker without secrets in its environment, and tells it those that it needs. */
export function forkWorker(
  program: string,
  needs: readonly Secret[],
  { env: given, ...options }: ForkOptions,
): ChildProcess {
  const env: Record<string, string | undefined> = given ?? process.env;
  const plain = Object.fromEntries(Object.entries(env).filter(([name]) => !SECRETS.includes(name as Secret)));
  const child = fork(program, [], { ...options, env: plain as NodeJS.ProcessEnv });
  const secrets = Object.fromEntries(needs.map((name) => [name, env[name] ?? ""]));
  // One that ends at once has nobody left to tell.
  child.on("error", () => undefined);
  if (child.connected) child.send({ secrets } satisfies Message, () => undefined);
  return child;
}

/** Waits for what this worker is told, and keeps it where it looks for it. A worker that was started by hand has its own environment. */
export async function receiveSecrets(): Promise<void> {
  if (!process.send) return;
  const { secrets } = await new Promise<Message>((resolve) =>
    process.once("message", (message: Message) => resolve(message)),
  );
  Object.assign(process.env, secrets);
}
