import type { FieldValues, Resolver } from "react-hook-form";

/** Checks a form by what is loaded once there is something to check: zod is larger than most forms. */
export const lazyResolver =
  <T extends FieldValues>(load: () => Promise<Resolver<T>>): Resolver<T> =>
  async (...args) =>
    (await load())(...args);
