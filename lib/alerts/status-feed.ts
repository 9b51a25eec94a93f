import { type StatusPage, statusUrl } from "#lib/alerts/status-pages.ts";
import { readStatus } from "#lib/alerts/status-report.ts";
import type { Connection } from "#lib/db/client.ts";
import { escapeMarkup } from "#lib/format/markup.ts";

/** A status page's incidents as RSS 2.0. */
export async function readFeed(db: Connection, page: StatusPage, now: number): Promise<string> {
  const { title, incidents } = await readStatus(db, page, now);
  const url = escapeMarkup(statusUrl(page));
  const items = incidents.map(({ group, title: incident, startedAt, endedAt }) => {
    const text = `${group}: ${incident}${endedAt ? ", resolved" : ""}`;
    const said = endedAt
      ? `From ${startedAt.toUTCString()} to ${endedAt.toUTCString()}`
      : `Since ${startedAt.toUTCString()}`;
    const guid = escapeMarkup(`${page.slug} ${group} ${startedAt.toISOString()} ${endedAt ? "resolved" : "open"}`);
    return [
      ...[
        "<item>",
        `<title>${escapeMarkup(text)}</title>`,
        `<link>${url}</link>`,
        `<guid isPermaLink="false">${guid}</guid>`,
      ],
      ...[
        `<pubDate>${(endedAt ?? startedAt).toUTCString()}</pubDate>`,
        `<description>${said}</description>`,
        "</item>",
      ],
    ].join("");
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<rss version="2.0"><channel><title>${escapeMarkup(title)}</title><link>${url}</link><description>Incidents</description>`,
    ...items,
    "</channel></rss>",
  ].join("\n");
}
