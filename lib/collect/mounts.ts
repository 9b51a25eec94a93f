/** File systems without blocks of their own, or in memory: nobody runs out of them. */
const NO_DISK = new Set(
  (
    "autofs bdev binder binfmt_misc bpf cgroup cgroup2 configfs debugfs devfs devpts devtmpfs efivarfs fuse.gvfsd-fuse fuse.lxcfs fuse.portal " +
    "fusectl hugetlbfs initramfs initrd mqueue nfsd nsfs proc pstore ramfs rootfs rpc_pipefs securityfs selinuxfs specfs sysfs tmpfs tracefs udev"
  ).split(" "),
);

/** Local file systems that keep their counts in memory, so that asking for them waits for no disk. */
const COUNTED = new Set("btrfs exfat ext2 ext3 ext4 f2fs vfat xfs".split(" "));

/** What is below one of these may hang by the name alone: a server's, an automounter's or a program's. */
const mayHang = ({ type }: Row): boolean =>
  !COUNTED.has(type) && (type === "autofs" || type.startsWith("fuse") || !(NO_DISK.has(type) || IMAGE.has(type)));

/** Images, which are full by their nature. */
const IMAGE = new Set(
  "cdfs composefs cramfs erofs iso9660 romfs squashfs udf zisofs fuse.snapfuse fuse.squashfuse".split(" "),
);

/**
 * A mounted file system: where, as bytes in latin1, by which it is asked, and as a reader reads it. One is prompt that answers from memory, as does all
 * that its path leads through.
 */
export type Mount = { path: string; name: string; prompt: boolean };

/** The bytes of a name in mountinfo, which writes space, tab, line feed and backslash in octal. */
const decode = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

const hex = (code: number) => `\\x${code.toString(16).padStart(2, "0")}`;

/** Bytes as UTF-8, with each that is none, or is a control character, as \x0a. */
function readable(path: string): string {
  const bytes = Buffer.from(path, "latin1");
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const letter = bytes.subarray(at, at + length).toString("utf8");
    const isLetter = !letter.includes("\ufffd") && [...letter].length === 1;
    text += isLetter && first >= 0x20 && first !== 0x7f ? letter : hex(first);
    at += isLetter ? length : 1;
  }
  return text;
}

type Row = { device: string; root: string; path: string; type: string; source: string; options: string[] };

function parseRow(line: string): Row | undefined {
  const [head = "", tail = ""] = line.split(" - ");
  const [, , device = "", root = "", point = "", own = ""] = head.split(" ");
  const [type = "", source = "", whole = ""] = tail.split(" ");
  const path = decode(point);
  return path.startsWith("/")
    ? { device, root, path, type, source, options: [...own.split(","), ...whole.split(",")] }
    : undefined;
}

/** Read only, and from a file: an image whatever it is called. */
const isImage = ({ type, source, options }: Row): boolean =>
  IMAGE.has(type) || (options.includes("ro") && source.startsWith("/dev/loop"));

/** A subvolume of btrfs shares its device with the others, and is one all the same. */
const identity = ({ device, type, root }: Row) => (type === "btrfs" ? `${device} ${root}` : device);

/** Of the places that a device is mounted at its own one, rather than where a part of it is shown again; then the shortest. */
const isBetter = (row: Row, other: Row): boolean =>
  row.root === other.root || (row.root !== "/" && other.root !== "/")
    ? row.path.length < other.path.length
    : row.root === "/";

const isWithin = (path: string, folder: string) => path === folder || path.startsWith(folder.replace(/\/?$/, "/"));

/**
 * Where file systems with blocks are mounted, by the bytes of /proc/self/mountinfo as latin1, sorted: each device once. Reading it touches none of
 * them, and so cannot hang.
 */
export function parseMounts(mountinfo: string): Mount[] {
  const byDevice = new Map<string, Row>();
  const rows = mountinfo.split("\n").flatMap((line) => parseRow(line) ?? []);
  for (const row of rows) {
    if (isImage(row) || (NO_DISK.has(row.type) && row.path !== "/")) continue;
    const other = byDevice.get(identity(row));
    if (!other || isBetter(row, other)) byDevice.set(identity(row), row);
  }
  const names = new Map([...byDevice.values()].map((row) => [readable(row.path), row]));
  const doubtful = rows.filter(mayHang).map(({ path }) => path);
  const isPrompt = ({ type, path }: Row) => COUNTED.has(type) && !doubtful.some((folder) => isWithin(path, folder));
  return [...names]
    .map(([name, row]) => ({ name, path: row.path, prompt: isPrompt(row) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
