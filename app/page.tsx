import { redirect } from "next/navigation";
import { FIRST_PAGE } from "#lib/contract/roots.ts";

export default function Root() {
  redirect(FIRST_PAGE);
}
