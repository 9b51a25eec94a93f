import { rangeQuestions } from "#app/_access/first-ranges.ts";
import { idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { pageTime, type Search } from "#app/_access/page-time.ts";
import { panelRange } from "#components/charts/panel-range.ts";
import { listServerSeries } from "#lib/databases/server-series.ts";
import { database } from "#lib/db/client.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

/** What the page of a database server gets by its address. */
export type ServerPageProps = { params: Promise<{ id: string }>; searchParams: Promise<Search> };

/** The server of a page with charts, and what the page asks first of those that `panelsOf` names. A server that is not there is the page "not found". */
export async function readServerPage(
  { params, searchParams }: ServerPageProps,
  panelsOf: (series: SeriesInfo[]) => { own: SeriesInfo[] }[],
) {
  const id = idParam((await params).id) ?? NO_ID;
  const { hostId: host, series } = await orNotFound(listServerSeries(database(), id));
  const time = await pageTime(await searchParams);
  const ranges = panelsOf(series).map(({ own }) => panelRange(host, own, time, false));
  return { server: { id, host, series, since: Date.now() }, questions: rangeQuestions(ranges) };
}
