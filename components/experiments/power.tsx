"use client";

import { useState } from "react";
import { figure } from "#components/experiments/labels.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { sampleSizeMean, sampleSizeProportion } from "#lib/stats/effect.ts";

type Props = { kind: string; alpha: number; power: number; variants: number };

/** How many subjects and days it takes, while the plan is made. */
export function Power({ kind, alpha, power, variants }: Props) {
  const proportion = kind === "proportion";
  const [baseline, setBaseline] = useState("0.05");
  const [stddev, setStddev] = useState("1");
  const [mde, setMde] = useState("0.05");
  const [daily, setDaily] = useState("1000");
  const [base, sd, share, pace] = [baseline, stddev, mde, daily].map(Number) as [number, number, number, number];
  const perVariant = proportion
    ? sampleSizeProportion({ baseline: base, relativeMde: share, alpha, power })
    : sampleSizeMean({ stddev: sd, absoluteMde: base * share, alpha, power });
  const sound = Number.isFinite(perVariant) && perVariant > 0 && pace > 0;
  return (
    <Card>
      <CardTitle aside={`α ${alpha}, power ${power}`}>How long it takes</CardTitle>
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={proportion ? "Rate now" : "Mean now"}
          type="number"
          step="any"
          value={baseline}
          onChange={(e) => setBaseline(e.target.value)}
        />
        {!proportion && (
          <Field
            label="Standard deviation"
            type="number"
            step="any"
            value={stddev}
            onChange={(e) => setStddev(e.target.value)}
          />
        )}
        <Field
          label="Least change worth finding"
          hint="as a share: 0.05 is 5 %"
          type="number"
          step="any"
          value={mde}
          onChange={(e) => setMde(e.target.value)}
        />
        <Field
          label="Subjects a day, in all"
          type="number"
          step="any"
          value={daily}
          onChange={(e) => setDaily(e.target.value)}
        />
      </div>
      <p role="status" className="figures mt-3 font-medium">
        {sound
          ? `${figure(perVariant)} subjects a variant: some ${figure(Math.ceil((perVariant * variants) / pace))} days`
          : "Fill the figures in"}
      </p>
      <p className="text-muted text-xs">
        For one look at the end. Sequential intervals, which may be looked at all the time, take about half as long
        again.
      </p>
    </Card>
  );
}
