"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { InputForm } from "#components/inputs/input-form.tsx";
import { InputToken } from "#components/inputs/input-token.tsx";
import { KIND_TITLE, reasonTitle } from "#components/inputs/labels.ts";
import {
  type InputWithToken,
  inputsQuery,
  type ListedInput,
  useRemoveInput,
  useRenewToken,
} from "#components/inputs/queries.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Table } from "#components/ui/table.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { EXPECTED_DROPS, INPUT_KINDS } from "#lib/contract/input-names.ts";
import { plural } from "#lib/format/plural.ts";
import { countText, formatText } from "#lib/format/value.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

const COLUMNS = ["Name", "Kind", "Last received", "Samples/s", "Series", "Dropped"];

const CONSEQUENCE = {
  sent: "Its token is refused at once. What it received stays, on a host that is retired.",
  scraped: "Its targets are no longer scraped. What they brought stays, on a host that is retired.",
};

type Dropped = ListedInput["dropped"];

/** What was dropped within the last hour and should not have been sent. */
const recentDrops = (dropped: Dropped): Dropped =>
  dropped.filter(({ reason, lastAt }) => !EXPECTED_DROPS.includes(reason) && Date.now() - lastAt.getTime() < HOUR_MS);

function Drops({ dropped }: { dropped: Dropped }) {
  if (dropped.length === 0) return <span className="text-muted">none</span>;
  return (
    <ul className="space-y-1">
      {dropped.map(({ reason, samples, example, lastAt }) => (
        <li key={reason}>
          <details>
            <summary className="cursor-pointer">
              {reasonTitle(reason)}: {countText(samples)}
            </summary>
            <p className="max-w-md text-muted [overflow-wrap:anywhere]">
              Last <DateTime at={lastAt} />: {example}
            </p>
          </details>
        </li>
      ))}
    </ul>
  );
}

type TargetCounts = NonNullable<ListedInput["targets"]>;

type RowProps = {
  input: ListedInput;
  mayWrite: boolean;
  onEdit: () => void;
  onToken: (input: InputWithToken) => void;
};

function Acts({ input, onEdit, onToken }: Omit<RowProps, "mayWrite">) {
  const [renew, remove] = [useRenewToken(), useRemoveInput()];
  const failure = renew.error ?? remove.error;
  return (
    <div className="mt-1 flex flex-wrap gap-2">
      <Button className="h-8" aria-label={`Edit ${input.name}`} onClick={onEdit}>
        Edit
      </Button>
      {input.kind !== "scrape" && (
        <ConfirmButton
          act="Renew token"
          name={`Renew the token of ${input.name}`}
          question={`Make a new token for ${input.name}?`}
          consequence="The token of now is refused at once: senders need the new one."
          disabled={renew.isPending}
          onConfirm={() => renew.mutate(input.id, { onSuccess: onToken })}
        />
      )}
      <ConfirmButton
        act="Delete"
        name={`Delete ${input.name}`}
        question={`Delete the input ${input.name}?`}
        consequence={CONSEQUENCE[input.kind === "scrape" ? "scraped" : "sent"]}
        disabled={remove.isPending}
        onConfirm={() => remove.mutate(input.id)}
      />
      {failure && <Notice variant="bad" title={failure.message} />}
    </div>
  );
}

function Targets({ id, targets: { up, down, unknown, problem } }: { id: number; targets: TargetCounts }) {
  const count = up + down + unknown;
  return (
    <p className="mt-1 flex flex-wrap gap-2">
      <Link href={`/inputs/${id}`} className="text-accent underline">
        {count === 0 ? "No targets" : `${up} of ${plural(count, "target")} up`}
      </Link>
      {down > 0 && <Badge variant="bad">{down} down</Badge>}
      {problem !== null && <Badge variant="warn">Targets missing</Badge>}
    </p>
  );
}

function Row({ input, mayWrite, onEdit, onToken }: RowProps) {
  return (
    <tr className="align-top">
      <td className="py-2 pr-3">
        <Link href={`/hosts/${input.id}`} className="font-medium text-sm hover:underline [overflow-wrap:anywhere]">
          {input.name}
        </Link>{" "}
        {!input.enabled && <Badge>Off</Badge>}
        {input.targets && <Targets id={input.id} targets={input.targets} />}
        {mayWrite && <Acts input={input} onEdit={onEdit} onToken={onToken} />}
      </td>
      <td className="py-2 pr-3">{KIND_TITLE[input.kind]}</td>
      <td className="whitespace-nowrap py-2 pr-3">
        {input.lastReceivedAt ? <DateTime at={input.lastReceivedAt} /> : <span className="text-muted">never</span>}
      </td>
      <td className="py-2 pr-3 text-right">{formatText(input.samplesPerSecond, "count")}</td>
      <td className="whitespace-nowrap py-2 pr-3 text-right">
        {countText(input.series)} of {countText(input.maxSeries)}
      </td>
      <td className="py-2">
        <Drops dropped={input.dropped} />
        {input.refused > 0 && (
          <p className="max-w-md text-muted [overflow-wrap:anywhere]">
            {plural(input.refused, "request")} refused
            {input.problemAt && (
              <>
                , last <DateTime at={input.problemAt} />
              </>
            )}
            : {input.problem}
          </p>
        )}
      </td>
    </tr>
  );
}

function Warning({ input: { name, dropped } }: { input: ListedInput }) {
  const recent = recentDrops(dropped);
  if (recent.length === 0) return null;
  return (
    <Notice variant="warn" className="mb-3" title={`${name}: samples were dropped in the last hour`}>
      {recent.map(({ reason, example }) => (
        <p key={reason} className="[overflow-wrap:anywhere]">
          {reasonTitle(reason)}. Such as {example}
        </p>
      ))}
    </Notice>
  );
}

function Nothing({ children }: { children: ReactNode }) {
  return (
    <Notice title="Nothing is received from outside yet">
      <p className="mb-2">
        An input takes what other programs measure, by {INPUT_KINDS.map((kind) => KIND_TITLE[kind]).join(" or ")}. The
        page{" "}
        <Link href="/integrations" className="text-accent underline">
          Integrations
        </Link>{" "}
        has the set-up for Prometheus, OpenTelemetry, node_exporter, PostgreSQL, nginx and others.
      </p>
      {children}
    </Notice>
  );
}

/** The ways in for what others measure: which there are, and how they fare. */
export function InputList({ mayWrite }: { mayWrite: boolean }) {
  const query = useQuery(inputsQuery);
  const [edited, setEdited] = useState<{ input: ListedInput | undefined }>();
  const [shown, setShown] = useState<InputWithToken>();
  const add = (
    <Button variant="primary" onClick={() => setEdited({ input: undefined })}>
      Add input
    </Button>
  );
  const close = () => {
    setEdited(undefined);
    setShown(undefined);
  };
  const router = useRouter();
  const show = (input: InputWithToken) => {
    setEdited(undefined);
    if (input.kind === "scrape") router.push(`/inputs/${input.id}`);
    else setShown(input);
  };
  const count = query.data?.length ?? 0;
  return (
    <>
      <PageTitle note={query.data ? plural(count, "input") : " "} aside={mayWrite && count > 0 && add}>
        Inputs
      </PageTitle>
      <QueryView query={query} what="The inputs" empty={<Nothing>{mayWrite && add}</Nothing>}>
        {(inputs) => (
          <>
            {inputs.map((input) => (
              <Warning key={input.id} input={input} />
            ))}
            <Card>
              <Table columns={COLUMNS} className="min-w-[54rem]">
                {inputs.map((input) => (
                  <Row key={input.id} {...{ input, mayWrite }} onEdit={() => setEdited({ input })} onToken={show} />
                ))}
              </Table>
            </Card>
          </>
        )}
      </QueryView>
      <Dialog
        open={edited !== undefined || shown !== undefined}
        onOpenChange={(open) => open || close()}
        title={shown ? `Token of ${shown.name}` : edited?.input ? `Edit ${edited.input.name}` : "Add input"}
        className="w-[min(44rem,calc(100vw-1.5rem))]"
      >
        {shown && <InputToken input={shown} onDone={close} />}
        {edited && !shown && <InputForm input={edited.input} onCreated={show} onDone={close} />}
      </Dialog>
    </>
  );
}
