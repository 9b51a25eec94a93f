import { EXPECTED_DROPS } from "#lib/contract/input-names.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import type { InputCaller } from "#lib/inputs/credentials.ts";
import { type Drop, Drops } from "#lib/inputs/drops.ts";
import { contentTypeOf, MESSAGE_1, MESSAGE_2, SenderMemory } from "#lib/inputs/remote-write/message.ts";
import { uncompress } from "#lib/inputs/remote-write/snappy.ts";
import { readVersion1 } from "#lib/inputs/remote-write/version-1.ts";
import { readVersion2 } from "#lib/inputs/remote-write/version-2.ts";
import { storeIncoming } from "#lib/inputs/store-incoming.ts";

/** A body as it came, with what its headers say of it. */
type SentBody = { bytes: Buffer; contentType: string; contentEncoding: string };

/** How many samples and native histograms were stored of a request, and what of it must not be sent again, as a text. */
export type WriteOutcome = { stored: number; histograms: number; problem: string | undefined };

const READERS: Record<string, typeof readVersion1> = {
  [MESSAGE_1]: readVersion1,
  [MESSAGE_2]: readVersion2,
};

/** What a body may be, for a sender that sends another. */
const ACCEPTED = Object.keys(READERS).map(contentTypeOf).join(", ");

/** @throws DomainError unsupported-media-type */
function readerOf({ contentType, contentEncoding }: SentBody): typeof readVersion1 {
  // Senders of before 1.0 name neither.
  const [, message = MESSAGE_1] =
    /^application\/x-protobuf(?:\s*;\s*proto=([\w.]+))?\s*$/i.exec(contentType || "application/x-protobuf") ?? [];
  const isProtobuf = contentType === "" || /^application\/x-protobuf\s*(;|$)/i.test(contentType);
  const reader = READERS[message];
  if (!isProtobuf || !reader)
    throw new DomainError("unsupported-media-type", `"${contentType}" is not taken: send ${ACCEPTED}`);
  if (contentEncoding !== "" && contentEncoding !== "snappy")
    throw new DomainError(
      "unsupported-media-type",
      `"${contentEncoding}" is not taken: compress by snappy (block format)`,
    );
  return reader;
}

const shared = globalThis as typeof globalThis & { sightlineSenders?: WeakMap<Database, Map<number, SenderMemory>> };

function memoryOf(db: Database, hostId: number): SenderMemory {
  shared.sightlineSenders ??= new WeakMap();
  const memories = shared.sightlineSenders.get(db) ?? new Map<number, SenderMemory>();
  shared.sightlineSenders.set(db, memories);
  const memory = memories.get(hostId) ?? new SenderMemory();
  memories.set(hostId, memory);
  return memory;
}

/** What must not be sent again, in words; undefined where there is nothing. */
function problemOf(dropped: Drop[]): string | undefined {
  const drops = dropped.filter(({ reason }) => !EXPECTED_DROPS.includes(reason));
  if (drops.length === 0) return undefined;
  const count = drops.reduce((sum, { samples }) => sum + samples, 0);
  return `${count} samples are dropped, the others are stored. ${drops
    .map(({ reason, samples, example }) => `${reason} (${samples}): ${example}`)
    .join("; ")}`;
}

/**
 * Stores a request of remote write 1.0 or 2.0, durable when it resolves. The same request again changes nothing.
 * @throws DomainError validation, too-large, unsupported-media-type for what must not be sent again; rate-limited, unavailable and what the database says
 * for what may be
 */
export async function receiveRemoteWrite(
  db: Database,
  input: InputCaller,
  body: SentBody,
  now = Date.now(),
): Promise<WriteOutcome> {
  const read = readerOf(body);
  const drops = new Drops();
  const bytes = uncompress(body.bytes, input.maxBodyKib * 1024);
  const { series, histograms, histogramSamples } = read(bytes, memoryOf(db, input.hostId), drops);
  const { stored, dropped } = await storeIncoming(db, input, series, now, drops);
  return { stored: Math.max(0, stored - histogramSamples), histograms, problem: problemOf(dropped) };
}
