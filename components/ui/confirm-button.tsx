"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";

type Props = {
  /** What the button does: a verb and its object. */
  act: string;
  /** What to ask before: with a question mark. */
  question: string;
  /** What follows from it. */
  consequence: string;
  onConfirm: () => void;
  disabled?: boolean | undefined;
  className?: string;
  /** What the button is called where there are several alike. */
  name?: string;
};

/** A button for what cannot be undone: it asks first, and says what follows. */
export function ConfirmButton({ act, question, consequence, onConfirm, disabled, className = "h-8", name }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="danger" {...{ className, disabled, "aria-label": name }} onClick={() => setOpen(true)}>
        {act}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={question}
        note={consequence}
        className="w-[min(26rem,calc(100vw-1.5rem))]"
      >
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button
            variant="danger"
            onClick={() => {
              setOpen(false);
              onConfirm();
            }}
          >
            {act}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
