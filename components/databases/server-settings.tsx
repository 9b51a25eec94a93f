"use client";

import { useQuery } from "@tanstack/react-query";
import { DataTable } from "#components/databases/data-table.tsx";
import { settingsQuery } from "#components/databases/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { settingText } from "#lib/databases/server/setting-text.ts";

/** Settings of a server that are not the default, and what changed of them. */
export function ServerSettings({ id }: { id: number }) {
  const query = useQuery(settingsQuery(id));
  return (
    <QueryView query={query} what="The settings" skeleton={<Skeleton className="h-96" />}>
      {({ at, settings, changes }) => (
        <div className="grid gap-3">
          <Card>
            <CardTitle>Changes</CardTitle>
            {changes.length === 0 ? (
              <p className="text-muted text-sm">No change was seen since this server is watched.</p>
            ) : (
              <DataTable
                label="Changes of settings"
                rows={changes}
                rowKey={(change) => `${change.name}/${change.at.getTime()}`}
                columns={[
                  { title: "Setting", value: ({ name }) => name },
                  { title: "Before", value: ({ before }) => before ?? "default" },
                  { title: "After", value: ({ after }) => after ?? "default" },
                  { title: "Seen", unit: "instant", value: (change) => change.at.getTime() },
                ]}
              />
            )}
          </Card>
          <Card>
            <CardTitle aside={at && <DateTime at={at} />}>
              Settings that are not the default, and those that matter
            </CardTitle>
            {settings.length === 0 ? (
              <p className="text-muted text-sm">Not read yet: settings come within five minutes of the first sample.</p>
            ) : (
              <DataTable
                label="Settings"
                rows={settings}
                rowKey={({ name }) => name}
                columns={[
                  { title: "Setting", value: ({ name }) => name },
                  {
                    title: "Value",
                    value: ({ value }) => value,
                    cell: ({ value, unit, pendingRestart }) => (
                      <span className="break-all">
                        {settingText(value, unit) || "empty"}{" "}
                        {pendingRestart && <Badge variant="warn">waits for a restart</Badge>}
                      </span>
                    ),
                  },
                  { title: "Set by", value: ({ source }) => source },
                ]}
              />
            )}
          </Card>
        </div>
      )}
    </QueryView>
  );
}
