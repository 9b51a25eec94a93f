"use client";

import { useState } from "react";
import { figure } from "#components/experiments/labels.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { sampleSizeMean, sampleSizeProportion } from "#lib/stats/effect.ts";

type NumberProps = { label: string; hint?: string; value: string; onChange: (value: string) => void };

const NumberInput = ({ onChange, ...field }: NumberProps) => (
  <Field type="number" step="any" onChange={(event) => onChange(event.target.value)} {...field} />
);

type Props = { kind: string; alpha: number; power: number; variants: number };

/** Power analysis: how many subjects and days an effect takes to be found. */
export function SampleSize({ kind, alpha, power, variants }: Props) {
  const isProportion = kind === "proportion";
  const [baseline, setBaseline] = useState("0.05");
  const [stddev, setStddev] = useState("0.05");
  const [mde, setMde] = useState("0.05");
  const [daily, setDaily] = useState("1000");
  const [base, sd, relativeMde, perDay] = [baseline, stddev, mde, daily].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const perVariant = isProportion
    ? sampleSizeProportion({ baseline: base, relativeMde, alpha, power })
    : sampleSizeMean({ stddev: sd, absoluteMde: base * relativeMde, alpha, power });
  const isComplete = Number.isFinite(perVariant) && perVariant > 0 && perDay > 0;
  return (
    <Card>
      <CardTitle aside={`α ${alpha}, power ${power}`}>Sample size</CardTitle>
      <div className="grid grid-cols-2 items-start gap-3">
        <NumberInput label={isProportion ? "Baseline rate" : "Baseline mean"} value={baseline} onChange={setBaseline} />
        {!isProportion && <NumberInput label="Standard deviation" value={stddev} onChange={setStddev} />}
        <NumberInput label="Minimum detectable effect" hint="As a share: 0.05 is 5 %" value={mde} onChange={setMde} />
        <NumberInput label="Subjects per day" hint="All variants together" value={daily} onChange={setDaily} />
      </div>
      <p role="status" className="figures mt-3 font-medium">
        {isComplete
          ? `${figure(perVariant)} subjects per variant: about ${figure(Math.ceil((perVariant * variants) / perDay))} days`
          : "Fill in all figures"}
      </p>
      <p className="text-muted text-xs">
        For a single analysis at the end. The sequential engine, which allows any number of looks, needs about 50 %
        more.
      </p>
    </Card>
  );
}
