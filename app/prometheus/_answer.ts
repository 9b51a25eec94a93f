const HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

/** Answers the parts of a JSON text as they are made. */
export function answerParts(parts: Iterator<string>): Response {
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = parts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
  return new Response(stream, { headers: HEADERS });
}

/** Answers data as Prometheus' API does. */
export const answerData = (data: unknown): Response => Response.json({ status: "success", data }, { headers: HEADERS });
