/** What a worksheet's cell holds at most, in UTF-16 units. */
const MAX_CELL = 32_767;
const MAX_SHEET_NAME = 31;

/** A text as a cell can hold it: longer ones are cut, and say so. */
export function fitted(text: string): string {
  if (text.length <= MAX_CELL) return text;
  const note = ` … (cut: ${text.length} characters)`;
  return (
    text
      .slice(0, MAX_CELL - note.length)
      .toWellFormed()
      .replace(/\ufffd$/, "") + note
  );
}

/** Spreadsheets read _x0041_ as the letter A (ECMA-376, ST_Xstring): an underscore that begins such a thing is written that way itself. */
export const literal = (text: string): string => text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");

/** Names that worksheets may have, in the order of those wished for: no two alike, whatever their case. */
export function sheetNames(wished: string[]): string[] {
  const used = new Set<string>();
  return wished.map((wish) => {
    const plain = wish
      .replace(/[\\/?*[\]:]|\p{Cc}/gu, " ")
      .replace(/^[\s']+|[\s']+$/g, "")
      .slice(0, MAX_SHEET_NAME)
      .replace(/[\s']+$/, "");
    // Excel keeps "History" for itself.
    const base = plain === "" || plain.toLowerCase() === "history" ? `${plain || "Sheet"} 1` : plain;
    let name = base;
    for (let n = 2; used.has(name.toLowerCase()); n++)
      name = `${base.slice(0, MAX_SHEET_NAME - 1 - String(n).length)} ${n}`;
    used.add(name.toLowerCase());
    return name;
  });
}
