import { assertOwns } from "#lib/access/ownership.ts";
import type { UserInfo } from "#lib/access/users.ts";
import type { SectionName } from "#lib/contract/enums.ts";
import type { ReportExpression } from "#lib/contract/reports.ts";
import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { isUniqueViolation } from "#lib/db/unique.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";
import { reasonOf } from "#lib/log.ts";
import { toRangeExpression } from "#lib/promql/engine.ts";
import { AUDIT_SECTION } from "#lib/reports/library.ts";

/** Which sections and expressions of which hosts (all where the list is empty) a report has, and how many days it covers. */
export type TemplatePlan = {
  name: string;
  sectionNames: SectionName[];
  expressions: ReportExpression[];
  hostIds: number[];
  days: number;
};

export type ReportTemplate = TemplatePlan & { id: number };

const SELECT = { id: true, name: true, sectionNames: true, expressions: true, hostIds: true, days: true } as const;

const noSuch = (id: number) => new DomainError("not-found", `There is no template ${id}`);

/** All templates by name. Those with the audit section are left out unless `mayReadAudit`. */
export async function listTemplates(db: Connection, mayReadAudit: boolean): Promise<ReportTemplate[]> {
  const where = mayReadAudit ? {} : { NOT: { sectionNames: { has: AUDIT_SECTION } } };
  return (await db.reportTemplate.findMany({ where, select: SELECT, orderBy: { name: "asc" } })) as ReportTemplate[];
}

/** A template by its id. @throws DomainError not-found */
export async function readTemplate(db: Connection, id: number): Promise<Omit<ReportTemplate, "id">> {
  const row = await db.reportTemplate.findUnique({ where: { id }, select: { ...SELECT, id: false } });
  if (!row) throw noSuch(id);
  return row as TemplatePlan;
}

/**
 * Refuses a report without any part, and expressions that cannot be read, by their fields.
 * @throws DomainError validation
 */
export function assertParts({ sectionNames, expressions }: Pick<TemplatePlan, "sectionNames" | "expressions">): void {
  if (sectionNames.length + expressions.length === 0)
    throw invalidField("section_names", "Choose at least one section, or add an expression");
  const titles = new Set<string>();
  for (const [n, { title, query }] of expressions.entries()) {
    if (titles.has(title))
      throw invalidField(`expressions.${n}.title`, "Choose another: another expression has this title");
    titles.add(title);
    try {
      toRangeExpression(query);
    } catch (error) {
      throw invalidField(`expressions.${n}.query`, reasonOf(error));
    }
  }
}

/**
 * Creates a template, or changes the one whose id is named.
 * @throws DomainError conflict for a name that another has, not-found for an id that there is not, forbidden for another's, validation for an
 * unknown host
 */
export async function saveTemplate(
  db: Connection,
  { id, ...plan }: TemplatePlan & { id?: number | undefined },
  user: Pick<UserInfo, "id" | "role">,
): Promise<ReportTemplate> {
  assertParts(plan);
  if (id !== undefined) await assertOwnTemplate(db, id, user);
  await assertHosts(db, plan.hostIds);
  const saving =
    id === undefined
      ? db.reportTemplate.create({ data: { ...plan, createdBy: user.id }, select: SELECT })
      : db.reportTemplate.update({ where: { id }, data: plan, select: SELECT });
  try {
    return (await saving) as ReportTemplate;
  } catch (error) {
    if (id !== undefined && isRefused(error, ["P2025"])) throw noSuch(id);
    if (!isUniqueViolation(error)) throw error;
    const message = `There is a template "${plan.name}" already: choose another name, or open and change that one`;
    throw new DomainError("conflict", message, { fields: [{ field: "name", message }] });
  }
}

const isRefused = (error: unknown, codes: string[]) =>
  error instanceof Prisma.PrismaClientKnownRequestError && codes.includes(error.code);

async function assertOwnTemplate(db: Connection, id: number, user: Pick<UserInfo, "id" | "role">): Promise<void> {
  const row = await db.reportTemplate.findUnique({ where: { id }, select: { createdBy: true } });
  if (!row) throw noSuch(id);
  assertOwns(user, row.createdBy, "template");
}

/** Deletes a template; its reports stay. @throws DomainError not-found, forbidden for another's, conflict while a schedule sends it */
export async function removeTemplate(db: Connection, id: number, user: Pick<UserInfo, "id" | "role">): Promise<void> {
  await assertOwnTemplate(db, id, user);
  try {
    const { count } = await db.reportTemplate.deleteMany({ where: { id } });
    if (count === 0) throw noSuch(id);
  } catch (error) {
    if (!isRefused(error, ["P2003", "P2014"])) throw error;
    throw new DomainError("conflict", "A schedule sends this template: remove the schedule first");
  }
}
