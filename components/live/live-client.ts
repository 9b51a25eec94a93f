import { openStreamSocket } from "#components/live/stream-socket.ts";
import type { FrameMessage, ServerMessage } from "#lib/stream/messages.ts";
import { isAhead } from "#lib/time/clock.ts";

export type LiveStatus = "connecting" | "live" | "reconnecting";

type Handlers = { onFrame: (frame: FrameMessage) => void; onStale: () => void };

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const SIGNED_OUT = 4401;

/**
 * One socket for a page: it tells the server which series anyone on the page wants, connects again by itself, and asks
 * then for what was missed since the newest frame.
 */
export class LiveClient {
  readonly #host: number;
  readonly #wanted = new Map<Handlers, readonly number[]>();
  readonly #onStatus: (status: LiveStatus) => void;
  #socket: WebSocket | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #subscribing = false;
  #newest: number | undefined;
  #closed = false;

  /** Begins with what came after `since` (ms), where the page has brought along what came before. */
  constructor(host: number, since: number | undefined, onStatus: (status: LiveStatus) => void) {
    this.#host = host;
    this.#newest = since;
    this.#onStatus = onStatus;
  }

  connect(): void {
    this.#closed = false;
    const socket = openStreamSocket();
    this.#socket = socket;
    socket.onopen = () => {
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#subscribeSoon();
    };
    socket.onmessage = (event) => this.#receive(JSON.parse(event.data as string) as ServerMessage);
    socket.onclose = (event) => this.#onClose(event.code);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.close();
  }

  /** Wants series until the answer is called. */
  want(series: readonly number[], handlers: Handlers): () => void {
    this.#wanted.set(handlers, series);
    this.#subscribeSoon();
    return () => this.#wanted.delete(handlers);
  }

  /** Many components of a page say what they want in one go: one message tells the server. */
  #subscribeSoon(): void {
    if (this.#subscribing) return;
    this.#subscribing = true;
    queueMicrotask(() => {
      this.#subscribing = false;
      if (this.#socket?.readyState !== WebSocket.OPEN) return;
      const series = [...new Set([...this.#wanted.values()].flat())];
      const since = this.#newest ? { since: this.#newest } : {};
      this.#socket.send(JSON.stringify({ type: "subscribe", host: this.#host, series, ...since }));
    });
  }

  #receive(message: ServerMessage): void {
    if (message.type === "subscribed") this.#onStatus("live");
    if (message.type === "stale") this.#stale();
    if (message.type !== "frame") return;
    const newest = this.#newest ?? 0;
    // The host's clock may have been set back.
    this.#newest = isAhead(newest, message.at) ? message.at : Math.max(newest, message.at);
    for (const handlers of this.#wanted.keys()) handlers.onFrame(message);
  }

  #stale(): void {
    for (const handlers of this.#wanted.keys()) handlers.onStale();
  }

  #onClose(code: number): void {
    if (this.#closed) return;
    if (code === SIGNED_OUT) {
      window.location.reload();
      return;
    }
    this.#onStatus("reconnecting");
    // Not all pages at once after a restart.
    this.#retry = setTimeout(() => this.connect(), this.#pauseMs * (0.75 + Math.random() / 2));
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
