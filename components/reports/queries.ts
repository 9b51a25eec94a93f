import { queryOptions } from "@tanstack/react-query";
import { type CallInput, type CallOutput, call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

export type ReportHead = CallOutput<typeof contract.reports.list>[number];
export type Report = CallOutput<typeof contract.reports.read>;
export type ReportSection = Report["sections"][number];
export type ReportDiff = CallOutput<typeof contract.reports.diff>;
export type SectionChange = ReportDiff["sections"][number];
export type ReportRequest = CallInput<typeof contract.reports.create>["body"];
export type ReportTemplate = CallOutput<typeof contract.reportTemplates.list>[number];
export type Schedule = CallOutput<typeof contract.schedules.list>[number];
export type ScheduleRequest = CallInput<typeof contract.schedules.create>["body"];

const SCHEDULES_REFETCH_MS = 15_000;

/** Creates a report. @throws ApiError */
export const createReport = (body: ReportRequest): Promise<Report> => call(contract.reports.create, { body });

/** The mail that a report would be sent as; nothing is kept or sent. */
export const emailPreviewQuery = (report: ReportRequest, zone: string) =>
  queryOptions({
    queryKey: ["email preview", report, zone],
    queryFn: ({ signal }) => call(contract.reports.previewMail, { body: { ...report, zone }, signal }),
    staleTime: MINUTE_MS,
  });

export const templatesQuery = queryOptions({
  queryKey: ["report templates"],
  queryFn: ({ signal }) => call(contract.reportTemplates.list, { signal }),
});

export const schedulesQuery = queryOptions({
  queryKey: ["report schedules"],
  queryFn: ({ signal }) => call(contract.schedules.list, { signal }),
  refetchInterval: SCHEDULES_REFETCH_MS,
});
