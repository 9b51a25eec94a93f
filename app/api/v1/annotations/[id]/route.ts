import { serve } from "#app/api/_serve/serve.ts";
import { removeAnnotation } from "#lib/annotations/annotations.ts";
import { removeAnnotationEndpoint } from "#lib/contract/insights.ts";

export const DELETE = serve(removeAnnotationEndpoint, ({ db, params }) => removeAnnotation(db, params.id));
