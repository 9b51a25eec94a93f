/** A line at an instant; `id` is needed where names repeat and not every instant has every line. */
type TipLine = { name: string; figure: string; colour?: string | undefined; id?: string | undefined };

/** What is said of an instant: its time, and a name with a figure for each line. */
export type TipText = { head: string; lines: TipLine[] };

/** The same for whoever hears it. */
export const tipWords = ({ head, lines }: TipText): string =>
  [head, ...lines.map(({ name, figure }) => `${name} ${figure}`)].join(", ");

export const TipTextLines = ({ text: { head, lines } }: { text: TipText }) => (
  <>
    <p className="figures mb-1 text-muted">{head}</p>
    {lines.map(({ name, figure, colour }, n) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place, and names may repeat
      <p key={n} className="flex items-baseline justify-between gap-4">
        <span className="flex min-w-0 items-center gap-1.5 break-words">
          {colour && <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: colour }} />}
          {name}
        </span>
        <span className="figures whitespace-nowrap">{figure}</span>
      </p>
    ))}
  </>
);
