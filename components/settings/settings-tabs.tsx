import { Tabs } from "#components/ui/tabs.tsx";

const TABS = [
  { href: "/settings", title: "General" },
  { href: "/settings/detection", title: "Detection" },
  { href: "/settings/storage", title: "Storage" },
];

export const SettingsTabs = () => <Tabs label="Settings" tabs={TABS} />;
