import { promisify } from "node:util";
import { gunzip, zstdDecompress } from "node:zlib";
import { DomainError, invalidField } from "#lib/errors.ts";

const MIB = 1024 ** 2;
/** A body may become so long, bytes: a small one can hold gigabytes of zeros. */
const MAX_BYTES = 16 * MIB;

const DECODERS = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) };

async function decode(name: string, body: Buffer): Promise<string> {
  const decoder = DECODERS[name as keyof typeof DECODERS];
  if (!decoder) throw invalidField("content-encoding", `"${name}" is not understood: send gzip, zstd or none`);
  try {
    return (await decoder(body, { maxOutputLength: MAX_BYTES })).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE")
      throw invalidField("body", `The body is not ${name}, or was cut off: send it again`);
    const message = `The body is longer than ${MAX_BYTES / MIB} MiB once it is unpacked: send less at once`;
    throw new DomainError("too-large", message, { fields: [{ field: "body", message }] });
  }
}

/** The text of a body that may be compressed. @throws DomainError validation, too-large */
export async function readEncoded(request: Request): Promise<string> {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "") return request.text();
  return decode(encoding, Buffer.from(await request.arrayBuffer()));
}
