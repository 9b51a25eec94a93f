import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { DomainError } from "#lib/errors.ts";

/** The first line of standard input; not echoed where a person types it. @throws DomainError validation for none */
export async function readSecret(name: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`${name}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY });
  for await (const line of lines) {
    lines.close();
    if (process.stdin.isTTY) process.stderr.write("\n");
    if (line !== "") return line;
    break;
  }
  throw new DomainError("validation", `No ${name.toLowerCase()} came on standard input`);
}
