import type { ReactNode } from "react";
import { cn } from "#components/ui/cn.ts";

type Props = {
  columns: readonly string[];
  /** The columns that hold figures, whose cells are `text-right`. */
  figures?: readonly string[];
  className?: string;
  children: ReactNode;
};

/** Rows under their columns' names; a narrow screen scrolls them sideways. */
export function Table({ columns, figures = [], className, children }: Props) {
  return (
    <div className="relative overflow-x-auto">
      <table className={cn("figures w-full min-w-[30rem] text-left text-xs", className)}>
        <thead className="text-muted">
          <tr>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className={cn("py-1 pr-3 font-normal", figures.includes(column) && "text-right")}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </div>
  );
}
