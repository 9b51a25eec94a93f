import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way to a database that can be cut, as when the server ends, or fall silent, as when a cable is pulled. */
export class Relay {
  /** The address of the database by this way. */
  readonly url: string;
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #state: "open" | "cut" | "silent" = "open";

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async open(databaseUrl: string): Promise<Relay> {
    const target = new URL(databaseUrl);
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const url = Object.assign(new URL(target), { hostname: "127.0.0.1", port: String(port) }).href;
    const relay = new Relay(server, url);
    server.on("connection", (near) => relay.#join(near, target));
    return relay;
  }

  #join(near: Socket, target: URL): void {
    near.on("error", () => undefined);
    if (this.#state === "cut") return void near.destroy();
    if (this.#state === "silent") return;
    const far = connect({ host: target.hostname, port: Number(target.port) });
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
