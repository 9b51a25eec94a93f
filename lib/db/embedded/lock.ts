import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTime } from "#lib/db/embedded/process.ts";
import { DomainError } from "#lib/errors.ts";

/** The process that holds a data folder, unless it died without letting go. */
export function lockHolder(dir: string): number | undefined {
  try {
    const [pid, started] = readFileSync(join(dir, "sightline.pid"), "latin1").trim().split(" ");
    return started !== undefined && startTime(Number(pid)) === started ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes a data folder for this process; the answer lets it go. @throws DomainError conflict when another one has it */
export function lockDataDir(dir: string): () => void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // Also one that an earlier version left open to others.
  chmodSync(dir, 0o700);
  const path = join(dir, "sightline.pid");
  for (;;) {
    try {
      writeFileSync(path, `${process.pid} ${startTime(process.pid)}\n`, { flag: "wx", mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = lockHolder(dir);
      if (holder)
        throw new DomainError(
          "conflict",
          `The data folder ${dir} is in use by process ${holder}: stop it, or set DATA_DIR to another folder`,
        );
      rmSync(path, { force: true });
    }
  }
}
