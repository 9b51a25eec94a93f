import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { constants, createGzip, gzip, gzipSync } from "node:zlib";
import { type Handler, offeredHandler } from "#lib/direct/handlers.ts";
import { wholeBody } from "#lib/direct/whole-response.ts";
import { accepts, isOfThisMachine } from "./accepts.ts";

/** Compressing costs more than it saves below so many bytes, and is done in a thread above so many. */
const LEAST_BYTES = 1024;
const THREAD_BYTES = 32 * 1024;
/** Within this machine, where bytes come as fast as they are packed. */
const LOCAL_LEAST_BYTES = 128 * 1024;
/** The fastest level: the highest takes four times as long for a tenth less. */
const FAST = { level: constants.Z_BEST_SPEED };
/** With little memory, which for so few bytes costs more to get than compressing does. */
const SMALL = { ...FAST, windowBits: 13, memLevel: 5 };
const gzipInThread = promisify(gzip);

/** Addresses are not told by the name that the client has for this server: nothing below reads it, and what it says may be no name. */
const ORIGIN = "http://portal";

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

/** The request as handlers read it; its signal ends with the connection. */
async function toWeb(message: IncomingMessage, response: ServerResponse): Promise<Request> {
  const { method = "GET", url = "/", headers } = message;
  const ended = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) ended.abort();
  });
  const given = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) given.set(name, Array.isArray(value) ? value.join(", ") : value);
  const body = method === "GET" ? {} : { body: await bodyOf(message) };
  return new Request(ORIGIN + url, { method, headers: given, signal: ended.signal, ...body });
}

const isText = (type: string | null): boolean => type !== null && /json|text|xml|javascript/.test(type);

/** Sends what is one piece, compressed where that is worth it: within this machine most answers come sooner as they are. */
async function sendWhole(response: ServerResponse, bytes: Uint8Array, compress: boolean): Promise<void> {
  let body = bytes;
  const least = isOfThisMachine(response.req) ? LOCAL_LEAST_BYTES : LEAST_BYTES;
  if (compress && bytes.length >= least) {
    body = bytes.length < THREAD_BYTES ? gzipSync(bytes, SMALL) : await gzipInThread(bytes, FAST);
    response.setHeader("content-encoding", "gzip");
  }
  response.setHeader("content-length", body.length);
  response.end(body);
}

async function* rest(first: Uint8Array[], reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

/** Sends an answer as it comes; one that is a single piece with its length. */
async function send(request: IncomingMessage, response: ServerResponse, answer: Response): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.appendHeader(name, value);
  const compress =
    isText(answer.headers.get("content-type")) && !answer.headers.has("content-encoding") && accepts(request, "gzip");
  if (isText(answer.headers.get("content-type"))) response.appendHeader("vary", "accept-encoding");
  const whole = wholeBody(answer);
  if (whole) return sendWhole(response, whole, compress);
  if (!answer.body) return void response.end();
  const reader = answer.body.getReader();
  const first = await reader.read();
  const second = first.done ? first : await reader.read();
  if (second.done) return sendWhole(response, first.value ?? new Uint8Array(), compress);
  const parts = Readable.from(rest([first.value as Uint8Array, second.value], reader));
  if (!compress) return pipeline(parts, response);
  response.setHeader("content-encoding", "gzip");
  return pipeline(parts, createGzip(FAST), response);
}

/** The handler that a request can be given without Next; undefined where Next must route it, or has not loaded it yet. */
export function directHandler({ method = "GET", url = "/" }: IncomingMessage): Handler | undefined {
  return offeredHandler(method, url.split("?", 1)[0] as string);
}

/** Answers a request by its handler. Who goes away while the answer is sent is not waited for. */
export async function answerDirectly(
  request: IncomingMessage,
  response: ServerResponse,
  handler: Handler,
): Promise<void> {
  const answer = await handler(await toWeb(request, response), { params: Promise.resolve({}) });
  await send(request, response, answer).catch((error: unknown) => {
    response.destroy();
    if ((error as { code?: string }).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  });
}
