/** The entries of a variable that lists several, with commas between. */
export const listOf = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);

/** What OUTGOING_ALLOW names. */
export const outgoingAllow = (env: NodeJS.ProcessEnv = process.env): string[] => listOf(env.OUTGOING_ALLOW);
