"use client";

import dynamic from "next/dynamic";
import { orLost } from "#components/ui/lost.tsx";

/** A text in Markdown, drawn by what comes only where there is one. */
export const LazyMarkdown = dynamic(
  orLost(() => import("#components/ui/markdown.tsx").then(({ Markdown }) => Markdown)),
  { ssr: false, loading: () => <p className="text-muted">…</p> },
);
