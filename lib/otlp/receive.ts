import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import type { InputCaller } from "#lib/inputs/credentials.ts";
import { receiveMetrics } from "#lib/otlp/receive-metrics.ts";
import { receiveTraces } from "#lib/otlp/receive-traces.ts";
import { type Encoding, encodeAnswer, encodingOf, MEDIA_TYPES } from "#lib/otlp/wire/answers.ts";
import { unpack } from "#lib/unpack.ts";

/** A body as it came, with what its headers say of it. */
type Raw = { bytes: Buffer; contentType: string; contentEncoding: string };

/** An answer, in the encoding of the request. */
export type OtlpAnswer = { bytes: Buffer; contentType: string };

const unsupported = (message: string) => new DomainError("unsupported-media-type", message);

const ACCEPTED = ["gzip"] as const;
const REMEDY = "send less at once, or raise the limit of the input";

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
  const unpacking = { accepted: ACCEPTED, limitKib: input.maxBodyKib, remedy: REMEDY };
  const body = { bytes: await unpack(raw.bytes, raw.contentEncoding, unpacking), encoding };
  const receive = signal === "metrics" ? receiveMetrics : receiveTraces;
  const rejection = await receive(db, input, body, now);
  return { bytes: encodeAnswer(signal, rejection, encoding), contentType: MEDIA_TYPES[encoding] };
}
