import { createReadStream, globSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { accepts } from "./accepts.ts";

// Scripts and styles of the build, as the build has compressed them: Next would compress each again for every browser, a sixth larger than Brotli at its best.

const PREFIX = "/_next/static/";
const TYPES: Record<string, string> = {
  ".js": "application/javascript; charset=UTF-8",
  ".css": "text/css; charset=UTF-8",
};
/** The best first. */
const ENCODINGS = [
  { name: "br", suffix: ".br" },
  { name: "gzip", suffix: ".gz" },
] as const;
/** Their names change with what is in them. */
const FOR_EVER = "public, max-age=31536000, immutable";

type Packed = { path: string; bytes: number; encoding: string; type: string };

/** What is compressed in the build's folder; another file is none of these. */
export class StaticFiles {
  readonly #packed = new Map<string, Packed>();

  /** `folder` holds what is served below /_next/static/. */
  constructor(folder: string) {
    for (const { name, suffix } of ENCODINGS)
      for (const file of globSync(`**/*${suffix}`, { cwd: folder })) {
        const type = TYPES[extname(file.slice(0, -suffix.length))];
        const path = join(folder, file);
        if (type) this.#packed.set(file, { path, bytes: statSync(path).size, encoding: name, type });
      }
  }

  /** The file that a request is answered by; undefined where Next answers. */
  find(request: IncomingMessage): Packed | undefined {
    const { method = "GET", url = "/" } = request;
    if (!url.startsWith(PREFIX) || (method !== "GET" && method !== "HEAD")) return undefined;
    const file = url.slice(PREFIX.length).split("?", 1)[0];
    const encoding = ENCODINGS.find(
      ({ name, suffix }) => this.#packed.has(`${file}${suffix}`) && accepts(request, name),
    );
    return encoding && this.#packed.get(`${file}${encoding.suffix}`);
  }
}

/** Answers with a file. Who goes away meanwhile is not waited for. */
export async function sendPacked(request: IncomingMessage, response: ServerResponse, file: Packed): Promise<void> {
  response.writeHead(200, {
    "content-type": file.type,
    "content-encoding": file.encoding,
    "content-length": file.bytes,
    "cache-control": FOR_EVER,
    vary: "accept-encoding",
  });
  if (request.method === "HEAD") return void response.end();
  await pipeline(createReadStream(file.path), response).catch(() => response.destroy());
}
