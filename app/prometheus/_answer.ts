import { wholeResponse } from "#lib/direct/whole-response.ts";

const HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

/** So many characters are answered in one piece. */
const WHOLE_LENGTH = 1 << 18;

/** Answers the parts of a JSON text: what is short in one piece, what is long as it is made. */
export function answerParts(parts: Iterator<string>): Response {
  let begin = "";
  let next = parts.next();
  while (!next.done && begin.length < WHOLE_LENGTH) {
    begin += next.value;
    next = parts.next();
  }
  if (next.done) return wholeResponse(Buffer.from(begin), { headers: HEADERS });
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(begin)),
    pull(controller) {
      if (next.done) return controller.close();
      controller.enqueue(encoder.encode(next.value));
      next = parts.next();
    },
  });
  return new Response(stream, { headers: HEADERS });
}

/** Answers data as Prometheus' API does. */
export const answerData = (data: unknown): Response => Response.json({ status: "success", data }, { headers: HEADERS });
