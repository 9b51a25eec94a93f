import NextAuth from "next-auth";
import { authOptions } from "#app/_access/auth-options.ts";
import { problemResponse } from "#app/api/_serve/problem.ts";
import { readEnvironment } from "#lib/config/environment.ts";

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: Request, context: Context): Promise<Response> {
  try {
    return await NextAuth(request as never, context as never, await authOptions(readEnvironment().publicUrl));
  } catch (error) {
    return problemResponse(error);
  }
}

export { handle as GET, handle as POST };
