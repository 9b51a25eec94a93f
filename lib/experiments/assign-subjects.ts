import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { type Assignment, type Attributes, assign } from "#lib/experiments/assign.ts";
import { assertCovers, type PublishableKey } from "#lib/experiments/publishable-keys.ts";
import { type ExperimentInfo, readExperiment } from "#lib/experiments/read-experiments.ts";
import { type ExposureInput, ingestExposures } from "#lib/experiments/record-events.ts";

/** @throws DomainError conflict for one that takes no subjects now */
function assertRunning({ kind, status, key }: ExperimentInfo): void {
  if (kind !== "ab") throw new DomainError("conflict", `${key} compares hosts or times: it takes no subjects`);
  if (status !== "running") throw new DomainError("conflict", `${key} is ${status}: it takes no subjects`);
}

/** Which variant a subject gets; one that is assigned is recorded as exposed, unless `record` is false. @throws DomainError not-found, conflict */
export async function assignSubject(
  db: Database,
  idOrKey: string,
  { subject, attributes, record }: { subject: string; attributes: Attributes; record: boolean },
  { now, key }: { now: number; key?: PublishableKey | undefined },
): Promise<Assignment> {
  const experiment = await readExperiment(db, idOrKey);
  assertCovers(key, experiment);
  assertRunning(experiment);
  const assignment = assign(experiment, subject, attributes);
  const { dimension } = experiment.plan;
  if (assignment.variant && record) {
    const split = dimension ? { dimension: String(attributes[dimension] ?? "") } : {};
    await ingestExposures(db, experiment.id, [{ subject, variant: assignment.variant, at: now, ...split }]);
  }
  return assignment;
}

/**
 * Takes exposures that a program decided on itself.
 * @throws DomainError not-found, conflict; validation for variants that there are not, after the other exposures were stored
 */
export async function recordExposures(
  db: Database,
  idOrKey: string,
  exposures: ExposureInput[],
  key?: PublishableKey,
): Promise<number> {
  const experiment = await readExperiment(db, idOrKey);
  assertCovers(key, experiment);
  assertRunning(experiment);
  const variants = new Set(experiment.variants.map(({ key }) => key));
  const fields = exposures.flatMap(({ variant }, n) =>
    variants.has(variant)
      ? []
      : [
          {
            field: `exposures.${n}.variant`,
            message: `There is no variant "${variant}": one of ${[...variants].join(", ")}`,
          },
        ],
  );
  const sound = exposures.filter(({ variant }) => variants.has(variant));
  const fresh = sound.length > 0 ? await ingestExposures(db, experiment.id, sound) : 0;
  if (fields.length === 0) return fresh;
  const detail = `${fields.length} of ${exposures.length} exposures are refused, the other ${sound.length} are stored. ${fields[0]?.message}`;
  throw new DomainError("validation", detail, { fields: fields.slice(0, 100) });
}
