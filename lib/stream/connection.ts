import type { WebSocket } from "ws";
import { log, reasonOf } from "#lib/log.ts";
import type { Hub, LiveFrame } from "#lib/stream/hub.ts";
import { type ClientMessage, clientMessageSchema, type ServerMessage } from "#lib/stream/messages.ts";
import { isAhead } from "#lib/time/clock.ts";

/** More than this unsent (bytes) means that the browser does not keep up. */
const HIGH_WATER_BYTES = 256 * 1024;
const DRAIN_LOOK_MS = 100;

/**
 * One browser. It gets each frame of its host once and in order. One that does not keep up is not sent more until its
 * buffer is empty; it is then sent what it missed, so that memory stays bounded and nothing is lost.
 */
export class Connection {
  readonly #socket: WebSocket;
  readonly #hub: Hub;
  readonly #leave: () => void;
  #host = 0;
  #series = new Set<number>();
  /** Newest instant sent, by source. */
  #sent = new Map<number, number>();
  #catchingUp = 0;
  #waiting: LiveFrame[] = [];
  #behindSince: number | undefined;
  #drain: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, hub: Hub) {
    this.#socket = socket;
    this.#hub = hub;
    this.#leave = hub.add({
      onFrame: (frame) => this.#onFrame(frame),
      onStale: (host) => this.#onStale(host),
      onAlerts: () => this.#send({ type: "alerts" }),
    });
    socket.on("message", (data) => this.#onMessage(data.toString()));
    socket.on("close", () => {
      this.#leave();
      this.#stopWaiting();
    });
    socket.on("error", (error) => log.debug({ reason: reasonOf(error) }, "socket failed"));
  }

  #onMessage(text: string): void {
    let message: ClientMessage;
    try {
      message = clientMessageSchema.parse(JSON.parse(text));
    } catch {
      this.#send({ type: "problem", detail: 'Say {"type":"subscribe","host":1,"series":[1,2]}' });
      return;
    }
    this.#host = message.host;
    this.#series = new Set(message.series);
    this.#sent.clear();
    void this.#catchUp(message.since).then(() => this.#send({ type: "subscribed", host: message.host }));
  }

  #onFrame(frame: LiveFrame): void {
    if (frame.host !== this.#host) return;
    if (this.#catchingUp > 0) this.#waiting.push(frame);
    else if (this.#behindSince !== undefined || this.#socket.bufferedAmount > HIGH_WATER_BYTES) this.#wait(frame.at);
    else this.#sendFrame(frame);
  }

  /** Notes from where the browser is behind, and looks until its buffer is empty, whether or not another frame comes. */
  #wait(at: number): void {
    this.#behindSince ??= at - 1;
    this.#drain ??= setInterval(() => {
      if (this.#socket.bufferedAmount > 0) return;
      const since = this.#behindSince;
      this.#stopWaiting();
      void this.#catchUp(since);
    }, DRAIN_LOOK_MS);
  }

  #stopWaiting(): void {
    clearInterval(this.#drain);
    this.#drain = undefined;
    this.#behindSince = undefined;
  }

  /** Sends what is stored after an instant; frames that come meanwhile wait, and go after it. */
  async #catchUp(since: number | undefined): Promise<void> {
    if (since === undefined) return;
    const host = this.#host;
    this.#catchingUp += 1;
    try {
      const missed = await this.#hub.since(host, since);
      if (host !== this.#host) return;
      if (missed === undefined) this.#send({ type: "stale", host });
      for (const frame of missed ?? []) this.#sendFrame(frame);
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, "missed frames could not be read");
      this.#send({ type: "stale", host });
    } finally {
      this.#catchingUp -= 1;
      if (this.#catchingUp === 0) for (const frame of this.#waiting.splice(0)) this.#onFrame(frame);
    }
  }

  #sendFrame(frame: LiveFrame): void {
    const sent = this.#sent.get(frame.source) ?? 0;
    // What was sent may be of a clock that was ahead and is set right now.
    if (frame.at <= sent && !isAhead(sent, Date.now())) return;
    this.#sent.set(frame.source, frame.at);
    const values = [...frame.values].filter(([id]) => this.#series.has(id));
    if (values.length === 0) return;
    const { host, at, storedAt } = frame;
    this.#send({ type: "frame", host, at, ...(storedAt === undefined ? {} : { stored_at: storedAt }), values });
  }

  #onStale(host: number): void {
    if (host === this.#host) this.#send({ type: "stale", host });
  }

  #send(message: ServerMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
