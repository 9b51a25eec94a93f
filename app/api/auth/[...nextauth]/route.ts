import NextAuth from "next-auth";
import { authOptions } from "#app/_access/auth-options.ts";
import { problemResponse } from "#app/api/_serve/problem.ts";
import { cleanRequest } from "#app/api/auth/_request.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { DomainError } from "#lib/errors.ts";

type Context = { params: Promise<{ nextauth: string[] }> };

/** What next-auth serves of ours: it answers any other path as if the portal were set up wrongly. */
const SERVED: Record<string, string[]> = {
  GET: ["csrf", "providers", "session", "signin", "signin/credentials", "signout"],
  POST: ["session", "signin/credentials", "callback/credentials", "signout"],
};

async function handle(request: Request, context: Context): Promise<Response> {
  try {
    if (!SERVED[request.method]?.includes((await context.params).nextauth.join("/")))
      throw new DomainError("not-found", "There is nothing here: sign in at /login");
    return await NextAuth(
      (await cleanRequest(request)) as never,
      context as never,
      await authOptions(readEnvironment().publicUrl),
    );
  } catch (error) {
    return problemResponse(error);
  }
}

export { handle as GET, handle as POST };
