import { zodResolver } from "@hookform/resolvers/zod";
import { passwordChangeSchema, setupSchema, signInSchema } from "#lib/contract/users.ts";

// What checks these forms by the contract's own schemas, apart from the pages: see lazyResolver.
export const resolvers = {
  signIn: zodResolver(signInSchema),
  setup: zodResolver(setupSchema),
  passwordChange: zodResolver(passwordChangeSchema),
};
