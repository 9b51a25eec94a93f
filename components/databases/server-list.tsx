"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { ServerForm } from "#components/databases/lazy-server-form.tsx";
import { responseQuery, type Server, serversQuery } from "#components/databases/queries.ts";
import { ServerStateBadge } from "#components/databases/server-state.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { plural } from "#lib/format/plural.ts";
import { formatText } from "#lib/format/value.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

const KINDS = { postgres: "PostgreSQL", pgbouncer: "PgBouncer" };

function Response({ server }: { server: Server }) {
  const { data } = useQuery(responseQuery(server));
  return <Sparkline points={data?.series[0]?.points ?? []} spanMs={HOUR_MS} />;
}

/** What is the matter, in one line; blue is for links only, so that it bears its weight by the badge. */
function Matter({ server }: { server: Server }) {
  const { state, reason, since, worst, findings } = server;
  if (state === "down")
    return (
      <p className="text-bad text-xs">
        {reason}
        {since && (
          <>
            {", since "}
            <DateTime at={since} />
          </>
        )}
      </p>
    );
  const count = findings.critical + findings.warning + findings.info;
  if (!worst) return <p className="text-muted text-xs">Nothing found</p>;
  return (
    <p className="text-xs">
      {worst}
      {count > 1 && <span className="text-muted"> · {plural(count - 1, "more finding")}</span>}
    </p>
  );
}

function Item({ server }: { server: Server }) {
  const { id, name, kind, own, host, address, port, version, responseMs, connections, maxConnections } = server;
  const down = server.state === "down" || server.state === "unknown";
  return (
    <li>
      <Link href={`/databases/${id}`} className="block h-full rounded-lg">
        <Card className="h-full transition hover:border-accent">
          <span className="flex items-baseline justify-between gap-3">
            <span className="min-w-0 truncate font-medium">{name}</span>
            <ServerStateBadge server={server} />
          </span>
          <p className="truncate text-muted text-xs">
            {[
              `${KINDS[kind]} ${version ?? ""}`.trim(),
              own ? "the portal's own" : `${address}:${port}`,
              host.name,
            ].join(" · ")}
          </p>
          <div className="mt-3 mb-2 grid grid-cols-[1fr_1fr_auto] items-end gap-3">
            <div>
              <p className="text-muted text-xs">Response</p>
              <p className="figures font-medium">{formatText(down ? null : responseMs, "ms")}</p>
            </div>
            {kind === "postgres" && (
              <div>
                <p className="text-muted text-xs">Connections</p>
                <p className="figures font-medium">
                  {down || connections === null ? "–" : `${connections} of ${maxConnections}`}
                </p>
              </div>
            )}
            <span className="col-start-3">
              <Response server={server} />
            </span>
          </div>
          <Matter server={server} />
        </Card>
      </Link>
    </li>
  );
}

/** The watched servers, each with how it is. */
export function ServerList({ hosts, mayManage }: { hosts: { id: number; name: string }[]; mayManage: boolean }) {
  const query = useQuery(serversQuery);
  const [adding, setAdding] = useState(false);
  return (
    <>
      <PageTitle
        note="PostgreSQL servers and PgBouncer: what is the matter, and what to run"
        aside={
          mayManage && (
            <Button variant="primary" onClick={() => setAdding(true)}>
              Add server
            </Button>
          )
        }
      >
        Databases
      </PageTitle>
      <QueryView
        query={query}
        what="The servers"
        skeleton={<Skeleton className="h-48" />}
        empty={
          <p className="text-muted text-sm">
            No server is watched yet. The portal's own appears within a minute of its start; add others with Add server.
          </p>
        }
      >
        {(servers) => (
          <ul className="grid gap-3 md:grid-cols-2 2xl:grid-cols-3">
            {servers.map((server) => (
              <Item key={server.id} server={server} />
            ))}
          </ul>
        )}
      </QueryView>
      <Dialog
        open={adding}
        onOpenChange={setAdding}
        title="Add server"
        note="Help, Databases says how to create a role that may read and no more."
      >
        <ServerForm hosts={hosts} onDone={() => setAdding(false)} />
      </Dialog>
    </>
  );
}
