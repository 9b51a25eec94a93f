import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import type { InputCaller } from "#lib/inputs/credentials.ts";
import { receiveMetrics } from "#lib/otlp/receive-metrics.ts";
import { receiveTraces } from "#lib/otlp/receive-traces.ts";
import { type Encoding, encodeAnswer, encodingOf, MEDIA_TYPES } from "#lib/otlp/wire/answers.ts";
import { malformed } from "#lib/otlp/wire/fields.ts";

/** A body as it came, with what its headers say of it. */
type Raw = { bytes: Buffer; contentType: string; contentEncoding: string };

/** An answer, in the encoding of the request. */
export type OtlpAnswer = { bytes: Buffer; contentType: string };

const unpackGzip = promisify(gunzip);

const unsupported = (message: string) => new DomainError("unsupported-media-type", message);

function tooLarge(limitKib: number): DomainError {
  const message = `The body is longer than ${limitKib} KiB once it is unpacked: send less at once, or raise the limit of the input`;
  return new DomainError("too-large", message, { fields: [{ field: "body", message }] });
}

/** A body once it is unpacked, which stops at its limit. @throws DomainError validation, too-large, unsupported-media-type */
async function unpack({ bytes, contentEncoding }: Raw, limitKib: number): Promise<Buffer> {
  const limit = limitKib * 1_024;
  if (bytes.length > limit) throw tooLarge(limitKib);
  if (contentEncoding === "" || contentEncoding === "identity") return bytes;
  if (contentEncoding !== "gzip")
    throw unsupported(`The content encoding ${contentEncoding.slice(0, 50)} is not understood: send gzip or none`);
  try {
    return await unpackGzip(bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(limitKib);
    throw malformed("The body is not gzip, or was cut off: send it again");
  }
}

/** The encoding of a request. @throws DomainError unsupported-media-type */
function encodingFor(contentType: string): Encoding {
  const encoding = encodingOf(contentType);
  if (encoding) return encoding;
  throw unsupported(`The content type must be ${MEDIA_TYPES.protobuf} or ${MEDIA_TYPES.json}`);
}

/**
 * Takes a request of OTLP over HTTP for an input, and answers as the specification says.
 * @throws DomainError validation, too-large, unsupported-media-type, rate-limited, unavailable
 */
export async function receiveOtlp(
  db: Database,
  input: InputCaller,
  signal: "metrics" | "traces",
  raw: Raw,
  now = Date.now(),
): Promise<OtlpAnswer> {
  const encoding = encodingFor(raw.contentType);
  const body = { bytes: await unpack(raw, input.maxBodyKib), encoding };
  const receive = signal === "metrics" ? receiveMetrics : receiveTraces;
  const rejection = await receive(db, input, body, now);
  return { bytes: encodeAnswer(signal, rejection, encoding), contentType: MEDIA_TYPES[encoding] };
}
