import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from "node:http";
import { DomainError } from "#lib/errors.ts";
import { answerError } from "./answers.ts";

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

const failed = () =>
  new DomainError(
    "unavailable",
    "This page could not be made: the database was too slow, or something failed that the portal's log describes",
    { retryAfterSeconds: 10 },
  );

/**
 * What Next answers where a page failed is empty until its scripts run, and they need what has just failed. In its place goes a page that says
 * so. Next writes on, and is not heard.
 */
export class PageResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  #replaceable = false;
  #replaced = false;
  #answering = false;

  /** For a page: an answer of 500 is replaced. */
  replaceFailure(): void {
    this.#replaceable = true;
  }

  override writeHead(status: number, first?: string | Headers, second?: Headers): this {
    if (!this.#replaceable || this.#answering || status !== 500)
      return typeof first === "string" ? super.writeHead(status, first, second) : super.writeHead(status, first);
    this.#replaced = true;
    this.#answering = true;
    for (const name of this.getHeaderNames()) this.removeHeader(name);
    answerError(this.req, this, failed());
    this.#answering = false;
    return this;
  }

  /** Node writes the head by itself where nobody did. */
  #isReplaced(): boolean {
    if (this.#replaceable && !this.headersSent && this.statusCode === 500) this.writeHead(this.statusCode);
    return this.#replaced && !this.#answering;
  }

  override write(...args: unknown[]): boolean {
    if (this.#isReplaced()) return true;
    return super.write(...(args as [string | Uint8Array]));
  }

  override end(...args: unknown[]): this {
    if (this.#isReplaced()) return this;
    return super.end(...(args as [string | Uint8Array]));
  }
}
