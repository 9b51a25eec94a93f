import { once } from "node:events";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { quantile } from "#lib/stats/quantile.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { loadEmailRenderer } from "../../tests/support/email.ts";
import { addHistory } from "../../tests/support/history.ts";
import type { BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { drawnOut } from "./recording.ts";
import { round } from "./statistics.ts";

const START = Date.UTC(2026, 0, 5);
const [HOSTS, DAYS, STEP_MS, RUNS] = [50, 14, MINUTE_MS, 5];

/** A mail server that keeps the sizes of the HTML that it received. */
async function openInbox(): Promise<{ sizes: number[]; url: string; close(): void }> {
  const sizes: number[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, _, done) {
      void simpleParser(stream).then(({ html }) => {
        sizes.push(Buffer.byteLength(html || ""));
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as { port: number };
  return { sizes, url: `smtp://127.0.0.1:${port}`, close: () => void server.close() };
}

async function measure(url: string): Promise<BenchResult> {
  const [{ openDatabase }, { createSchedule, sendNow }, { deliverMails }, { openTransport }, { compactDue }] =
    await Promise.all([
      import("#lib/db/client.ts"),
      import("#lib/reports/schedule.ts"),
      import("#lib/reports/deliver.ts"),
      import("#lib/notify/mail.ts"),
      import("#lib/tsdb/maintenance.ts"),
    ]);
  const end = START + DAYS * DAY_MS;
  const { series, columns } = drawnOut((DAYS * DAY_MS) / STEP_MS);
  for (let n = 0; n < HOSTS; n++)
    await addHistory(url, `host-${n}`, {
      ...{ series, from: START, to: end, stepMs: STEP_MS },
      valuesAt: (_, at) => columns.map((column) => column[at] as number),
    });
  console.error("… stored");
  const db = openDatabase(url, { maxConnections: 2, queryLimitMs: 900_000 });
  await compactDue(db, end + DAY_MS);
  console.error("… compacted");
  const inbox = await openInbox();
  const transport = await openTransport(inbox.url);
  const mailer = {
    transport,
    from: "portal@example.org",
    publicUrl: "http://x",
    secret: "s",
    render: await loadEmailRenderer(),
  };
  const plan = { name: "Digest", type: "executive" as const, templateId: null, hostIds: [], days: 7, quiet: false };
  const when = { cron: "0 7 * * 1", zone: "UTC", recipients: ["ops@example.org"], roles: [] };
  const user = await db.user.create({ data: { email: "b@example.org", name: "B", passwordHash: "x", role: "admin" } });
  const id = await createSchedule(db, { ...plan, ...when }, { userId: user.id, role: "admin", now: end });
  const times: number[] = [];
  for (let n = 0; n < RUNS; n++) {
    const began = performance.now();
    await sendNow(db, id, end + n);
    await deliverMails(db, mailer, { now: () => end + n });
    times.push((performance.now() - began) / 1000);
    if (inbox.sizes.length !== n + 1) throw new Error("the digest did not arrive");
  }
  transport.close();
  inbox.close();
  await db.$disconnect();
  return {
    hosts: HOSTS,
    "seconds from trigger to delivered": round(quantile(times, 0.5)),
    "slowest of five": round(Math.max(...times)),
    "KB of HTML": Math.round((inbox.sizes[0] ?? 0) / 1000),
  };
}

/** The week of fifty hosts as a mail: from the trigger to when a real SMTP server has taken it. */
export const run = (): Promise<BenchResult> => onCluster(({ url }) => measure(url));
