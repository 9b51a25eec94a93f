"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { diskTrendQuery, type StorageFigures, storageQuery } from "#components/settings/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { formatText } from "#lib/format/value.ts";

const TITLES = {
  frames: "Frames, not compacted yet",
  raw: "Raw samples",
  minute: "1-minute rollups",
  hour: "1-hour rollups",
};

function Figure({ title, value }: { title: string; value: ReactNode }) {
  return (
    <Card className="p-3.5">
      <h2 className="text-muted text-xs">{title}</h2>
      <p className="figures font-semibold text-xl">{value}</p>
    </Card>
  );
}

function Resolutions({ resolutions }: Pick<StorageFigures, "resolutions">) {
  return (
    <Card className="overflow-x-auto">
      <CardTitle>Stored data</CardTitle>
      <table className="figures w-full text-left">
        <thead className="text-muted text-xs">
          <tr>
            <th className="py-1 font-normal">Resolution</th>
            <th className="py-1 text-right font-normal">Rows</th>
            <th className="py-1 text-right font-normal">Size</th>
            <th className="py-1 text-right font-normal">Bytes per row</th>
            <th className="py-1 text-right font-normal">Since</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {resolutions.map(({ resolution, rows, bytes, from }) => (
            <tr key={resolution}>
              <th scope="row" className="py-1.5 font-normal">
                {TITLES[resolution]}
              </th>
              <td className="py-1.5 text-right">{formatText(rows, "count")}</td>
              <td className="py-1.5 text-right">{formatText(bytes, "bytes")}</td>
              <td className="py-1.5 text-right">{rows > 0 ? (bytes / rows).toFixed(2) : "–"}</td>
              <td className="py-1.5 text-right">{from ? <DateTime at={from} dayOnly /> : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Retention({ retention }: Pick<StorageFigures, "retention">) {
  const due = retention.filter(({ chunks }) => chunks > 0);
  return (
    <Card>
      <CardTitle aside="within a minute">Next retention run</CardTitle>
      {due.length === 0 && <p className="text-muted">No data is past its retention: nothing would be removed.</p>}
      <ul>
        {due.map(({ resolution, before, chunks, bytes }) => (
          <li key={resolution}>
            {TITLES[resolution]}: {chunks} chunks, {formatText(bytes, "bytes")}, older than{" "}
            <DateTime at={before} dayOnly />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function DiskFull({ host }: { host: number }) {
  const { data, isError } = useQuery(diskTrendQuery(host));
  const [first] = (data?.disk_trend ?? [])
    .flatMap(({ mount, fillsAt }) => (fillsAt ? [{ mount, at: fillsAt }] : []))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  const date = first && (
    <>
      {first.mount} on <DateTime at={first.at} dayOnly />
    </>
  );
  return <Figure title="Disk full" value={date ?? (data ? "Not in sight" : isError ? "Unknown" : "–")} />;
}

/** What is stored, what it takes, and what retention removes next; `host` is the only one there is, whose disk this is. */
export function StorageView({ host }: { host: number | undefined }) {
  return (
    <QueryView
      query={useQuery(storageQuery)}
      what="The storage figures"
      skeleton={<Skeleton className="h-64 max-w-4xl" />}
    >
      {({ databaseBytes, growthBytesPerDay, bytesPerSample, resolutions, retention }) => (
        <div className="max-w-4xl space-y-3">
          <div className="grid grid-cols-1 gap-3 sm:grid-cols-2 xl:grid-cols-4">
            <Figure title="Database" value={formatText(databaseBytes, "bytes")} />
            <Figure title="Growth per day" value={formatText(growthBytesPerDay, "bytes")} />
            <Figure title="Bytes per sample, compacted" value={bytesPerSample?.toFixed(2) ?? "–"} />
            {host !== undefined && <DiskFull host={host} />}
          </div>
          {bytesPerSample === null && (
            <Notice title="Nothing is compacted yet">
              Frames are compacted into compressed chunks ten minutes after each six-hour span ends (0:00, 6:00, 12:00
              and 18:00 UTC).
            </Notice>
          )}
          <Resolutions resolutions={resolutions} />
          <Retention retention={retention} />
        </div>
      )}
    </QueryView>
  );
}
