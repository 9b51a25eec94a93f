import type { Database } from "#lib/db/client.ts";
import type { InputCaller } from "#lib/inputs/credentials.ts";
import { Drops } from "#lib/inputs/drops.ts";
import { inputCounters } from "#lib/inputs/store-incoming.ts";
import { describeDrops } from "#lib/otlp/rejection.ts";
import { noteVersions } from "#lib/otlp/resource/versions.ts";
import { readSpans } from "#lib/otlp/traces/read-spans.ts";
import { traceReceiver } from "#lib/otlp/traces/trace-receiver.ts";
import type { Encoding, Rejection } from "#lib/otlp/wire/answers.ts";
import { decode } from "#lib/otlp/wire/decode.ts";
import { TRACE_REQUEST, type TraceRequest } from "#lib/otlp/wire/messages.ts";

/**
 * Counts the spans of an ExportTraceServiceRequest; may come again, which counts no span twice. Answers how many were not taken, and why.
 * @throws DomainError validation, too-large, unavailable
 */
export async function receiveTraces(
  db: Database,
  input: InputCaller,
  { bytes, encoding }: { bytes: Buffer; encoding: Encoding },
  now = Date.now(),
): Promise<Rejection> {
  const request = decode(bytes, TRACE_REQUEST, encoding) as TraceRequest;
  await noteVersions(db, input.hostId, request.resourceSpans ?? [], now);
  const drops = new Drops();
  const { sent, spans } = readSpans(request, now, (reason, count, example) => drops.add(reason, count, example));
  traceReceiver(db).add(input, spans, now);
  inputCounters(db).note(input.hostId, 0, drops.list(), now);
  return { rejected: sent - spans.length, message: describeDrops(drops.list()) };
}
