"use client";

import { useState } from "react";

type Change = { target: { value: string } };

/** The texts of a form, and what an input of one of them needs. */
export function useTextFields<T extends Record<string, string>>(initial: T) {
  const [texts, setTexts] = useState(initial);
  const field = (name: keyof T & string) => ({
    value: texts[name] ?? "",
    onChange: ({ target }: Change) => setTexts({ ...texts, [name]: target.value }),
  });
  return { texts, field };
}
