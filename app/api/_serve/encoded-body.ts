import { unpack } from "#lib/unpack.ts";

const UNPACKING = { accepted: ["gzip", "zstd"], limitKib: 16 * 1_024 } as const;

/** The text of a body that may be compressed. @throws DomainError unsupported-media-type, validation, too-large */
export async function readEncoded(request: Request): Promise<string> {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  return (await unpack(Buffer.from(await request.arrayBuffer()), encoding, UNPACKING)).toString();
}
