import { postMortemPage } from "#components/incidents/post-mortem-place.ts";
import type { PostMortemHead } from "#components/incidents/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { durationText } from "#lib/format/duration.ts";

function Entry({ postMortem }: { postMortem: PostMortemHead }) {
  const { incidentId, hostId, host, title, startedAt, endedAt, updatedAt, updatedBy } = postMortem;
  return (
    <Link href={postMortemPage({ id: incidentId, hostId })} className="block rounded px-1 py-2.5 hover:bg-raised">
      <span className="flex flex-wrap justify-between gap-x-4">
        <span className="min-w-0 break-words font-medium">{title}</span>
        {updatedAt && (
          <span className="figures text-muted text-xs">
            {updatedBy ?? "an account that is gone"}, <DateTime at={updatedAt} />
          </span>
        )}
      </span>
      <span className="figures block text-muted text-xs">
        {host} · <DateTime at={startedAt} />
        {endedAt && `, ${durationText(endedAt.getTime() - startedAt.getTime())}`}
      </span>
    </Link>
  );
}

/** Post-mortems of incidents, the newest incident's first. */
export function PostMortemList({ postMortems }: { postMortems: PostMortemHead[] }) {
  return (
    <Card>
      <CardTitle aside={<span className="figures">{postMortems.length}</span>}>Post-mortems</CardTitle>
      {postMortems.length === 0 && (
        <Notice title="No post-mortems yet">
          Open an incident on the page Anomalies and choose "Write post-mortem": a draft is made of what is known.
        </Notice>
      )}
      <ul className="divide-y divide-line">
        {postMortems.map((postMortem) => (
          <li key={`${postMortem.hostId} ${postMortem.incidentId}`}>
            <Entry postMortem={postMortem} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
