import Markdown from "markdown-to-jsx/react";
import type { ComponentProps, ReactNode } from "react";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Scrolled } from "#components/ui/scrolled.tsx";

/** Guides link to one another as files; here these are pages. */
function GuideLink({ href = "", children }: ComponentProps<"a">) {
  const page = /^([a-z]+)\.md(#.*)?$/.exec(href);
  const look = "text-accent underline";
  if (page)
    return (
      <Link href={`/help/${page[1]}${page[2] ?? ""}`} className={look}>
        {children}
      </Link>
    );
  return (
    <a href={href} className={look}>
      {children}
    </a>
  );
}

const OVERRIDES = {
  a: { component: GuideLink },
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

/** A guide of docs/, as it is in the repository. */
export function Guide({ title, text }: { title: string; text: string }) {
  return (
    <>
      <PageTitle
        aside={
          <Link href="/help" className="text-muted text-sm hover:text-ink">
            All guides
          </Link>
        }
      >
        {title}
      </PageTitle>
      <Card className="max-w-4xl">
        <Markdown options={{ overrides: OVERRIDES, disableParsingRawHTML: true, forceBlock: true }}>{text}</Markdown>
      </Card>
    </>
  );
}
