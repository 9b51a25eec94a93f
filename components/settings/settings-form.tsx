"use client";

import { type ComponentProps, useState } from "react";
import { useForm } from "react-hook-form";
import { call } from "#components/layout/api.ts";
import { showProblem } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { lazyResolver } from "#components/ui/lazy-resolver.ts";
import { Notice } from "#components/ui/notice.tsx";
import * as contract from "#lib/contract/index.ts";
import { SETTING_KEYS, SETTINGS, type SettingKey } from "#lib/contract/setting-texts.ts";
import type { Settings } from "#lib/contract/settings.ts";

const GROUPS = Map.groupBy(SETTING_KEYS, (key) => SETTINGS[key].group);

type FieldProps = ComponentProps<"input"> & { setting: SettingKey; error: string | undefined };

/** A setting by its kind: a switch, a figure or a text. */
function SettingField({ setting, error, ...input }: FieldProps) {
  const { title, unit, help, default: standard } = SETTINGS[setting];
  if (typeof standard === "boolean") return <Checkbox label={title} hint={help} {...input} />;
  const hint = standard === "" ? help : `${help} Default: ${unit.includes("–") ? standard : `${standard} ${unit}`}.`;
  const type = typeof standard === "number" ? "number" : "text";
  return (
    <Field
      type={type}
      {...(type === "number" ? { step: "any" } : {})}
      {...{ label: title, unit, hint, error }}
      {...input}
    />
  );
}

export function SettingsForm({ settings, writable }: { settings: Settings; writable: boolean }) {
  const [outcome, setOutcome] = useState<{ variant: "good" | "bad"; text: string }>();
  const { register, handleSubmit, setError, reset, formState } = useForm<Settings>({
    resolver: lazyResolver(() =>
      import("#components/settings/settings-resolver.ts").then((checks) => checks.settingsResolver),
    ),
    defaultValues: settings,
  });
  const { errors, isSubmitting, isDirty } = formState;

  const submit = handleSubmit(async (values) => {
    try {
      reset(await call(contract.settings.update, { body: values }));
      setOutcome({ variant: "good", text: "Settings saved" });
    } catch (error) {
      const text = showProblem(error, SETTING_KEYS, setError) ?? "Not saved: see the fields above";
      setOutcome({ variant: "bad", text });
    }
  });

  return (
    <Form noValidate onSubmit={submit} className="max-w-2xl space-y-4">
      {!writable && <Notice title="Only administrators can change settings" />}
      {[...GROUPS].map(([group, keys]) => (
        <Card key={group}>
          <CardTitle>{group}</CardTitle>
          <div className="space-y-4">
            {keys.map((key) => (
              <SettingField
                key={key}
                setting={key}
                error={errors[key]?.message}
                disabled={!writable}
                {...register(key, typeof SETTINGS[key].default === "number" ? { valueAsNumber: true } : {})}
              />
            ))}
          </div>
        </Card>
      ))}
      {outcome && <Notice variant={outcome.variant} title={outcome.text} />}
      {writable && (
        <Button variant="primary" type="submit" disabled={isSubmitting || !isDirty}>
          {isSubmitting ? "Saving…" : "Save settings"}
        </Button>
      )}
    </Form>
  );
}
