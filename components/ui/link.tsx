"use client";

import NextLink from "next/link";
import { type ComponentProps, type SyntheticEvent, useState } from "react";

/**
 * A way to another page. What it leads to is fetched when a pointer or the focus comes to it: fetched as soon as it is in sight, the sixteen
 * pages of the navigation would come before the data of the page that was asked for.
 */
export function Link(props: ComponentProps<typeof NextLink>) {
  const [isNear, setNear] = useState(false);
  const near =
    <E extends SyntheticEvent>(heard: ((event: E) => void) | undefined) =>
    (event: E) => {
      setNear(true);
      heard?.(event);
    };
  return (
    <NextLink
      {...props}
      prefetch={isNear ? null : false}
      onPointerEnter={near(props.onPointerEnter)}
      onFocus={near(props.onFocus)}
    />
  );
}
