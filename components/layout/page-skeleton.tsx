import { Skeleton } from "#components/ui/skeleton.tsx";

/** A page of figures and charts while its data is read. */
export function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton className="mb-4 h-11 w-48" />
      <div className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        {["a", "b", "c", "d", "e", "f"].map((key) => (
          <Skeleton key={key} className="h-36" />
        ))}
      </div>
      <Skeleton className="h-80" />
    </div>
  );
}
