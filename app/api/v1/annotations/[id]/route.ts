import { removeAnnotationEndpoint } from "#app/api/_contract/insights.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { removeAnnotation } from "#lib/annotations/annotations.ts";

export const DELETE = serve(removeAnnotationEndpoint, ({ db, params }) => removeAnnotation(db, params.id));
