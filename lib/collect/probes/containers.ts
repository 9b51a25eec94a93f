import { access, constants } from "node:fs/promises";

const LIMIT_MS = 5_000;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_CONTAINERS = 1_000;
const SHORT_ID = 12;
/** Where Docker and Podman listen as a rule. */
const USUAL = ["/var/run/docker.sock", "/run/podman/podman.sock"];

/** What the engine behind a socket answers; its API is Docker's, which Podman speaks too. */
async function ask(socketPath: string): Promise<unknown> {
  // Loaded only where there is an engine to ask: it is a large part of the prober's memory.
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const query = request({ socketPath, path: "/containers/json", headers: { host: "localhost" } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
        if (text.length > MAX_BYTES) query.destroy(new Error("its answer is too long"));
      });
      answer.on("end", () => {
        try {
          if (answer.statusCode !== 200) throw new Error(`it answered ${answer.statusCode}`);
          resolve(JSON.parse(text));
        } catch (error) {
          reject(error);
        }
      });
      answer.on("error", reject);
    });
    query.setTimeout(LIMIT_MS, () => query.destroy(new Error("it does not answer")));
    query.on("error", reject);
    query.end();
  });
}

const isReadable = (path: string) =>
  access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );

/** Names of an answer by their short id; what is no container is left out. */
function parseContainers(answer: unknown): [id: string, name: string][] {
  if (!Array.isArray(answer)) return [];
  return answer.slice(0, MAX_CONTAINERS).flatMap((entry: { Id?: unknown; Names?: unknown } | null) => {
    const name = Array.isArray(entry?.Names) ? (entry.Names[0] as unknown) : undefined;
    if (typeof entry?.Id !== "string" || typeof name !== "string") return [];
    const plain = name.replace(/^\//, "").toWellFormed().replaceAll("\u0000", "").slice(0, 128);
    return plain === "" ? [] : [[entry.Id.slice(0, SHORT_ID), plain]];
  });
}

/**
 * What the containers of this machine are called, by their short id: of the socket that is named, else of the usual ones that may be used. None where there is no
 * engine.
 */
export async function readContainerNames(socket: string): Promise<[id: string, name: string][]> {
  const sockets = socket === "" ? USUAL : [socket];
  const usable = (await Promise.all(sockets.map(isReadable))).flatMap((readable, n) =>
    readable ? [sockets[n] as string] : [],
  );
  const answers = await Promise.allSettled(usable.map(ask));
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? parseContainers(answer.value) : []));
  const failed = answers.find((answer) => answer.status === "rejected");
  if (found.length === 0 && failed) throw failed.reason;
  return found;
}
