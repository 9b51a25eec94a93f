import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Post } from "#lib/notify/mailer.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** The mails' component, built as the courier's is: Node strips types, but it does not read JSX. */
export async function loadLetter(): Promise<Post["write"]> {
  const outfile = join(ROOT, "test-results", `letter-${process.pid}.mjs`);
  await build({
    entryPoints: [join(ROOT, "components/mail/report-letter.tsx")],
    outfile,
    bundle: true,
    jsx: "automatic",
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "silent",
  });
  return ((await import(pathToFileURL(outfile).href)) as { writeLetter: Post["write"] }).writeLetter;
}
