"use client";

import { DropdownMenu } from "radix-ui";
import { type ReactNode, type Ref, type RefObject, useImperativeHandle } from "react";
import { cn } from "#components/ui/cn.ts";

type Props = {
  id: string;
  buttonId: string;
  button: RefObject<HTMLButtonElement | null>;
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
};

/** Has Radix take the menu's button, which was there before it, for its own. */
function Standin({ button, ref }: Pick<Props, "button"> & { ref?: Ref<HTMLButtonElement> }) {
  useImperativeHandle(ref, () => button.current as HTMLButtonElement, [button]);
  return null;
}

/** What a menu's button opens. */
export const MenuPopup = ({ id, buttonId, button, isOpen, onOpenChange, children }: Props) => (
  <DropdownMenu.Root modal={false} open={isOpen} onOpenChange={onOpenChange}>
    <DropdownMenu.Trigger asChild>
      <Standin button={button} />
    </DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        id={id}
        aria-labelledby={buttonId}
        align="end"
        sideOffset={6}
        className="z-30 min-w-44 rounded-lg border border-line bg-surface p-1 shadow-lg"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
);

const ITEM =
  "flex w-full cursor-pointer items-center gap-2 rounded px-2.5 py-1.5 text-sm outline-none data-[highlighted]:bg-raised data-[state=checked]:font-medium";

type ItemProps = { children: ReactNode; onSelect?: () => void; asChild?: boolean };

function MenuItem({ children, onSelect, asChild }: ItemProps) {
  return (
    <DropdownMenu.Item className={ITEM} asChild={asChild ?? false} {...(onSelect ? { onSelect } : {})}>
      {children}
    </DropdownMenu.Item>
  );
}

function MenuChoice(props: {
  value: string;
  onChange: (value: string) => void;
  options: { value: string; title: ReactNode }[];
}) {
  return (
    <DropdownMenu.RadioGroup value={props.value} onValueChange={props.onChange}>
      {props.options.map(({ value, title }) => (
        <DropdownMenu.RadioItem key={value} value={value} className={cn(ITEM, "justify-between")}>
          {title}
          <DropdownMenu.ItemIndicator className="text-accent">●</DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

function MenuNote({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Label className="border-line border-b px-2.5 pt-1 pb-2 text-muted text-xs">
      {children}
    </DropdownMenu.Label>
  );
}

/** What a menu is made of. */
export const menuParts = { MenuItem, MenuChoice, MenuNote };
export type MenuParts = typeof menuParts;
