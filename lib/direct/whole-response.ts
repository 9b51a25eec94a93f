// The bundler gives the handlers and the server a module each: what they share is known by a symbol of the process.
const WHOLE = Symbol.for("sightline.whole");

/** An answer of one piece, which stands beside it: to read it out of a stream costs more than most handlers do. */
export const wholeResponse = (body: Uint8Array<ArrayBuffer>, init: ResponseInit): Response =>
  Object.assign(new Response(body, init), { [WHOLE]: body });

/** The body of an answer of one piece; undefined of one that is to be read. */
export const wholeBody = (response: Response): Uint8Array | undefined =>
  (response as Response & { [WHOLE]?: Uint8Array })[WHOLE];
