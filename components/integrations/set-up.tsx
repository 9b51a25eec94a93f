"use client";

import { type FormEvent, useState, useSyncExternalStore } from "react";
import { type InputWithToken, useCreateInput } from "#components/inputs/queries.ts";
import { Arrival } from "#components/integrations/arrival.tsx";
import { StepList } from "#components/integrations/step-list.tsx";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { CopiedText } from "#components/ui/copied-text.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { useTextFields } from "#components/ui/use-text-fields.ts";
import { INPUT_KINDS, type InputKind } from "#lib/contract/input-names.ts";
import type { Integration, Setup } from "#lib/integrations/parts/integration.ts";
import { byScraping } from "#lib/integrations/parts/snippets.ts";

const PLACEHOLDER = "sli_…";
const mayScrape = (INPUT_KINDS as readonly string[]).includes("scrape");

const never = () => () => undefined;
/** The portal's address as the reader has it; none where the server draws. */
const useOrigin = () =>
  useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );

type TokenProps = { kind: InputKind; name: string; onCreated: (input: InputWithToken) => void };

/** Makes an input, whose token the steps then show. */
function TokenForm({ kind, name, onCreated }: TokenProps) {
  const create = useCreateInput();
  const { texts, field } = useTextFields({ name });
  const problem = problemsOf(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: texts.name, kind }, { onSuccess: onCreated });
  };
  return (
    <Form className="max-w-xl space-y-2" onSubmit={submit}>
      <Field
        label="Name of the input"
        required
        hint="Its series are on a host of this name"
        error={problem("name")}
        {...field("name")}
      />
      {create.isError && !problem("name") && <Notice variant="bad" title={create.error.message} />}
      <Button type="submit" variant="primary" disabled={create.isPending}>
        Create token
      </Button>
    </Form>
  );
}

type WayProps = {
  integration: Integration;
  setup: Setup;
  mayWrite: boolean;
  input: InputWithToken | undefined;
  onCreated: (input: InputWithToken) => void;
};

/** A way to set up: its token where it needs one, its steps, and whether data has come. */
function Way({ integration, setup: { kind, steps }, mayWrite, input, onCreated }: WayProps) {
  const sender = { url: useOrigin(), token: input?.token ?? PLACEHOLDER };
  return (
    <div className="space-y-4">
      {kind && !input && mayWrite && <TokenForm kind={kind} name={integration.title} onCreated={onCreated} />}
      {kind && !mayWrite && (
        <Notice title={`The steps need the token of an input in place of ${PLACEHOLDER}`}>
          Ask an administrator or an operator to create it.
        </Notice>
      )}
      {input && (
        <div className="space-y-2 text-sm">
          <p>The token is shown only now, here and in the steps. It lets a program send and do nothing else.</p>
          <CopiedText name="Copy token" text={input.token} />
        </div>
      )}
      <StepList steps={steps} sender={sender} />
      {input && (
        <div aria-live="polite">
          <Arrival integration={integration} input={input} />
        </div>
      )}
    </div>
  );
}

/** The ways in which an integration is set up. */
export function SetUp({ integration, mayWrite }: { integration: Integration; mayWrite: boolean }) {
  const { scrape } = integration;
  const setups = scrape && mayScrape ? [...integration.setups, byScraping(scrape)] : integration.setups;
  const titles = setups.map(({ title }) => title);
  const [title, setTitle] = useState(titles[0] ?? "");
  // Here, and not with each way: a token is shown once, and whoever looks at another way meanwhile must find it again.
  const [inputs, setInputs] = useState<Record<string, InputWithToken>>({});
  const setup = setups.find((each) => each.title === title);
  return (
    <div className="space-y-4">
      {titles.length > 1 && <Segmented label="Set up by" options={titles} value={title} onChange={setTitle} />}
      {setup && (
        <Way
          key={setup.id}
          {...{ integration, setup, mayWrite }}
          input={inputs[setup.id]}
          onCreated={(input) => setInputs({ ...inputs, [setup.id]: input })}
        />
      )}
    </div>
  );
}
