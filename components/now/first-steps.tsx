"use client";

import { useQuery } from "@tanstack/react-query";
import { Circle, CircleCheck } from "lucide-react";
import { firstStepsQuery, type FirstSteps as Steps } from "#components/now/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";

const STEPS: { key: keyof Steps; title: string; why: string; href: string }[] = [
  { key: "host", title: "Add a second host", why: "One line in its shell", href: "/hosts/add" },
  { key: "channel", title: "Have alerts sent", why: "By mail, chat or webhook", href: "/alerts/channels" },
  { key: "mail", title: "Set the mail server", why: "For reports, digests and invitations", href: "/settings" },
  { key: "account", title: "Invite somebody", why: "With a role of their own", href: "/settings/accounts" },
];

function Step({ step: { title, why, href }, done }: { step: (typeof STEPS)[number]; done: boolean }) {
  if (done)
    return (
      <li className="flex items-center gap-2 text-muted">
        <CircleCheck aria-hidden className="size-4 shrink-0 text-good" />
        <span>
          {title} <span className="sr-only">is done</span>
        </span>
      </li>
    );
  return (
    <li className="flex items-start gap-2">
      <Circle aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
      <span className="min-w-0">
        <Link href={href} className="font-medium hover:underline">
          {title}
        </Link>
        <span className="block text-muted text-xs">{why}</span>
      </span>
    </li>
  );
}

/** What is worth doing after the set-up. It goes when all is done; where it cannot be read it is not there. */
export function FirstSteps() {
  const { data } = useQuery(firstStepsQuery);
  if (!data || STEPS.every(({ key }) => data[key])) return null;
  const left = STEPS.filter(({ key }) => !data[key]).length;
  return (
    <Card>
      <CardTitle aside={`${STEPS.length - left} of ${STEPS.length} done`}>First steps</CardTitle>
      <ul className="space-y-2 text-sm">
        {STEPS.map((step) => (
          <Step key={step.key} step={step} done={data[step.key]} />
        ))}
      </ul>
    </Card>
  );
}
