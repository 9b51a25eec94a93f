import type { CST } from "yaml";
import { Composer, type Document, isCollection, isScalar, Lexer, LineCounter, Parser, visit } from "yaml";

const MAX_DEPTH = 60;
/** Words, signs and spaces between them: a parser takes microseconds for each. */
const MAX_TOKENS = 200_000;

/** A document, and on which line (from 1) something of it stands. */
export type ReadYaml = { document: Document; lineOf: (path: PropertyKey[]) => number };

/** The parts of a text, as long as it is neither nested too deeply nor too long for its time. @throws Error in words */
function* tokensOf(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    count += 1;
    if (parser.stack.length > MAX_DEPTH)
      throw new Error(`line ${lines.lineStarts.length}: it is nested too deeply: at most ${MAX_DEPTH} levels`);
    if (count > MAX_TOKENS) throw new Error(`it has over ${MAX_TOKENS} words and signs: make several of it`);
  }
  yield* parser.end();
}

/** Reads YAML, or JSON, without types: each value is the text that it is written as. @throws Error in words, with the line that is wrong */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line || 1;
  const fail = (offset: number, problem: string) => new Error(`line ${lineAt(offset)}: ${problem}`);
  // Keys are compared here: the parser's way takes a time by the square of their number.
  const composer = new Composer({ schema: "failsafe", uniqueKeys: false });
  const documents = [...composer.compose(tokensOf(text, lines), true, text.length)];
  const [document, second] = documents;
  if (!document) throw new Error("it is empty");
  const [error] = document.errors;
  if (error) throw fail(error.pos[0], error.message);
  if (second) throw fail(second.range[0], "a second document begins after ---: write one document");
  visit(document, {
    Map(_, { items }) {
      const names = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (names.has(key.value))
          throw fail(key.range?.[0] ?? 0, `${String(key.value).slice(0, 100)} is there twice: names are unique`);
        names.add(key.value);
      }
    },
  });
  const lineOf = (path: PropertyKey[]) => {
    let offset = 0;
    for (let n = 0; n <= path.length; n++) {
      const node: unknown = document.getIn(path.slice(0, n), true);
      if ((isCollection(node) || isScalar(node)) && node.range) offset = node.range[0];
    }
    return lineAt(offset);
  };
  return { document, lineOf };
}
