"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { api } from "#components/layout/api.ts";
import { showProblem } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { SETTING_KEYS, SETTINGS, type Settings, settingsSchema } from "#lib/config/settings.ts";

const GROUPS = Map.groupBy(SETTING_KEYS, (key) => SETTINGS[key].group);

export function SettingsForm({ settings, writable }: { settings: Settings; writable: boolean }) {
  const [outcome, setOutcome] = useState<{ look: "good" | "bad"; text: string }>();
  const { register, handleSubmit, setError, reset, formState } = useForm<Settings>({
    resolver: zodResolver(settingsSchema),
    defaultValues: settings,
  });
  const { errors, isSubmitting, isDirty } = formState;

  const submit = handleSubmit(async (values) => {
    try {
      reset(await api<Settings>("/settings", { method: "PATCH", body: values }));
      setOutcome({ look: "good", text: "Saved; it holds from now on" });
    } catch (error) {
      const text = showProblem(error, SETTING_KEYS, setError) ?? "Not saved: see above";
      setOutcome({ look: "bad", text });
    }
  });

  return (
    <form noValidate onSubmit={submit} className="max-w-2xl space-y-4">
      {!writable && <Notice title="You can look but not change: that is the administrators' right" />}
      {[...GROUPS].map(([group, keys]) => (
        <Card key={group}>
          <CardTitle>{group}</CardTitle>
          <div className="space-y-4">
            {keys.map((key) => (
              <Field
                key={key}
                type="number"
                label={SETTINGS[key].title}
                unit={SETTINGS[key].unit}
                hint={`${SETTINGS[key].help} Default: ${SETTINGS[key].default} ${SETTINGS[key].unit}.`}
                error={errors[key]?.message}
                disabled={!writable}
                {...register(key, { valueAsNumber: true })}
              />
            ))}
          </div>
        </Card>
      ))}
      {outcome && <Notice look={outcome.look} title={outcome.text} />}
      {writable && (
        <Button look="primary" type="submit" disabled={isSubmitting || !isDirty}>
          {isSubmitting ? "Saving…" : "Save"}
        </Button>
      )}
    </form>
  );
}
