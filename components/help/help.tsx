"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { GuideList, type GuideName } from "#components/help/guide-list.tsx";
import { helpQuery } from "#components/help/queries.ts";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { SearchField } from "#components/ui/search-field.tsx";
import { useSettled } from "#components/ui/use-settled.ts";

function Answers({ search }: { search: string }) {
  const query = useQuery(helpQuery(useSettled(search.trim())));
  return (
    <QueryView
      query={query}
      what="What the guides say"
      empty={<Notice title="No guide has all of these words">Try fewer of them, or the name of a page.</Notice>}
    >
      {(found) => (
        <ul className="max-w-4xl space-y-3">
          {found.map(({ href, heading, guideTitle, excerpt }) => (
            <li key={href}>
              <Card>
                <Link href={href} className="font-medium text-accent hover:underline">
                  {heading}
                </Link>
                {heading !== guideTitle && <span className="text-muted text-xs"> · {guideTitle}</span>}
                <p className="break-words text-muted text-xs">{excerpt}</p>
              </Card>
            </li>
          ))}
        </ul>
      )}
    </QueryView>
  );
}

/** All guides, or what they say of what one searches. */
export function Help({ guides }: { guides: GuideName[] }) {
  const [search, setSearch] = useQueryState("search", parseAsString.withDefault(""));
  return (
    <>
      <PageTitle
        note="Guides to every part of Sightline"
        aside={
          <span className="flex flex-wrap items-center gap-3">
            <SearchField
              label="Search the guides"
              placeholder="Search the guides"
              value={search}
              onChange={(text) => void setSearch(text || null)}
            />
            <Link href="/help/reference" className="text-accent text-sm underline">
              API reference
            </Link>
          </span>
        }
      >
        Help
      </PageTitle>
      {search.trim() === "" ? <GuideList guides={guides} /> : <Answers search={search} />}
    </>
  );
}
