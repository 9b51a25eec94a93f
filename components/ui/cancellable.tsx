import { Button } from "#components/ui/button.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** Stands in for what takes a while, with a way out. */
export const Cancellable = ({ act, className, onCancel }: { act: string; className: string; onCancel: () => void }) => (
  <div>
    <Skeleton className={className} />
    <Button variant="quiet" className="mt-2 h-8" onClick={onCancel}>
      {act}
    </Button>
  </div>
);
