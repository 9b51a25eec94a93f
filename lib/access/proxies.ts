import { BlockList, isIP } from "node:net";

/** What stands before a portal at home: this machine, and private networks (RFC 1918, RFC 4193, RFC 6598, link-local). */
const PRIVATE = [
  "127.0.0.0/8",
  "::1/128",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
];

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");

/** An address as text says it: without a port, brackets or zone, and IPv4 that is mapped into IPv6 as IPv4. Undefined for none. */
function plainAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  const address = bare.replace(/%.*$/, "");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return isIP(mapped ?? address) ? (mapped ?? address) : undefined;
}

/** The proxies that are believed: addresses and subnets; or `private`, for the one proxy before the portal, in a private network. */
export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #maxHops: number;

  constructor(entries: string[]) {
    // Whoever is behind the one proxy may be in a private network as well, and is no proxy.
    this.#maxHops = entries.includes("private") ? 1 : Number.POSITIVE_INFINITY;
    for (const entry of entries.flatMap((item) => (item === "private" ? PRIVATE : [item]))) {
      const [address = "", prefix] = entry.split("/");
      const whole = isIP(address) === 6 ? 128 : 32;
      this.#list.addSubnet(address, Number(prefix ?? whole), familyOf(address));
    }
  }

  has(address: string | undefined): boolean {
    const plain = plainAddress(address ?? "");
    return plain !== undefined && this.#list.check(plain, familyOf(plain));
  }

  /**
   * Who asks: the hop nearest to us that is no trusted proxy. Each proxy appends whom it was asked by to X-Forwarded-For, so that the list is true
   * from its right end as far as proxies are trusted, and whatever stands left of that the client may have written itself.
   */
  peerOf(socketAddress: string | undefined, forwarded: string | string[] | undefined): string {
    const hops = [forwarded ?? []]
      .flat()
      .join(",")
      .split(",")
      .filter((hop) => hop.trim() !== "");
    let peer = plainAddress(socketAddress ?? "") ?? "unknown";
    for (let hop = 0; hop < this.#maxHops && this.has(peer); hop++) {
      const before = plainAddress(hops.pop() ?? "");
      if (!before) break;
      peer = before;
    }
    return peer;
  }
}

/** What limits count an address by: of IPv6 the /64 that one customer has. */
export function addressGroup(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const groups =
    tail === undefined ? left : [...left, ...Array(Math.max(8 - left.length - right.length, 0)).fill("0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
