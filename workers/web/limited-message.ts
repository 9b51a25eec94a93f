import { IncomingMessage } from "node:http";

/** A request whose body is cut off where it is longer than the server lets it be, before anybody has gathered or parsed it. */
export class LimitedMessage extends IncomingMessage {
  #limitBytes = Number.POSITIVE_INFINITY;
  #onTooLong: () => void = () => undefined;
  #received = 0;

  /**
   * Whether the body may come: `onTooLong` is called once, now or later, where it is longer than so many bytes. What comes then is dropped: a
   * connection that is closed on unread bytes is reset, and its client would not hear why.
   */
  limitBody(bytes: number, onTooLong: () => void): boolean {
    this.#limitBytes = bytes;
    this.#onTooLong = onTooLong;
    if (Number(this.headers["content-length"] ?? 0) <= bytes) return true;
    this.#refuse();
    return false;
  }

  #refuse(): void {
    this.#onTooLong();
    this.#onTooLong = () => undefined;
  }

  override push(chunk: Buffer | string | null, encoding?: BufferEncoding): boolean {
    this.#received += chunk?.length ?? 0;
    if (this.#received <= this.#limitBytes || chunk === null) return super.push(chunk, encoding);
    this.#refuse();
    return true;
  }
}
