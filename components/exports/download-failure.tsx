/** Why a file could not be had, beside what starts it. */
export const DownloadFailure = ({ failure }: { failure: string }) =>
  failure && (
    <span role="alert" className="max-w-xs text-bad text-xs">
      {failure}
    </span>
  );
