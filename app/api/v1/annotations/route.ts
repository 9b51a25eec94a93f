import { serve } from "#app/api/_serve/serve.ts";
import { addAnnotation, listAnnotations } from "#lib/annotations/annotations.ts";
import { addAnnotationEndpoint, annotationsEndpoint } from "#lib/contract/insights.ts";
import { parseSpan } from "#lib/time/instant.ts";

export const GET = serve(annotationsEndpoint, ({ db, query }) =>
  listAnnotations(db, { hostId: query.host, ...parseSpan(query, Date.now()) }),
);

export const POST = serve(addAnnotationEndpoint, ({ db, body, session }) =>
  addAnnotation(db, { ...body, at: body.at ? new Date(body.at) : new Date() }, session.user.id),
);
