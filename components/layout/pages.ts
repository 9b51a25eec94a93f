import {
  Activity,
  AppWindow,
  Bell,
  CircleHelp,
  Database,
  FileText,
  FlaskConical,
  Lightbulb,
  Plug,
  Radar,
  ScrollText,
  Server,
  Settings,
  Target,
  TriangleAlert,
} from "lucide-react";
import type { Permission } from "#lib/contract/permissions.ts";

/** The pages of the navigation, each with the right that its page asks for. */
export const PAGES: { href: string; title: string; permission: Permission; icon: typeof Activity }[] = [
  { href: "/overview", title: "Overview", permission: "metrics:read", icon: Activity },
  { href: "/hosts", title: "Hosts", permission: "hosts:read", icon: Server },
  { href: "/alerts", title: "Alerts", permission: "alerts:read", icon: Bell },
  { href: "/slos", title: "SLOs", permission: "slos:read", icon: Target },
  { href: "/anomalies", title: "Anomalies", permission: "anomalies:read", icon: TriangleAlert },
  { href: "/applications", title: "Applications", permission: "metrics:read", icon: AppWindow },
  { href: "/checks", title: "Checks", permission: "checks:read", icon: Radar },
  { href: "/databases", title: "Databases", permission: "databases:read", icon: Database },
  { href: "/inputs", title: "Inputs", permission: "inputs:read", icon: Plug },
  { href: "/insights", title: "Insights", permission: "insights:read", icon: Lightbulb },
  { href: "/experiments", title: "Experiments", permission: "experiments:read", icon: FlaskConical },
  { href: "/reports", title: "Reports", permission: "reports:read", icon: FileText },
  { href: "/audit", title: "Audit", permission: "audit:read", icon: ScrollText },
  { href: "/settings", title: "Settings", permission: "settings:read", icon: Settings },
  { href: "/help", title: "Help", permission: "help:read", icon: CircleHelp },
];
