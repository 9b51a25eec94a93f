/** File systems without blocks of their own, or in memory: nobody runs out of them. */
const NO_DISK = new Set(
  (
    "autofs bdev binder binfmt_misc bpf cgroup cgroup2 configfs cramfs debugfs devfs devpts devtmpfs efivarfs fuse.gvfsd-fuse fuse.lxcfs fuse.portal " +
    "fusectl hugetlbfs initramfs initrd mqueue nfsd nsfs proc pstore ramfs rootfs rpc_pipefs securityfs selinuxfs specfs squashfs sysfs tmpfs tracefs udev"
  ).split(" "),
);

const decode = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** A subvolume of btrfs shares its device with the others, and is one all the same. */
const identity = (device: string, type: string, mount: string) => (type === "btrfs" ? mount : device);

/**
 * Where file systems with blocks are mounted, by /proc/self/mountinfo, sorted: of a device that is mounted at several places the shortest. Reading
 * it touches none of them, and so cannot hang.
 */
export function parseMounts(mountinfo: string): string[] {
  const byDevice = new Map<string, string>();
  for (const line of mountinfo.split("\n")) {
    const [head = "", tail = ""] = line.split(" - ");
    const [, , device = "", , point = ""] = head.split(" ");
    const [type = ""] = tail.split(" ");
    const mount = decode(point);
    if (!mount.startsWith("/") || (NO_DISK.has(type) && mount !== "/")) continue;
    const key = identity(device, type, mount);
    const other = byDevice.get(key);
    if (other === undefined || mount.length < other.length) byDevice.set(key, mount);
  }
  return [...new Set(byDevice.values())].sort();
}
