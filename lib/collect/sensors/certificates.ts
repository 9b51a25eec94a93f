import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { reading, type Sensor } from "#lib/collect/sensor.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { connectOutgoing } from "#lib/notify/outgoing.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const EVERY_MS = HOUR_MS;
const AGAIN_MS = MINUTE_MS;
const CONNECT_LIMIT_MS = 5_000;

/** When a server's certificate ends, ms; also of one that nobody trusts. */
async function ofServer(address: string): Promise<number> {
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

const endOf = async (location: string): Promise<number> =>
  location.startsWith("/") || location.endsWith(".pem")
    ? Date.parse(new X509Certificate(await readFile(location)).validTo)
    : ofServer(location);

/** How long the certificates named in CERTIFICATES are good for. Looked up hourly in the background, never in a cycle. */
export function certificateSensor(places = readEnvironment().certificates): Sensor {
  const ends = new Map<string, number>();
  let dueAt = 0;
  const look = async () => {
    const found = await Promise.allSettled(places.map(async (location) => [location, await endOf(location)] as const));
    for (const result of found) if (result.status === "fulfilled") ends.set(...result.value);
    if (found.some(({ status }) => status === "rejected")) dueAt = performance.now() + AGAIN_MS;
  };
  return {
    name: "certificates",
    read() {
      if (places.length > 0 && performance.now() >= dueAt) {
        dueAt = performance.now() + EVERY_MS;
        void look();
      }
      return [...ends].map(([certificate, end]) =>
        reading("certificate.expires", Math.round((end - Date.now()) / 1000), { certificate }),
      );
    },
  };
}
