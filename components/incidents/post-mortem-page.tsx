"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { DownloadFailure } from "#components/exports/download-failure.tsx";
import { useDownload } from "#components/exports/use-download.ts";
import { LazyMarkdown } from "#components/incidents/lazy-markdown.tsx";
import { PostMortemEditor } from "#components/incidents/post-mortem-editor.tsx";
import {
  inputOf,
  type PostMortem,
  postMortemQuery,
  useRemovePostMortem,
  type Which,
} from "#components/incidents/queries.ts";
import { addressOf } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { DateTime, useTimeFormat } from "#components/ui/time-format.tsx";
import { POST_MORTEM_FORMATS, type PostMortemFormat } from "#lib/contract/enums.ts";
import * as contract from "#lib/contract/index.ts";
import { POST_MORTEM_PARTS } from "#lib/incidents/post-mortem-text.ts";

const FORMAT_TITLE: Record<PostMortemFormat, string> = { markdown: "Markdown", html: "HTML", pdf: "PDF" };

function Exports({ which }: { which: Which }) {
  const { bytes, failure, start } = useDownload();
  const { params, query } = inputOf(which);
  return (
    <>
      {POST_MORTEM_FORMATS.map((format) => (
        <Button
          key={format}
          variant="quiet"
          className="h-8 px-2"
          disabled={bytes !== undefined}
          aria-label={`Download as ${FORMAT_TITLE[format]}`}
          onClick={() => void start(addressOf(contract.postMortems.file, { params, query: { ...query, format } }))}
        >
          {FORMAT_TITLE[format]}
        </Button>
      ))}
      <DownloadFailure failure={failure} />
    </>
  );
}

function Remove({ which }: { which: Which }) {
  const remove = useRemovePostMortem(which);
  return (
    <>
      <ConfirmButton
        act="Remove"
        name="Remove post-mortem"
        question="Remove this post-mortem?"
        consequence="Its text is gone for everybody, and the incident is kept no longer than others are."
        disabled={remove.isPending}
        onConfirm={() => remove.mutate(undefined)}
      />
      {remove.isError && <span className="text-bad text-xs">{remove.error.message}</span>}
    </>
  );
}

function Read({ postMortem }: { postMortem: PostMortem }) {
  const time = useTimeFormat();
  return (
    <div className="grid gap-3">
      {POST_MORTEM_PARTS.map(([part, heading]) => (
        <Card key={part}>
          <CardTitle>{heading}</CardTitle>
          {postMortem[part] ? (
            <div className="break-words">
              <LazyMarkdown text={time.inText(postMortem[part])} />
            </div>
          ) : (
            <p className="text-muted">Nothing is written here.</p>
          )}
        </Card>
      ))}
    </div>
  );
}

function Note({ postMortem: { version, updatedAt, updatedBy } }: { postMortem: PostMortem }) {
  if (version === 0 || !updatedAt) return "A draft of what is known; nobody has saved it";
  return (
    <>
      Post-mortem, version {version} · {updatedBy ?? "an account that is gone"}, <DateTime at={updatedAt} />
    </>
  );
}

/** The post-mortem of an incident, to read, to export, and to write for whoever may. */
export function PostMortemPage({ initial, mayWrite }: { initial: PostMortem; mayWrite: boolean }) {
  const which = { id: initial.incidentId, hostId: initial.hostId };
  const { data: postMortem } = useQuery({ ...postMortemQuery(which), initialData: initial });
  const [isEditing, setEditing] = useState(mayWrite && initial.version === 0);
  const { title, version } = postMortem;
  return (
    <div className="max-w-5xl">
      <Link
        href={`/anomalies/incidents/${which.id}?host=${which.hostId}`}
        className="text-accent text-xs hover:underline"
      >
        Incident {which.id}
      </Link>
      <PageTitle
        note={<Note postMortem={postMortem} />}
        aside={
          <span className="flex flex-wrap items-center gap-1">
            <Exports which={which} />
            {mayWrite && version > 0 && !isEditing && <Remove which={which} />}
            {mayWrite && !isEditing && (
              <Button className="h-8" onClick={() => setEditing(true)}>
                Edit post-mortem
              </Button>
            )}
          </span>
        }
      >
        {title}
      </PageTitle>
      {version === 0 && !mayWrite && (
        <Notice className="mb-3">Administrators, operators and engineers write post-mortems.</Notice>
      )}
      {isEditing ? (
        <PostMortemEditor which={which} initial={postMortem} onClose={() => setEditing(false)} />
      ) : (
        <Read postMortem={postMortem} />
      )}
    </div>
  );
}
