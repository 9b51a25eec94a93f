"use client";

import dynamic from "next/dynamic";
import { orLost } from "#components/ui/lost.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** Comes when somebody adds or edits a server. */
export const ServerForm = dynamic(
  orLost(() => import("#components/databases/server-form.tsx").then((form) => form.ServerForm)),
  {
    ssr: false,
    loading: () => <Skeleton className="h-96" />,
  },
);
