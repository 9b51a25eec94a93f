import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server of this machine that can be cut, as when the server ends, or fall silent, as when a cable is pulled. */
export class Relay {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #state: "open" | "cut" | "silent" = "open";

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async open(target: number): Promise<Relay> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const relay = new Relay(server, (server.address() as { port: number }).port);
    server.on("connection", (near) => relay.#join(near, target));
    return relay;
  }

  #join(near: Socket, target: number): void {
    near.on("error", () => undefined);
    if (this.#state === "cut") return void near.destroy();
    if (this.#state === "silent") return;
    const far = connect({ host: "127.0.0.1", port: target });
    far.on("error", () => undefined);
    const pair: [Socket, Socket] = [near, far];
    this.#pairs.add(pair);
    near.pipe(far).pipe(near);
    for (const socket of pair)
      socket.on("close", () => {
        if (this.#state === "silent") return;
        this.#pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
  }

  /** Ends every connection, and refuses new ones. */
  cut(): void {
    this.#state = "cut";
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** Lets nothing through any more, and ends nothing. */
  silence(): void {
    this.#state = "silent";
    for (const [near, far] of this.#pairs) {
      near.unpipe(far);
      far.unpipe(near);
      near.pause();
      far.pause();
    }
  }

  /** What was silent is closed by now: new connections get through. */
  mend(): void {
    this.#state = "open";
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    this.#pairs.clear();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
