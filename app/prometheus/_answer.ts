import { wholeResponse } from "#lib/direct/whole-response.ts";
import type { AnswerPart } from "#lib/promql/http/answers.ts";

const HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

const bytesOf = (part: AnswerPart): Uint8Array => (typeof part === "string" ? Buffer.from(part) : part);

/** So many bytes are answered in one piece. */
const WHOLE_BYTES = 2 * 1024 ** 2;

/** Answers the parts of a JSON text: what is short in one piece, what is long as it is made. */
export function answerParts(parts: Iterator<AnswerPart>): Response {
  const begin: Uint8Array[] = [];
  let [bytes, next] = [0, parts.next()];
  while (!next.done && bytes < WHOLE_BYTES) {
    const part = bytesOf(next.value);
    begin.push(part);
    bytes += part.length;
    next = parts.next();
  }
  if (next.done) return wholeResponse(Buffer.concat(begin), { headers: HEADERS });
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.concat(begin)),
    pull(controller) {
      if (next.done) return controller.close();
      controller.enqueue(bytesOf(next.value));
      next = parts.next();
    },
  });
  return new Response(stream, { headers: HEADERS });
}

/** Answers data as Prometheus' API does. */
export const answerData = (data: unknown): Response => Response.json({ status: "success", data }, { headers: HEADERS });
