"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failure } from "#components/ui/failure.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

type Props<T> = {
  query: Pick<UseQueryResult<T>, "data" | "error" | "isError" | "refetch">;
  /** What is loaded, as a sentence begins: "The sessions". */
  what: string;
  /** In its place while it is loaded. */
  skeleton?: ReactNode;
  /** Shown in place of data that `isEmpty` finds empty; a list without entries is. */
  empty?: ReactNode;
  isEmpty?: (data: T) => boolean;
  children: (data: T) => ReactNode;
};

const hasNoEntries = (data: unknown): boolean => Array.isArray(data) && data.length === 0;

/** What a query brought: a skeleton, an error with a way to try again, what to do where there is nothing, or the data. */
export function QueryView<T>({ query, what, skeleton, empty, isEmpty = hasNoEntries, children }: Props<T>) {
  const { data, error, isError, refetch } = query;
  const retry = () => void refetch();
  if (data === undefined)
    return isError ? (
      <Failure what={what} error={error} onRetry={retry} />
    ) : (
      (skeleton ?? <Skeleton className="h-40" />)
    );
  return (
    <>
      {isError && (
        <Notice variant="warn" className="mb-3" title={`${what} could not be refreshed`}>
          {error?.message} Shown is the last answer.
        </Notice>
      )}
      {empty !== undefined && isEmpty(data) ? empty : children(data)}
    </>
  );
}
