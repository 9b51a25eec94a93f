"use client";

import { SunMoon } from "lucide-react";
import { useTheme } from "next-themes";
import { Menu } from "#components/ui/menu.tsx";

const OPTIONS = [
  { value: "system", title: "System" },
  { value: "light", title: "Light" },
  { value: "dark", title: "Dark" },
];

export function ThemeMenu() {
  const { theme = "system", setTheme } = useTheme();
  return (
    <Menu label="Theme" trigger={<SunMoon aria-hidden className="size-4" />}>
      {({ MenuChoice }) => <MenuChoice value={theme} onChange={setTheme} options={OPTIONS} />}
    </Menu>
  );
}
