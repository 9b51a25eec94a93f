import { DateTime } from "#components/ui/time-format.tsx";

/** When a token or key was last used. */
export const LastUsed = ({ at }: { at: Date | null }) =>
  at ? (
    <>
      last used <DateTime at={at} />
    </>
  ) : (
    <>never used</>
  );
