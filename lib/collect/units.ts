import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";

const LIMIT_MS = 5_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** A service of systemd: whether it is failed, and how often systemd has restarted it by itself. */
export type Unit = { name: string; failed: boolean; restarts: number };

/** Services by what `systemctl show` writes: a block of NAME=VALUE each, with an empty line between. */
export function parseUnits(text: string): Unit[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(block)?.[1] ?? "";
    const name = value("Id");
    if (!name.endsWith(".service")) return [];
    return [
      {
        name: name.slice(0, 256),
        failed: value("ActiveState") === "failed",
        restarts: Number(value("NRestarts")) || 0,
      },
    ];
  });
}

/** The services that are failed or were restarted; undefined where there is no systemd, whose folder `run` holds. */
export async function readUnits(run: string): Promise<Unit[] | undefined> {
  if (!(await stat(`${run}/systemd/system`).catch(() => undefined))) return undefined;
  const args = ["show", "*.service", "--property=Id,ActiveState,NRestarts", "--no-pager"];
  const { stdout } = await promisify(execFile)("systemctl", args, {
    timeout: LIMIT_MS,
    maxBuffer: MAX_BYTES,
    env: { NODE_ENV: "production", PATH: process.env.PATH ?? "", LC_ALL: "C" },
  });
  return parseUnits(stdout).filter(({ failed, restarts }) => failed || restarts > 0);
}
