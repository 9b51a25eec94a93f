import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DomainError } from "#lib/errors.ts";

const LIMIT_MS = 30_000;

/** Where Debian, others, and whoever set CHROMIUM have it. */
const PLACES = [process.env.CHROMIUM ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

function print(chromium: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(chromium, args, { stdio: "ignore", timeout: LIMIT_MS });
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`Chromium ended with ${code}`))));
  });
}

/** So many wait for the one that prints: a Chromium takes some 200 MB. */
const MOST_WAITING = 4;
let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/** A page of ours printed by Chromium, one at a time. @throws DomainError unavailable where there is none, it fails, or too many wait */
export async function printPdf(url: string): Promise<Buffer> {
  if (waiting > MOST_WAITING)
    throw new DomainError("unavailable", "Several PDFs are being printed: try again in a moment", {
      retryAfterSeconds: 15,
    });
  waiting++;
  const printing = last.then(() => printOne(url));
  last = printing.catch(() => undefined);
  try {
    return await printing;
  } finally {
    waiting--;
  }
}

async function printOne(url: string): Promise<Buffer> {
  const chromium = PLACES.find((path) => path !== "" && existsSync(path));
  if (!chromium)
    throw new DomainError(
      "unavailable",
      "PDF needs Chromium on the portal's machine: apt-get install chromium, or print the page in your browser",
    );
  const dir = await mkdtemp(join(tmpdir(), "sightline-pdf-"));
  const file = join(dir, "report.pdf");
  // Whoever has the link reads the report: it stands in a file of ours, and not in arguments, which every account of the machine sees.
  const start = join(dir, "start.html");
  try {
    await writeFile(start, `<meta http-equiv="refresh" content="0;url=${url}">`, { mode: 0o600 });
    const quiet = [
      "--headless",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-sync",
    ];
    // Chromium's own sandbox refuses root; the page is ours, and holds no script of others.
    const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    await print(chromium, [
      ...quiet,
      ...sandbox,
      `--user-data-dir=${dir}`,
      "--no-pdf-header-footer",
      "--virtual-time-budget=5000",
      `--print-to-pdf=${file}`,
      pathToFileURL(start).href,
    ]);
    return await readFile(file);
  } catch (error) {
    throw new DomainError("unavailable", `The PDF could not be printed: ${(error as Error).message}`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
