type Labels = Readonly<Record<string, string>>;

/**
 * Labels of a sample with those of its target, as Prometheus puts them together. What both have is the target's, and the sample's own is called
 * exported_…; with `honors` it is the sample's.
 */
export function withTargetLabels(own: Map<string, string>, target: Labels, honors: boolean): Map<string, string> {
  const labels = new Map(own);
  if (honors) {
    for (const [name, value] of Object.entries(target)) if (!labels.has(name)) labels.set(name, value);
  } else {
    const conflicts: [string, string][] = [];
    for (const [name, value] of Object.entries(target)) {
      const exposed = own.get(name);
      if (exposed !== undefined && exposed !== "") conflicts.push([name, exposed]);
      labels.set(name, value);
    }
    for (const [name, value] of conflicts.sort(([a], [b]) => a.length - b.length)) {
      let free = `exported_${name}`;
      while (own.has(free) || target[free] !== undefined || labels.has(free)) free = `exported_${free}`;
      labels.set(free, value);
    }
  }
  for (const [name, value] of labels) if (value === "") labels.delete(name);
  return labels;
}
