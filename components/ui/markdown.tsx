import MarkdownToJsx from "markdown-to-jsx/react";
import type { ComponentType, ReactNode } from "react";
import { Scrolled } from "#components/ui/scrolled.tsx";

const OVERRIDES = {
  a: { props: { className: "text-accent underline", rel: "noreferrer" } },
  h2: { props: { className: "mt-6 mb-2 scroll-mt-16 font-semibold text-base first:mt-0" } },
  h3: { props: { className: "mt-4 mb-1 font-medium text-sm" } },
  p: { props: { className: "my-2 leading-6" } },
  ul: { props: { className: "my-2 list-disc space-y-1 pl-5 leading-6" } },
  ol: { props: { className: "my-2 list-decimal space-y-1 pl-5 leading-6" } },
  code: { props: { className: "rounded bg-raised px-1 py-0.5 text-xs" } },
  th: { props: { className: "py-1 pr-4 text-left font-normal text-muted align-bottom" } },
  td: { props: { className: "border-line border-t py-1.5 pr-4 align-top" } },
  table: {
    component: ({ children }: { children: ReactNode }) => (
      <Scrolled label="Table" className="my-3 overflow-x-auto">
        <table className="figures text-xs">{children}</table>
      </Scrolled>
    ),
  },
  pre: {
    component: ({ children }: { children: ReactNode }) => (
      <Scrolled label="Example" className="my-3 overflow-x-auto">
        <pre className="rounded-md border border-line bg-canvas p-3 text-xs [&_code]:bg-transparent [&_code]:p-0">
          {children}
        </pre>
      </Scrolled>
    ),
  },
};

type Props = {
  text: string;
  /** Draws links, where they lead elsewhere than they say. */
  link?: ComponentType<{ href?: string; children?: ReactNode }>;
};

/** A text in Markdown. HTML in it is shown as it is written. */
export function Markdown({ text, link }: Props) {
  const overrides = { ...OVERRIDES, ...(link && { a: { component: link } }) };
  return <MarkdownToJsx options={{ overrides, disableParsingRawHTML: true, forceBlock: true }}>{text}</MarkdownToJsx>;
}
