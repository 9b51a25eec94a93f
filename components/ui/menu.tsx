"use client";

import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "#components/ui/cn.ts";

type MenuProps = { trigger: ReactNode; label: string; className?: string; children: ReactNode };

/** A button that opens a menu. */
export function Menu({ trigger, label, className, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={label}
        className={cn(
          "inline-flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-muted text-sm hover:bg-raised hover:text-ink",
          className,
        )}
      >
        {trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-30 min-w-44 rounded-lg border border-line bg-surface p-1 shadow-lg"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const ITEM =
  "flex w-full cursor-pointer items-center gap-2 rounded px-2.5 py-1.5 text-sm outline-none data-[highlighted]:bg-raised data-[state=checked]:font-medium";

export function MenuItem({
  children,
  onSelect,
  asChild,
}: {
  children: ReactNode;
  onSelect?: () => void;
  asChild?: boolean;
}) {
  return (
    <DropdownMenu.Item className={ITEM} asChild={asChild ?? false} {...(onSelect ? { onSelect } : {})}>
      {children}
    </DropdownMenu.Item>
  );
}

export function MenuChoice<T extends string>(props: {
  value: T;
  onChange: (value: T) => void;
  options: { value: T; title: ReactNode }[];
}) {
  return (
    <DropdownMenu.RadioGroup value={props.value} onValueChange={(value) => props.onChange(value as T)}>
      {props.options.map(({ value, title }) => (
        <DropdownMenu.RadioItem key={value} value={value} className={cn(ITEM, "justify-between")}>
          {title}
          <DropdownMenu.ItemIndicator className="text-accent">●</DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

export function MenuNote({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Label className="border-line border-b px-2.5 pt-1 pb-2 text-muted text-xs">
      {children}
    </DropdownMenu.Label>
  );
}
