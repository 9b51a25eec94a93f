import { serve } from "#app/api/_serve/serve.ts";
import { addAnnotation, listAnnotations } from "#lib/annotations/annotations.ts";
import * as contract from "#lib/contract/index.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(contract.annotations.list, ({ db, query }) =>
  listAnnotations(db, { ...query, hostId: query.host, ...parseSpan(query, Date.now()) }),
);

export const POST = serve(contract.annotations.create, ({ db, body, session }) =>
  addAnnotation(db, { ...body, at: body.at ? new Date(body.at) : new Date() }, session.user.id),
);
