"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  note?: string;
  className?: string;
  children: ReactNode;
};

/** What Dialog draws. */
export const DialogPopup = (props: DialogProps) => (
  <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 bg-black/40" />
      <Content {...props} />
    </Radix.Portal>
  </Radix.Root>
);

/** The cross at the top of what is in front of the page. */
export const DialogClose = ({ label, className }: { label: string; className?: string }) => (
  <Radix.Close
    aria-label={label}
    className={cn("cursor-pointer rounded-md p-1.5 text-muted hover:bg-raised hover:text-ink", className)}
  >
    <X aria-hidden className="size-4" />
  </Radix.Close>
);

const TEXTS = ["text", "url", "email", "number", "password"];

/** Whether somebody types there what they would have to type again. */
const isText = (target: EventTarget): boolean =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && TEXTS.includes(target.type));

/** Is there while the dialog is open. What was typed is not thrown away by a key or a click beside it. */
function Content({ onOpenChange, title, note, className, children }: DialogProps) {
  const opener = useRef<Element | null>(null);
  const typed = useRef<EventTarget>(null);
  const [isLeaving, setLeaving] = useState(false);
  const leave = (event: Event) => {
    // What was saved has gone, with the field that it was typed into.
    if (!(typed.current instanceof Node && typed.current.isConnected) || isLeaving) return;
    event.preventDefault();
    setLeaving(true);
  };
  return (
    <Radix.Content
      {...(note ? {} : { "aria-describedby": undefined })}
      className={cn(
        "fixed top-1/2 left-1/2 z-50 max-h-[92dvh] w-[min(32rem,calc(100vw-1.5rem))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-lg border border-line bg-surface p-4 shadow-xl",
        className,
      )}
      onInput={({ target }) => {
        if (isText(target)) typed.current = target;
      }}
      onEscapeKeyDown={leave}
      onInteractOutside={leave}
      onOpenAutoFocus={() => {
        opener.current = document.activeElement;
      }}
      onCloseAutoFocus={(event) => {
        // Radix knows no opener but a trigger of its own, and would leave the focus on the page.
        event.preventDefault();
        if (opener.current instanceof HTMLElement) opener.current.focus();
      }}
    >
      <div className="mb-4 flex items-start justify-between gap-3">
        <div className="min-w-0">
          <Radix.Title className="font-semibold">{title}</Radix.Title>
          {note && <Radix.Description className="text-muted text-xs">{note}</Radix.Description>}
        </div>
        <DialogClose label="Close" className="-mt-1 -mr-1" />
      </div>
      {children}
      {isLeaving && (
        <div
          role="alert"
          className="sticky bottom-0 mt-3 flex flex-wrap items-center justify-end gap-2 rounded-md bg-raised p-3 text-sm"
        >
          <span className="mr-auto">Discard what you entered?</span>
          <Button onClick={() => setLeaving(false)}>Keep editing</Button>
          <Button variant="danger" onClick={() => onOpenChange(false)}>
            Discard
          </Button>
        </div>
      )}
    </Radix.Content>
  );
}
