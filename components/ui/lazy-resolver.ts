import type { FieldErrors, FieldValues, Resolver } from "react-hook-form";
import { LOST } from "#components/ui/lost.tsx";

/** Checks a form by what is loaded once there is something to check: zod is larger than most forms. Where it does not come, the first field says so. */
export const lazyResolver =
  <T extends FieldValues>(load: () => Promise<Resolver<T>>): Resolver<T> =>
  async (values, context, options) => {
    const resolver = await load().catch(() => undefined);
    if (resolver) return resolver(values, context, options);
    const [first = "root"] = options.names ?? [];
    return { values: {}, errors: { [first]: { type: "lost", message: LOST } } as FieldErrors<T> };
  };
