/** Where a process belongs: a container by its id or name, or a unit of systemd; empty where there is none. */
export type Membership = { container: string; unit: string };

/** The id of a container in a path of control groups: 64 hexadecimal digits, in a scope of its engine or a folder of their own. */
const BY_ID =
  /(?:^|\/)(?:(?:docker|libpod|crio|cri-containerd|containerd|nerdctl)-)?([0-9a-f]{64})(?:\.scope)?(?:\/|$)/;
const BY_NAME = [
  // systemd-nspawn, by its service or by the scope that machined makes.
  /\/systemd-nspawn@([^/]+)\.service(?:\/|$)/,
  /\/machine\.slice\/machine-([^/]+)\.scope(?:\/|$)/,
  // LXC and Incus: the payload, not the monitor, which is a process of the host.
  /\/lxc\.payload\.([^/]+)(?:\/|$)/,
  /^\/lxc\/([^/]+)(?:\/|$)/,
];

/** systemd writes other bytes than letters and digits as \x2d. */
const unescapeUnit = (name: string) =>
  name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** The path of the unified hierarchy, else that of systemd's own in version 1, else the first that names a container. */
function pathOf(lines: string): string {
  const rows = [...lines.matchAll(/^\d+:([^:]*):(.*)$/gm)].map(([, controllers = "", path = ""]) => ({
    controllers,
    path,
  }));
  const paths = ["", "name=systemd"].flatMap(
    (name) => rows.find(({ controllers }) => controllers === name)?.path ?? [],
  );
  const other = rows.find(({ path }) => containerIn(path) !== undefined)?.path;
  return paths.find((path) => path !== "/") ?? other ?? "/";
}

/** A container in a path of control groups: its id or name, and the path of its own group. */
function containerIn(path: string): { name: string; group: string } | undefined {
  for (const pattern of [BY_ID, ...BY_NAME]) {
    const match = pattern.exec(path);
    const name = match?.[1];
    if (!match || !name) continue;
    const group = path.slice(0, match.index + match[0].length).replace(/\/$/, "");
    return { name: pattern === BY_ID ? name.slice(0, SHORT_ID) : unescapeUnit(name).slice(0, 128), group };
  }
  return undefined;
}

/** As many digits as `docker ps` shows. */
const SHORT_ID = 12;

/** The container and the unit of a process by its /proc/PID/cgroup, and the path of the container's group. Of units within others the innermost counts. */
export function parseMembership(lines: string): Membership & { group: string } {
  const path = pathOf(lines);
  const container = containerIn(path);
  if (container) return { container: container.name, unit: "", group: container.group };
  const units = path.split("/").filter((part) => /\.(service|scope)$/.test(part));
  return { container: "", unit: unescapeUnit(units.at(-1) ?? "").slice(0, 256), group: "" };
}
