import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "#components/ui/cn.ts";

type SortOrder = "ascending" | "descending";

type Props = {
  /** How rows are sorted by this column; undefined while they are sorted by another. */
  order: SortOrder | undefined;
  onSort: () => void;
  help?: string;
  className?: string;
  /** Where the arrow stands: before the title of a right-aligned column. */
  arrow?: "before" | "after";
  /** Whether there is room for the arrow also while there is none, so that columns keep their widths. */
  roomy?: boolean;
  children: ReactNode;
};

/** The heading of a column that rows can be sorted by. */
export function SortHeading({ order, onSort, help, className, arrow = "after", roomy = false, children }: Props) {
  const Arrow = order === "ascending" ? ArrowUp : ArrowDown;
  return (
    <th scope="col" aria-sort={order} className={cn("font-normal", className)}>
      <button
        type="button"
        title={help}
        onClick={onSort}
        className={cn(
          "inline-flex cursor-pointer items-center gap-1 rounded hover:text-ink",
          arrow === "before" && "flex-row-reverse",
          order && "text-ink",
        )}
      >
        {children}
        {(order || roomy) && <Arrow aria-hidden className={cn("size-3", !order && "invisible")} />}
      </button>
    </th>
  );
}
