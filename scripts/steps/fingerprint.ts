import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.ts";

/** One hash over the contents of files and folders of the project, whatever their dates say. */
export function fingerprint(parts: string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    const path = join(ROOT, part);
    const files = statSync(path).isDirectory()
      ? globSync("**/*", { cwd: path }).map((file) => join(part, file))
      : [part];
    for (const file of files.sort()) {
      if ((file !== part && file.includes("generated")) || !statSync(join(ROOT, file)).isFile()) continue;
      hash
        .update(file)
        .update("\0")
        .update(readFileSync(join(ROOT, file)))
        .update("\0");
    }
  }
  return hash.digest("hex");
}

/** Runs `work` unless it was done for this fingerprint; the stamp is written last, so a kill means doing it again. */
export async function once(stamp: string, print: string, work: () => Promise<void>): Promise<boolean> {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === print) return false;
  await work();
  writeFileSync(stamp, print);
  return true;
}
