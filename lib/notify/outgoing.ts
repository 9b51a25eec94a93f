import { type LookupAddress, lookup as resolveName } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, connect, isIP, type LookupFunction, type NetConnectOpts, Socket } from "node:net";
import { outgoingAllow } from "#lib/config/outgoing-allow.ts";
import type { Role } from "#lib/contract/roles.ts";
import { DomainError } from "#lib/errors.ts";
import { reasonOf } from "#lib/reason.ts";

/**
 * Who named the address that something goes to. An author of experiments reaches public addresses, and what OUTGOING_ALLOW names; an
 * administrator private ones too, where mail servers and language models stand. What hands out a machine's credentials, nobody does.
 */
export type Trust = "author" | "administrator";

/** Whether what somebody of a role writes may lead to private addresses: kept with it as `trusted`. */
export const isTrustedRole = (role: Role): boolean => role === "admin";

/** How far something that was written reaches, by whether it is trusted. */
export const trustOf = (trusted: boolean): Trust => (trusted ? "administrator" : "author");

function blockList(subnets: string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = "", prefix] = subnet.split("/");
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

/** No host of its own: link-local (of clouds' metadata), unspecified, multicast, reserved; and Amazon's metadata by IPv6. */
const NEVER = blockList([
  ...["0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"],
  ...["::/128", "fe80::/10", "ff00::/8", "fd00:ec2::/32"],
]);

/** Not globally reachable, by IANA's registries of special-purpose addresses (RFC 6890). */
const PRIVATE = blockList([
  ...["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24"],
  ...["192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
  ...["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"],
]);

/** Of IPv6 only this is routed on the internet. */
const GLOBAL_6 = blockList(["2000::/3"]);

/** ::ffff:7f00:1 is 127.0.0.1, and so are NAT64's addresses of it. */
function embedded(address: string): string | undefined {
  const { hostname } = new URL(`http://[${address.split("%")[0]}]`);
  const [, high = "", low = ""] = /^\[(?:::ffff:|64:ff9b::)([0-9a-f]+):([0-9a-f]+)\]$/.exec(hostname) ?? [];
  if (low === "") return undefined;
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join(".");
}

type Allowed = { hosts: Set<string>; addresses: BlockList };

/** What OUTGOING_ALLOW names: hosts, addresses and subnets. */
function readAllowed(entries = outgoingAllow()): Allowed {
  const subnets = entries.filter((entry) => isIP(entry.split("/")[0] ?? ""));
  const whole = (address: string) => (isIP(address) === 6 ? 128 : 32);
  return {
    hosts: new Set(entries.map((entry) => entry.toLowerCase())),
    addresses: blockList(subnets.map((entry) => (entry.includes("/") ? entry : `${entry}/${whole(entry)}`))),
  };
}

/** Whether an address may be connected to. */
function isPermitted(address: string, host: string, trust: Trust, allowed: Allowed): boolean {
  const plain = isIP(address) === 6 ? (embedded(address) ?? address) : address;
  const family = isIP(plain) === 6 ? "ipv6" : "ipv4";
  if (isIP(plain) === 0 || NEVER.check(plain, family)) return false;
  if (trust === "administrator" || allowed.hosts.has(host.toLowerCase()) || allowed.addresses.check(plain, family))
    return true;
  if (family === "ipv6" && !GLOBAL_6.check(plain, family)) return false;
  return !PRIVATE.check(plain, family);
}

const bare = (host: string) => host.replace(/^\[|\]$/g, "");

function refusal(host: string, trust: Trust, field?: string): DomainError {
  const message =
    trust === "author"
      ? `${host} is no public address: requests go to public ones only, unless an administrator names it in OUTGOING_ALLOW`
      : `${host} is an address that nothing is sent to (link-local, multicast or reserved)`;
  return new DomainError("validation", message, field ? { fields: [{ field, message }] } : {});
}

/** Refuses, before anything is stored, what can be seen to lead to an address that is not permitted. @throws DomainError validation */
export function assertOutgoing(url: string, trust: Trust, field: string): void {
  const host = bare(new URL(url).hostname);
  const local = /(^|\.)localhost\.?$/i.test(host) ? "127.0.0.1" : host;
  if (isIP(local) && !isPermitted(local, host, trust, readAllowed())) throw refusal(host, trust, field);
}

/**
 * Resolves a name once, to the addresses that may be connected to: those are then connected to, so that no second answer of a name server can
 * lead elsewhere.
 */
export function outgoingLookup(trust: Trust): LookupFunction {
  const allowed = readAllowed();
  return (host, options, callback) => {
    const done = callback as (error: Error | null, address: string | LookupAddress[], family?: number) => void;
    resolveName(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const permitted = addresses.filter(({ address }) => isPermitted(address, host, trust, allowed));
      const [first] = permitted;
      if (!first) return done(refusal(host, trust), []);
      if (options.all) done(null, permitted);
      else done(null, first.address, first.family);
    });
  };
}

/** Names are resolved by the guard; an address is none, and goes past it. @throws DomainError validation */
export function assertLiteral(host: string, trust: Trust): void {
  if (isIP(host) && !isPermitted(host, host, trust, readAllowed())) throw refusal(host, trust);
}

/**
 * A socket for a client that connects it itself, such as a database's: to a permitted address, or to the socket of a folder, which only an
 * administrator names. @throws DomainError validation where the host is an address that is not permitted
 */
export function outgoingSocket(host: string, trust: Trust): Socket {
  if (host.startsWith("/")) {
    if (trust !== "administrator")
      throw new DomainError("validation", `${host} is on the portal's own machine: only an administrator may name it`);
    return new Socket();
  }
  assertLiteral(bare(host), trust);
  const socket = new Socket();
  const open = socket.connect.bind(socket) as (options: NetConnectOpts) => Socket;
  const guarded = (port: number, name: string) => open({ port, host: bare(name), lookup: outgoingLookup(trust) });
  return Object.assign(socket, { connect: guarded });
}

/** Opens a connection, within ten seconds. @throws DomainError validation where it is not permitted, Error where nobody answers */
export async function connectOutgoing(
  { host, port }: { host: string; port: number },
  trust: Trust,
  limitMs = 10_000,
): Promise<Socket> {
  assertLiteral(bare(host), trust);
  const socket = connect({ host: bare(host), port, lookup: outgoingLookup(trust) });
  return new Promise((resolve, reject) => {
    socket.setTimeout(limitMs, () => socket.destroy(new Error(`${host} does not answer`)));
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

export type OutgoingRequest = {
  trust: Trust;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** For all of it, ms. */
  limitMs: number;
  /** So much of the answer is read. */
  maxBytes?: number;
};

/** Posts JSON: as postBytes. */
export const postJson = (
  url: string,
  body: object,
  options: OutgoingRequest,
): Promise<{ status: number; text: string }> =>
  postBytes(url, Buffer.from(JSON.stringify(body)), {
    ...options,
    headers: { ...options.headers, "content-type": "application/json" },
  });

/**
 * Posts a body and answers the status and the beginning of the text. Redirects are not followed: where they lead nobody has named.
 * @throws DomainError validation where the address is not permitted; Error, without what is secret in the address, where nobody answers
 */
export async function postBytes(
  url: string,
  body: Buffer,
  options: OutgoingRequest,
): Promise<{ status: number; text: string }> {
  const { trust, headers, limitMs, maxBytes = 0 } = options;
  const target = new URL(url);
  const host = bare(target.hostname);
  assertLiteral(host, trust);
  const limit = AbortSignal.timeout(limitMs);
  const send = target.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(
        error.name === "DomainError"
          ? error
          : new Error(`${target.host} cannot be reached: ${reasonOf(error.cause ?? error)}`),
      );
    const request = send(target, {
      method: "POST",
      headers: {
        "user-agent": "Sightline",
        ...headers,
        "content-length": body.length,
      },
      lookup: outgoingLookup(trust),
      agent: false,
      signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit,
    });
    request.once("error", fail);
    request.once("response", (response) => {
      const status = response.statusCode ?? 0;
      const chunks: Buffer[] = [];
      let bytes = 0;
      const end = () => {
        resolve({ status, text: Buffer.concat(chunks).toString("utf8").slice(0, maxBytes) });
        response.destroy();
      };
      if (maxBytes === 0) return end();
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes >= maxBytes) end();
      });
      response.once("end", end);
      response.once("error", fail);
    });
    request.end(body);
  });
}
