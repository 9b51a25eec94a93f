import type { Schema } from "#components/help/schema-rows.ts";

type Parameter = { name: string; in: string; required?: boolean; description?: string; schema?: Schema };
type Content = Record<string, { schema?: Schema }>;

/** An operation as OpenAPI has it. */
export type Operation = {
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content?: Content };
  responses?: Record<string, { content?: Content }>;
};

/** What is read of an OpenAPI document. */
export type OpenApi = { servers?: { url: string }[]; paths?: Record<string, object> };

/** An operation in a list. */
export type Named = { method: string; path: string; tag: string; summary: string };

const METHODS = ["get", "post", "put", "patch", "delete"];

const methodsAt = (paths: Record<string, object>, path: string) => paths[path] as Record<string, Operation | undefined>;

/** The operation of a method and a path of the document; undefined where there is none. */
export function operationAt({ paths = {} }: OpenApi, method: string, path: string): Operation | undefined {
  if (!METHODS.includes(method) || !Object.hasOwn(paths, path)) return undefined;
  return methodsAt(paths, path)[method];
}

/** All operations, by tag and path. */
export function operationsOf({ paths = {} }: OpenApi): Named[] {
  return Object.keys(paths)
    .flatMap((path) =>
      METHODS.flatMap((method) => {
        const operation = methodsAt(paths, path)[method];
        if (!operation) return [];
        const { tags = [], summary = "" } = operation;
        return [{ method, path, tag: tags[0] ?? "", summary }];
      }),
    )
    .sort((a, b) => a.tag.localeCompare(b.tag, "en") || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

export const operationAddress = ({ method, path }: Pick<Named, "method" | "path">): string =>
  `/help/reference/operation?${new URLSearchParams({ method, path })}`;

/** A line for a shell that calls it; `root` is where the API is, with the portal's own address. */
export function curlOf(
  method: string,
  path: string,
  { parameters = [], requestBody }: Operation,
  root: string,
): string {
  const query = parameters.filter((each) => each.in === "query" && each.required).map(({ name }) => `${name}=…`);
  const address = `${root}${path}${query.length > 0 ? `?${query.join("&")}` : ""}`;
  const lines = [
    `curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}'${address}'`,
    "-H 'Authorization: Bearer slt_…'",
    ...(requestBody ? ["-H 'Content-Type: application/json'", "-d '{…}'"] : []),
  ];
  return lines.join(" \\\n  ");
}

const schemaIn = (content: Content | undefined): Schema | undefined =>
  content && (content["application/json"] ?? Object.values(content)[0])?.schema;

/** The schema of what is sent, and of what is answered when all went well, with its status. */
export function schemasOf({ requestBody, responses = {} }: Operation) {
  const [status = "", success] = Object.entries(responses).find(([code]) => code.startsWith("2")) ?? [];
  return { body: schemaIn(requestBody?.content), status, answer: schemaIn(success?.content) };
}
