// The bundler gives the handlers and the server a module each: what they share is known by a symbol of the process.
const WHOLE = Symbol.for("sightline.whole");

/** An answer of one piece, which stands beside it: to copy it into a stream and read it out again costs more than most handlers do. */
export const wholeResponse = (body: Uint8Array<ArrayBuffer>, init: ResponseInit): Response =>
  Object.assign(new Response(null, init), { [WHOLE]: body });

/** The body of an answer of one piece; undefined of one that is to be read. */
export const wholeBody = (response: Response): Uint8Array<ArrayBuffer> | undefined =>
  (response as Response & { [WHOLE]?: Uint8Array<ArrayBuffer> })[WHOLE];

/** An answer with its body in it, for whoever knows nothing of pieces. */
export function withBody(response: Response): Response {
  const body = wholeBody(response);
  return body ? new Response(body, response) : response;
}
