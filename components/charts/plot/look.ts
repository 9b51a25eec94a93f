/** A canvas knows no custom properties: what the page's tokens are, until its look changes. */
const resolved = new Map<string, string>();
const listeners = new Set<() => void>();
const VARIABLE = /^var\((--[\w-]+)\)$/;

function resolve(css: string): string {
  const name = VARIABLE.exec(css)?.[1];
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() : css;
}

/** A colour of the page's tokens, as `var(--token)`, for a canvas; `opacity` from 0 to 1. */
export function canvasColour(css: string, opacity = 1): string {
  const colour = resolved.get(css) ?? resolve(css);
  resolved.set(css, colour);
  return opacity === 1 ? colour : `color-mix(in srgb, ${colour} ${opacity * 100}%, transparent)`;
}

/** The page's own font for a canvas, `size` in pixels. */
export function canvasFont(size: number): string {
  const family = resolved.get("font") ?? getComputedStyle(document.body).fontFamily;
  resolved.set("font", family);
  return `${size}px ${family}`;
}

function changed(): void {
  resolved.clear();
  for (const listener of listeners) listener();
}

let stop: (() => void) | undefined;

function start(): () => void {
  const theme = new MutationObserver(changed);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  const print = matchMedia("print");
  print.addEventListener("change", changed);
  document.fonts.addEventListener("loadingdone", changed);
  return () => {
    theme.disconnect();
    print.removeEventListener("change", changed);
    document.fonts.removeEventListener("loadingdone", changed);
  };
}

/** Calls back when colours or fonts of the page are others, until the answer is called: another theme, paper, a font that has come. */
export function watchLook(listener: () => void): () => void {
  stop ??= start();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stop?.();
    stop = undefined;
    resolved.clear();
  };
}
