import { promisify } from "node:util";
import { gunzip, zstdDecompress } from "node:zlib";
import { DomainError, invalidField } from "#lib/errors.ts";

const DECODERS = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) };

/** How a body may be compressed. */
type Compression = keyof typeof DECODERS;

/** `limitKib` is of the body once it is unpacked: a small one can hold gigabytes of zeros. `remedy` is for a body that is longer. */
type Unpacking = { accepted: readonly Compression[]; limitKib: number; remedy?: string };

function tooLarge({ limitKib, remedy = "send less at once" }: Unpacking): DomainError {
  const message = `The body is longer than ${limitKib} KiB once it is unpacked: ${remedy}`;
  return new DomainError("too-large", message, { fields: [{ field: "body", message }] });
}

/**
 * A body without its compression, by its Content-Encoding; unpacking stops at the limit.
 * @throws DomainError unsupported-media-type for another encoding, validation for a body that is none, too-large
 */
export async function unpack(bytes: Buffer, encoding: string, unpacking: Unpacking): Promise<Buffer> {
  const { accepted, limitKib } = unpacking;
  const limit = limitKib * 1_024;
  if (bytes.length > limit) throw tooLarge(unpacking);
  if (encoding === "" || encoding === "identity") return bytes;
  const name = accepted.find((own) => own === encoding);
  if (!name) {
    const message = `The content encoding ${encoding.slice(0, 50)} is not understood: send ${accepted.join(", ")} or none`;
    throw new DomainError("unsupported-media-type", message);
  }
  try {
    return await DECODERS[name](bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(unpacking);
    throw invalidField("body", `The body is not ${name}, or was cut off: send it again`);
  }
}
