/** What is known of a machine and does not change while it runs. */
export type HostIdentity = { machineId: string; name: string; system: Record<string, string | number> };
