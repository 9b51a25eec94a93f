"use client";

import { parseAsString, useQueryState } from "nuqs";
import { MethodBadge } from "#components/help/method-badge.tsx";
import { type Named, operationAddress } from "#components/help/operations.ts";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { SearchField } from "#components/ui/search-field.tsx";
import { wordsOf } from "#lib/format/words.ts";

const matches = (words: string[], { method, path, tag, summary }: Named): boolean => {
  const text = `${method} ${path} ${tag} ${summary}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

function Operations({ tag, operations }: { tag: string; operations: Named[] }) {
  return (
    <Card>
      <CardTitle aside={<span className="figures">{operations.length}</span>}>{tag}</CardTitle>
      <ul className="divide-y divide-line">
        {operations.map((operation) => (
          <li
            key={`${operation.method} ${operation.path}`}
            className="grid gap-x-3 py-1.5 lg:grid-cols-[4rem_22rem_minmax(0,1fr)]"
          >
            <MethodBadge method={operation.method} />
            <Link href={operationAddress(operation)} className="break-all font-mono text-xs hover:underline">
              {operation.path}
            </Link>
            <span className="text-muted text-xs">{operation.summary}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Every operation of the API, by subject. */
export function Reference({ operations, root }: { operations: Named[]; root: string }) {
  const [search, setSearch] = useQueryState("search", parseAsString.withDefault(""));
  const words = wordsOf(search);
  const groups = [
    ...Map.groupBy(
      operations.filter((own) => matches(words, own)),
      ({ tag }) => tag,
    ),
  ];
  return (
    <>
      <PageTitle
        note={`${operations.length} operations below ${root}`}
        aside={
          <span className="flex flex-wrap items-center gap-3">
            <SearchField
              label="Search operations"
              placeholder="Search path or text"
              value={search}
              onChange={(text) => void setSearch(text || null)}
            />
            <a href={`${root}/openapi.json`} className="text-accent text-xs underline">
              OpenAPI 3.1
            </a>
            <Link href="/help/api" className="text-accent text-xs underline">
              How to call it
            </Link>
          </span>
        }
      >
        API reference
      </PageTitle>
      <div className="space-y-3">
        {groups.map(([tag, own]) => (
          <Operations key={tag} tag={tag} operations={own} />
        ))}
      </div>
      {groups.length === 0 && <Notice title="No operation has all of these words">Try a part of its path.</Notice>}
    </>
  );
}
