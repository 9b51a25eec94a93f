import type { Permission } from "#lib/contract/permissions.ts";

/** Where `g` and then a letter lead. */
export const GO: Record<string, { href: string; title: string; permission: Permission }> = {
  n: { href: "/now", title: "Now", permission: "hosts:read" },
  h: { href: "/hosts", title: "Hosts", permission: "hosts:read" },
  a: { href: "/alerts", title: "Alerts", permission: "alerts:read" },
  u: { href: "/anomalies", title: "Anomalies (what is unusual)", permission: "anomalies:read" },
  p: { href: "/applications", title: "Applications", permission: "metrics:read" },
  d: { href: "/databases", title: "Databases", permission: "databases:read" },
  c: { href: "/checks", title: "Checks", permission: "checks:read" },
  m: { href: "/catalogue", title: "Catalogue of metrics", permission: "metrics:read" },
  i: { href: "/insights", title: "Insights", permission: "insights:read" },
  e: { href: "/experiments", title: "Experiments", permission: "experiments:read" },
  r: { href: "/reports", title: "Reports", permission: "reports:read" },
  s: { href: "/settings", title: "Settings", permission: "settings:read" },
};

/** What a key asks for. */
export type Shortcut = { act: "palette" | "search" | "sheet" } | { act: "go"; letter: string };

export type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey"> & {
  /** Whether the key belongs to what has the focus: a field, a menu, a dialog. */
  isTaken: boolean;
};

/** The second letter follows the first within so long, ms. */
const FOLLOWS_MS = 1_500;

/** Reads shortcuts from keys as they come. Single letters can be turned off: whoever speaks to a machine types them by accident (WCAG 2.1.4). */
export class ShortcutReader {
  #wentAt = Number.NEGATIVE_INFINITY;

  /** `at` in ms of any clock that does not go back. */
  read({ key, ctrlKey, metaKey, altKey, isTaken }: Press, at: number, letters: boolean): Shortcut | undefined {
    const follows = at - this.#wentAt <= FOLLOWS_MS;
    this.#wentAt = Number.NEGATIVE_INFINITY;
    if (key.toLowerCase() === "k" && (ctrlKey || metaKey) && !altKey) return { act: "palette" };
    if (ctrlKey || metaKey || altKey || isTaken || !letters) return undefined;
    if (follows && Object.hasOwn(GO, key)) return { act: "go", letter: key };
    if (key === "g") this.#wentAt = at;
    return key === "/" ? { act: "search" } : key === "?" ? { act: "sheet" } : undefined;
  }
}
