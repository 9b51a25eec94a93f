/** From the one who may do everything to the one who may look. */
export const ROLES = ["admin", "operator", "engineer", "analyst", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_TITLES: Record<Role, string> = {
  admin: "Administrator",
  operator: "Operator (DevOps)",
  engineer: "Engineer (performance)",
  analyst: "Analyst (BI)",
  viewer: "Viewer (QA and guests)",
};
