import { compiler } from "markdown-to-jsx/html";

const STYLE = `
  body { font: 15px/1.6 system-ui, sans-serif; color: #1c1c1e; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
  h1 { font-size: 1.5rem; line-height: 1.3; } h2 { font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid #ddd; }
  code, pre { background: #f4f4f5; border-radius: 4px; padding: 0 .25em; } pre { padding: .75em; white-space: pre-wrap; }
  table { border-collapse: collapse; } td, th { border: 1px solid #ddd; padding: .25em .6em; text-align: left; }
  img { max-width: 100%; }`;

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter] ?? letter);

/** A document in Markdown as a page of HTML that stands by itself. HTML in it is shown as it is written, not run. */
export function toHtml(title: string, markdown: string): string {
  const body = compiler(markdown, { disableParsingRawHTML: true, forceBlock: true });
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head>`,
    `<body>${body}</body></html>\n`,
  ].join("\n");
}
