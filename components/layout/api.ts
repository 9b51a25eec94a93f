import type { Problem } from "#lib/errors.ts";

/** What the API said was wrong, or that it could not be reached at all. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  /** The message for one field of a form. */
  field(name: string): string | undefined {
    return this.problem.errors?.find((error) => error.field === name)?.message;
  }
}

const UNREACHABLE: Problem = {
  type: "/problems/unreachable",
  title: "No connection",
  status: 503,
  detail: "Sightline does not answer: check the connection, or whether it is being restarted",
};

/** What was wrong with a request, by its answer. */
export async function problemOf(response: Response): Promise<Problem> {
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  return problem?.detail
    ? problem
    : { ...UNREACHABLE, status: response.status, detail: `Sightline answered ${response.status}` };
}

/** Calls the API. @throws ApiError */
export async function api<T>(
  path: string,
  options: { method?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<T> {
  const { method = "GET", body, signal } = options;
  const response = await fetch(`/api/v1${path}`, {
    method,
    ...(signal ? { signal } : {}),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  }).catch((error: Error) => {
    if (error.name === "AbortError") throw error;
    throw new ApiError(UNREACHABLE);
  });
  // The session has ended: the page's own guard leads to the sign-in and back.
  if (response.status === 401 && path !== "/setup") window.location.reload();
  if (!response.ok) throw new ApiError(await problemOf(response));
  return (response.status === 204 ? undefined : await response.json()) as T;
}
