import type { Ref } from "react";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const met = new WeakSet<Control>();

const isSwitch = (control: Control): control is HTMLInputElement =>
  control instanceof HTMLInputElement && (control.type === "checkbox" || control.type === "radio");

/** What tells React of a change to what the page came with; nothing where the reader has changed nothing. */
function changeSince(control: Control): (() => void) | undefined {
  if (control instanceof HTMLSelectElement) {
    const { value } = control;
    const initial = [...control.options].find(({ defaultSelected }) => defaultSelected);
    if (!initial || initial.selected) return undefined;
    return () => {
      control.value = value;
      control.dispatchEvent(new Event("change", { bubbles: true }));
    };
  }
  if (isSwitch(control)) {
    if (control.checked === control.defaultChecked) return undefined;
    return () => {
      control.checked = control.defaultChecked;
      control.click();
    };
  }
  const { value } = control;
  if (value === control.defaultValue || control.type === "file") return undefined;
  return () => {
    // React compares with what was last set by the element's own property: that is what the page came with.
    control.value = control.defaultValue;
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), "value")?.set?.call(control, value);
    control.dispatchEvent(new Event("input", { bubbles: true }));
  };
}

/**
 * The ref of a control that keeps what a reader entered before the page had come alive. React leaves it in
 * the element while it hydrates, knows nothing of it, and would overwrite it when it draws next.
 */
export const keepEntered =
  <C extends Control>(ref?: Ref<C>) =>
  (control: C | null) => {
    const change = control && !met.has(control) ? changeSince(control) : undefined;
    if (control) met.add(control);
    if (typeof ref === "function") ref(control);
    else if (ref) ref.current = control;
    // A task of its own: forms build their next state on what they last drew, so React draws between two changes.
    if (change) setTimeout(change);
  };
