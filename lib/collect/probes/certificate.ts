import { readFile } from "node:fs/promises";

const CONNECT_LIMIT_MS = 5_000;

/** When a server's certificate ends, ms; also of one that nobody trusts. */
async function ofServer(address: string): Promise<number> {
  // Loaded only where there are certificates to watch: it is a large part of the prober's memory.
  const [{ connect }, { isIP }, { connectOutgoing }] = await Promise.all([
    import("node:tls"),
    import("node:net"),
    import("#lib/notify/outgoing.ts"),
  ]);
  const [, host = "", port] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(address) ?? [];
  const opened = await connectOutgoing({ host, port: Number(port ?? 443) }, "administrator", CONNECT_LIMIT_MS);
  return new Promise((resolve, reject) => {
    const socket = connect({ socket: opened, servername: isIP(host) ? "" : host, rejectUnauthorized: false });
    socket.setTimeout(CONNECT_LIMIT_MS, () => socket.destroy(new Error(`${address} does not answer`)));
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      const { valid_to } = socket.getPeerCertificate();
      socket.end();
      resolve(Date.parse(valid_to));
    });
  });
}

async function ofFile(path: string): Promise<number> {
  const { X509Certificate } = await import("node:crypto");
  return Date.parse(new X509Certificate(await readFile(path)).validTo);
}

/** When the certificate of a server (host:port) or in a PEM file ends, ms. */
export const certificateEnd = (location: string): Promise<number> =>
  location.startsWith("/") || location.endsWith(".pem") ? ofFile(location) : ofServer(location);
