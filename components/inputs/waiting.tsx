import { LoaderCircle } from "lucide-react";

/** While nothing has come of a new input. */
export const Waiting = () => (
  <p className="flex items-center gap-2 text-muted text-xs">
    <LoaderCircle aria-hidden className="size-4 animate-spin motion-reduce:animate-none" />
    Waiting for the first samples
  </p>
);
