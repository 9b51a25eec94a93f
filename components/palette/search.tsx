"use client";

import { Search as Glass } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from "react";
import { GO, type Shortcut, ShortcutReader } from "#components/palette/shortcuts.ts";
import { orLost } from "#components/ui/lost.tsx";
import { may } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";

// Both come when they are first wanted.
const Palette = dynamic(
  orLost(() => import("#components/palette/palette.tsx").then((drawn) => drawn.Palette)),
  { ssr: false },
);
const ShortcutSheet = dynamic(
  orLost(() => import("#components/palette/shortcut-sheet.tsx").then((drawn) => drawn.ShortcutSheet)),
  { ssr: false },
);

const OFF = "sightline-letters-off";
const changed = new EventTarget();

/** A browser may refuse to keep anything: then letters are shortcuts as long as nobody turns them off. */
let refused = false;

function areLettersOn(): boolean {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return !refused;
  }
}

function keepLetters(on: boolean): void {
  refused = !on;
  try {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // For as long as the page is open.
  }
  changed.dispatchEvent(new Event("letters"));
}

/** Whether single letters are shortcuts: kept by this browser. */
function useLetters(): [boolean, (on: boolean) => void] {
  const letters = useSyncExternalStore(
    (listen) => {
      changed.addEventListener("letters", listen);
      return () => changed.removeEventListener("letters", listen);
    },
    areLettersOn,
    () => true,
  );
  return [letters, keepLetters];
}

/** What takes letters for itself: what is typed into, and what is in front of the page. */
const TAKERS =
  "input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]";

const isTaken = (target: EventTarget | null): boolean => target instanceof Element && target.closest(TAKERS) !== null;

const onMac = () => /Mac|iPhone|iPad/.test(navigator.platform);
const never = () => () => undefined;

/** The way to everything: a button and Ctrl-K open the palette, single letters lead to pages and to this page's own search. */
export function Search({ role }: { role: Role }) {
  const router = useRouter();
  const [open, setOpen] = useState<"palette" | "sheet">();
  const [letters, setLetters] = useLetters();
  const reader = useRef(new ShortcutReader());
  const isMac = useSyncExternalStore(never, onMac, () => false);
  const act = (shortcut: Shortcut) => {
    if (shortcut.act === "go") {
      const page = GO[shortcut.letter];
      if (page && may(role, page.permission)) router.push(page.href);
      return;
    }
    const field = shortcut.act === "search" ? document.querySelector<HTMLElement>("main input[type=search]") : null;
    if (field) field.focus();
    else setOpen(shortcut.act === "sheet" ? "sheet" : "palette");
  };
  const hear = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const { key, ctrlKey, metaKey, altKey, target } = event;
    const press = { key, ctrlKey, metaKey, altKey, isTaken: isTaken(target) };
    const shortcut = reader.current.read(press, performance.now(), letters);
    if (!shortcut) return;
    event.preventDefault();
    act(shortcut);
  });
  useEffect(() => {
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
  const close = () => setOpen(undefined);
  return (
    <>
      <button
        type="button"
        aria-label="Search"
        aria-keyshortcuts="Control+K"
        onClick={() => setOpen("palette")}
        className="flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-muted text-xs hover:bg-raised hover:text-ink sm:w-64 sm:border sm:border-line sm:bg-canvas"
      >
        <Glass aria-hidden className="size-4 shrink-0" />
        <span aria-hidden className="hidden flex-1 text-left sm:inline">
          Search
        </span>
        <kbd aria-hidden className="hidden font-sans sm:inline">
          {isMac ? "⌘ K" : "Ctrl K"}
        </kbd>
      </button>
      {open === "palette" && <Palette role={role} onClose={close} showSheet={() => setOpen("sheet")} />}
      {open === "sheet" && <ShortcutSheet open role={role} letters={letters} setLetters={setLetters} onClose={close} />}
    </>
  );
}
