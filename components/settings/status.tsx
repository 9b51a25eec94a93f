"use client";

import { useQuery } from "@tanstack/react-query";
import { type Failure, type Status, statusQuery } from "#components/settings/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

/** What a task is called, what its subject is, and where it can be looked at. */
const TASKS: Record<Failure["task"], { title: string; href?: string }> = {
  detection: { title: "Anomaly detection", href: "/settings/detection" },
  alerts: { title: "Alerts", href: "/alerts" },
  expressions: { title: "Alert rules that are expressions", href: "/alerts/rules" },
  slos: { title: "SLOs", href: "/slos" },
  experiments: { title: "Judging of experiments", href: "/experiments" },
  compaction: { title: "Compaction", href: "/settings/storage" },
  retention: { title: "Retention", href: "/settings/storage" },
  housekeeping: { title: "Housekeeping" },
  upcoming: { title: "What comes next on a host", href: "/insights" },
  "export sweep": { title: "Removal of old exports", href: "/reports/exports" },
  replies: { title: "Buttons in Telegram", href: "/alerts/channels" },
  export: { title: "Export", href: "/reports/exports" },
  "report schedule": { title: "Scheduled report", href: "/reports/schedules" },
  mail: { title: "Report mail", href: "/reports/schedules" },
  notice: { title: "Notice to an account" },
  alert: { title: "Notification of an alert", href: "/alerts/channels" },
  webhook: { title: "Webhook of a verdict", href: "/experiments" },
};

function Health({ health }: Pick<Status, "health">) {
  const { status, reason, warnings = [], lastSampleAt, version } = health;
  const last = lastSampleAt ? (
    <>
      Last sample <DateTime at={lastSampleAt} />.
    </>
  ) : (
    "No sample yet."
  );
  return (
    <section aria-label="Health" className="space-y-2">
      {status === "ok" ? (
        <Notice variant="good" title="Samples are stored">
          {last} Version {version}.
        </Notice>
      ) : (
        <Notice variant="bad" title={reason ?? "The portal is not healthy"}>
          {last} Version {version}.
        </Notice>
      )}
      {warnings.map((warning) => (
        <Notice key={warning} variant="warn" title={warning} />
      ))}
    </section>
  );
}

function FailureRow({ failure }: { failure: Failure }) {
  const { task, subject, reason, attempts, since, nextAt } = failure;
  const { title, href } = TASKS[task];
  return (
    <tr>
      <td className="whitespace-nowrap py-1.5 pr-3 align-top">
        <DateTime at={since} />
      </td>
      <th scope="row" className="py-1.5 pr-3 align-top font-normal">
        {href ? (
          <Link className="text-accent underline-offset-2 hover:underline" href={href}>
            {title}
          </Link>
        ) : (
          title
        )}
      </th>
      <td className="break-words py-1.5 pr-3 align-top">{subject || "All of it"}</td>
      <td className="min-w-48 break-words py-1.5 pr-3 align-top">{reason}</td>
      <td className="py-1.5 pr-3 align-top">{attempts}</td>
      <td className="whitespace-nowrap py-1.5 align-top">{nextAt ? <DateTime at={nextAt} /> : "Given up"}</td>
    </tr>
  );
}

function Failures({ failures }: Pick<Status, "failures">) {
  return (
    <Card>
      <CardTitle>Background failures</CardTitle>
      {failures.length === 0 ? (
        <p className="text-muted">
          Nothing is failing. A failure is listed here with its reason; it stops nothing else, and is tried again until
          it succeeds.
        </p>
      ) : (
        <Table columns={["Since", "Task", "Subject", "Reason", "Attempts", "Next attempt"]}>
          {failures.map((failure) => (
            <FailureRow key={`${failure.task} ${failure.subject}`} failure={failure} />
          ))}
        </Table>
      )}
    </Card>
  );
}

/** Whether samples are stored, and what fails in the background. */
export function StatusView() {
  return (
    <QueryView query={useQuery(statusQuery)} what="The status" skeleton={<Skeleton className="h-64" />}>
      {({ health, failures }) => (
        <div className="space-y-3">
          <Health health={health} />
          <Failures failures={failures} />
        </div>
      )}
    </QueryView>
  );
}
