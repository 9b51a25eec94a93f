"use client";

import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef, useState } from "react";
import { cn } from "#components/ui/cn.ts";
import { LOST } from "#components/ui/lost.tsx";
import type { MenuParts, MenuPopup } from "#components/ui/menu-popup.tsx";
import { raiseError } from "#components/ui/toasts.tsx";

type Props = {
  trigger: ReactNode;
  label: string;
  className?: string;
  /** What the menu holds, of parts that come with what draws it. */
  children: (parts: MenuParts) => ReactNode;
};

type Popup = { MenuPopup: typeof MenuPopup; menuParts: MenuParts };

const OPENING_KEYS = ["Enter", " ", "ArrowDown"];

/** What draws a menu, and whether it is wanted: it comes when somebody comes near, and waits for nobody who has gone elsewhere. */
function usePopup() {
  const [popup, setPopup] = useState<Popup>();
  const [isOpen, setOpen] = useState(false);
  const isWanted = useRef(false);
  const load = () => {
    if (popup) return;
    import("#components/ui/menu-popup.tsx").then(setPopup, () => {
      if (isWanted.current) raiseError(LOST);
      setWanted(false);
    });
  };
  const setWanted = (wanted: boolean) => {
    isWanted.current = wanted;
    setOpen(wanted);
    if (wanted) load();
  };
  /** Whoever goes elsewhere while the menu is loaded no longer waits for it. */
  const giveUp = () => {
    if (!popup) setWanted(false);
  };
  return { popup, isOpen, load, setWanted, giveUp };
}

/** A button that opens a menu. What draws the menu comes when a pointer or the focus comes near: a page has several, and most visits open none. */
export function Menu({ trigger, label, className, children }: Props) {
  const [id, buttonId] = [useId(), useId()];
  const button = useRef<HTMLButtonElement>(null);
  const { popup, isOpen, load, setWanted, giveUp } = usePopup();
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || event.ctrlKey) return;
    // The focus goes to the menu; while there is none yet it stays here, so that leaving is seen.
    if (!isOpen && popup) event.preventDefault();
    setWanted(!isOpen);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") giveUp();
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
        onBlur={giveUp}
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
        <popup.MenuPopup {...{ id, buttonId, button, isOpen }} onOpenChange={setWanted}>
          {children(popup.menuParts)}
        </popup.MenuPopup>
      )}
    </>
  );
}
