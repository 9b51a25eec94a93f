export const FONT = "ui-sans-serif, -apple-system, 'Segoe UI', Roboto, sans-serif";

/** Dark where the reader's mail program is dark; a mail has no style sheet of ours. */
export const DARK = `
  @media (prefers-color-scheme: dark) {
    .paper, .paper > table > tbody > tr > td { background: #14171c !important; } .ink { color: #e8eaed !important; } .muted { color: #a5adb8 !important; }
    .card { background: #1b1f26 !important; border-color: #2c323b !important; } .link { color: #7db4ff !important; }
  }
  @media (max-width: 480px) { .card { padding: 12px !important; } }`;

export const SMALL = { margin: "0 0 2px", fontSize: 13, lineHeight: "18px", color: "#5b6470" };
