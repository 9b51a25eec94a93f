import type { z } from "zod";
import type { Permission } from "#lib/access/permissions.ts";

/** What a route takes and gives: its handler, its documentation and its tests all read this one description. */
export type Endpoint<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
> = {
  method: "get" | "post" | "patch" | "delete";
  /** Below /api/v1, parameters in braces. */
  path: string;
  tag: string;
  summary: string;
  permission: Permission;
  params?: Params;
  query?: Query;
  body?: Body;
  /** None for an answer without a body. */
  response?: z.ZodType;
  status?: 200 | 201 | 204;
};

export function endpoint<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType>(
  description: Endpoint<Params, Query, Body>,
): Endpoint<Params, Query, Body> {
  return description;
}
