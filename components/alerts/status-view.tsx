"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { TableButton } from "#components/charts/table/table-button.tsx";
import { type CallOutput, call } from "#components/layout/api.ts";
import { Badge, type BadgeVariant } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { DateTime, useTimeFormat } from "#components/ui/time-format.tsx";
import * as contract from "#lib/contract/index.ts";
import { durationText } from "#lib/format/duration.ts";

type Status = CallOutput<typeof contract.statusPages.read>;
type Group = Status["groups"][number];

const STATES: Record<Group["state"], { title: string; variant: BadgeVariant; whole: string }> = {
  up: { title: "up", variant: "good", whole: "Everything is up" },
  down: { title: "down", variant: "bad", whole: "There is an incident" },
  maintenance: { title: "maintenance", variant: "warn", whole: "There is maintenance" },
};

const percent = (share: number) => `${(Math.floor(share * 100_000) / 1_000).toFixed(share === 1 ? 0 : 3)} %`;

function coveredText(days: Group["days"]): string {
  const count = days.filter(({ covered }) => covered).length;
  return `${count} ${count === 1 ? "day" : "days"}`;
}

const dayText = ({ downMs, covered }: Pick<Group["days"][number], "downMs" | "covered">): string =>
  covered ? (downMs === 0 ? "up" : `down for ${durationText(downMs)}`) : "no data";

function Days({ name, days }: Pick<Group, "name" | "days">) {
  const time = useTimeFormat();
  const title = `${name}, each of the past ${days.length} days`;
  const rows = () => ({
    ...{ head: "Day", columns: ["State"] },
    rows: days.map((day) => ({ head: time.day(day.at), figures: [dayText(day)] })),
  });
  return (
    <div className="relative">
      <div className="flex h-8 gap-px" role="img" aria-label={title}>
        {days.map(({ at, downMs, covered }) => (
          <span
            key={at}
            title={`${time.day(at)}: ${dayText({ downMs, covered })}`}
            className={cn("flex-1 rounded-[1px]", covered ? (downMs === 0 ? "bg-good" : "bg-bad") : "bg-line")}
          />
        ))}
      </div>
      <TableButton title={title} rows={rows} />
    </div>
  );
}

function Subscribe({ slug, token }: { slug: string; token: string | undefined }) {
  const [email, setEmail] = useState("");
  const subscribe = useMutation({
    mutationFn: () =>
      call(contract.statusPages.subscribe, { params: { slug }, query: token ? { token } : {}, body: { email } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    subscribe.mutate();
  };
  const feed = `/api/v1/status-pages/${slug}/feed${token ? `?token=${encodeURIComponent(token)}` : ""}`;
  return (
    <Card>
      <CardTitle
        aside={
          <a href={feed} className="underline">
            RSS
          </a>
        }
      >
        Get notified
      </CardTitle>
      {subscribe.isSuccess ? (
        <Notice variant="good" title="Open the link in the email that was sent to you" />
      ) : (
        <Form className="flex items-end gap-2" onSubmit={submit}>
          <Field
            label="Email address"
            type="email"
            required
            className="flex-1"
            error={subscribe.error?.message}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <Button type="submit" disabled={subscribe.isPending}>
            Subscribe
          </Button>
        </Form>
      )}
    </Card>
  );
}

/** A status page, for whoever uses what is monitored. */
export function StatusView({ status, slug, token }: { status: Status; slug: string; token: string | undefined }) {
  const { title, at, state, groups, incidents, maintenance } = status;
  return (
    <div className="grid gap-3">
      <h1 className="font-semibold text-xl">{title}</h1>
      <Notice variant={state === "up" ? "good" : state === "down" ? "bad" : "warn"} title={STATES[state].whole}>
        As of <DateTime at={at} />
      </Notice>
      <Card>
        <ul className="divide-y divide-line">
          {groups.map(({ name, state: own, uptime, days }) => (
            <li key={name} className="space-y-1.5 py-3">
              <div className="flex flex-wrap items-center justify-between gap-2">
                <span className="font-medium">{name}</span>
                <span className="figures inline-flex items-center gap-2 text-xs">
                  {uptime === null ? "no data yet" : `${percent(uptime)} up in ${coveredText(days)}`}
                  <Badge variant={STATES[own].variant}>{STATES[own].title}</Badge>
                </span>
              </div>
              <Days name={name} days={days} />
            </li>
          ))}
        </ul>
      </Card>
      {maintenance.length > 0 && (
        <Card>
          <CardTitle>Maintenance</CardTitle>
          <ul className="space-y-1 text-sm">
            {maintenance.map(({ group, title: window, from, to }) => (
              <li key={`${group} ${from.getTime()} ${window}`}>
                {group}: {window}, <DateTime at={from} /> to <DateTime at={to} />
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Card>
        <CardTitle aside="past 90 days">Incidents</CardTitle>
        {incidents.length === 0 && <p className="text-muted">None.</p>}
        <ul className="divide-y divide-line">
          {incidents.map(({ group, title: incident, startedAt, endedAt }) => (
            <li
              key={`${group} ${incident} ${startedAt.getTime()}`}
              className="flex flex-wrap justify-between gap-2 py-2"
            >
              <span>
                {group}: {incident}
              </span>
              <span className="figures text-muted text-xs">
                <DateTime at={startedAt} />
                {endedAt ? `, ${durationText(endedAt.getTime() - startedAt.getTime())}` : ", goes on"}
              </span>
            </li>
          ))}
        </ul>
      </Card>
      <Subscribe slug={slug} token={token} />
    </div>
  );
}
