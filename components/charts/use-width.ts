"use client";

import { useEffect, useRef, useState } from "react";

/** An element's width in pixels, 0 until it has been within `near` pixels of the screen: what is far below is not loaded or drawn. */
export function useWidth<T extends HTMLElement>(near = 300) {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const resize = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        seen.disconnect();
        resize.observe(element);
      },
      { rootMargin: `${near}px` },
    );
    seen.observe(element);
    return () => {
      seen.disconnect();
      resize.disconnect();
    };
  }, [near]);
  return { ref, width };
}
