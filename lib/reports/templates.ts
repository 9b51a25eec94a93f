import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { AUDIT } from "#lib/reports/library.ts";
import type { SectionName } from "#lib/reports/sections.ts";

/** What of a report is kept for the next time: which sections, of which hosts (all where none is named), looking how far back. */
export type TemplatePlan = { name: string; sections: SectionName[]; hostIds: number[]; days: number };

export type ReportTemplate = TemplatePlan & { id: number };

const TOLD = { id: true, name: true, sections: true, hostIds: true, days: true } as const;

const noSuch = (id: number) => new DomainError("not-found", `There is no template ${id}`);

/** Templates by name; those with the audit trail only for who may read that. */
export async function listTemplates(db: Connection, audits: boolean): Promise<ReportTemplate[]> {
  const where = audits ? {} : { NOT: { sections: { has: AUDIT } } };
  return (await db.reportTemplate.findMany({ where, select: TOLD, orderBy: { name: "asc" } })) as ReportTemplate[];
}

/** @throws DomainError not-found */
export async function readTemplate(db: Connection, id: number): Promise<Omit<ReportTemplate, "id">> {
  const row = await db.reportTemplate.findUnique({ where: { id }, select: { ...TOLD, id: false } });
  if (!row) throw noSuch(id);
  return row as TemplatePlan;
}

/** Keeps a template; one of the same name is written over. */
export async function saveTemplate(db: Connection, plan: TemplatePlan, userId: string): Promise<ReportTemplate> {
  const { name, ...data } = plan;
  const create = { name, ...data, createdBy: userId };
  return (await db.reportTemplate.upsert({ where: { name }, create, update: data, select: TOLD })) as ReportTemplate;
}

const isRefused = (error: unknown) =>
  error instanceof Prisma.PrismaClientKnownRequestError && ["P2003", "P2014"].includes(error.code);

/** @throws DomainError not-found, conflict while a schedule sends it */
export async function removeTemplate(db: Connection, id: number): Promise<void> {
  try {
    const { count } = await db.reportTemplate.deleteMany({ where: { id } });
    if (count === 0) throw noSuch(id);
  } catch (error) {
    if (!isRefused(error)) throw error;
    throw new DomainError("conflict", "A schedule sends this template: remove the schedule first");
  }
}
