import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Of a name that is only ever software: the loopback, the host's ends of containers, redirections, tunnels. */
const SOFTWARE = /^(lo|ifb\d+|dummy\d+|veth.*|docker\d+|br-.*|virbr\d+.*|tunl\d+|sit\d+|ip6tnl\d+|gre\d+)$/;

const ETHERNET = "1";

type Interface = { name: string; dir: string; hardware: boolean; lower: string[] };

function interfaceOf(sys: string, name: string): Interface {
  const dir = join(sys, "class", "net", name);
  const lower = readdirSync(dir).flatMap((entry) => (entry.startsWith("lower_") ? [entry.slice(6)] : []));
  return { name, dir, hardware: existsSync(join(dir, "device")), lower };
}

const textOf = (dir: string, file: string): string | undefined => {
  try {
    return readFileSync(join(dir, file), "latin1").trim();
  } catch {
    return undefined;
  }
};

/** An Ethernet end that lies upon no other interface: what a container or a guest without hardware has. */
const isEnd = ({ name, dir, lower }: Interface): boolean =>
  !SOFTWARE.test(name) &&
  lower.length === 0 &&
  textOf(dir, "type") === ETHERNET &&
  !["bridge", "bonding", "tun_flags"].some((entry) => existsSync(join(dir, entry)));

/**
 * The interfaces that carry traffic, each byte once, of those that there are: hardware, by /sys/class/net. A bond, bridge, VLAN, VPN or container
 * interface lies upon one; where hardware lies upon hardware, as a virtual machine's failover, the upper has the traffic of both. Without any
 * hardware, as in a container, the Ethernet ends. Without /sys names must do.
 */
export function carriers(names: string[], sys = "/sys"): string[] {
  if (!existsSync(join(sys, "class", "net"))) return names.filter((name) => !SOFTWARE.test(name));
  const all = names.flatMap((name) => {
    try {
      return [interfaceOf(sys, name)];
    } catch {
      // It went away meanwhile.
      return [];
    }
  });
  const hardware = all.filter((link) => link.hardware);
  const below = new Set(hardware.flatMap(({ lower }) => lower));
  const found = hardware.length > 0 ? hardware.filter(({ name }) => !below.has(name)) : all.filter(isEnd);
  return found.map(({ name }) => name);
}
