"use client";

import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef, useState } from "react";
import { cn } from "#components/ui/cn.ts";
import type { MenuParts, MenuPopup } from "#components/ui/menu-popup.tsx";

type Props = {
  trigger: ReactNode;
  label: string;
  className?: string;
  /** What the menu holds, of parts that come with what draws it. */
  children: (parts: MenuParts) => ReactNode;
};

type Popup = { MenuPopup: typeof MenuPopup; menuParts: MenuParts };

const OPENING_KEYS = ["Enter", " ", "ArrowDown"];

/** A button that opens a menu. What draws the menu comes when a pointer or the focus comes near: a page has several, and most visits open none. */
export function Menu({ trigger, label, className, children }: Props) {
  const [id, buttonId] = [useId(), useId()];
  const button = useRef<HTMLButtonElement>(null);
  const [popup, setPopup] = useState<Popup>();
  const [isOpen, setOpen] = useState(false);
  const load = () => {
    if (popup) return;
    // What did not come is asked for again at the next try.
    import("#components/ui/menu-popup.tsx").then(setPopup, () => setOpen(false));
  };
  const setWanted = (wanted: boolean) => {
    load();
    setOpen(wanted);
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || event.ctrlKey) return;
    // The focus goes to the menu.
    if (!isOpen) event.preventDefault();
    setWanted(!isOpen);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!OPENING_KEYS.includes(event.key)) return;
    event.preventDefault();
    setWanted(event.key === "ArrowDown" || !isOpen);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        id={buttonId}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen && popup ? id : undefined}
        onPointerEnter={load}
        onFocus={load}
        {...{ onPointerDown, onKeyDown }}
        // Some aids press a button with neither a pointer nor a key.
        onClick={({ detail }) => detail === 0 && setWanted(!isOpen)}
        className={cn(
          "inline-flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-muted text-sm hover:bg-raised hover:text-ink",
          className,
        )}
      >
        {trigger}
      </button>
      {popup && (
        <popup.MenuPopup {...{ id, buttonId, button, isOpen }} onOpenChange={setOpen}>
          {children(popup.menuParts)}
        </popup.MenuPopup>
      )}
    </>
  );
}
