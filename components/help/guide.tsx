import type { ComponentProps } from "react";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Markdown } from "#components/ui/markdown.tsx";

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
        <Markdown text={text} link={GuideLink} />
      </Card>
    </>
  );
}
