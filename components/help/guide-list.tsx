import { Card } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";

export type GuideName = { name: string; title: string; about: string };

/** What there is to read. */
export function GuideList({ guides }: { guides: GuideName[] }) {
  return (
    <ul className="grid max-w-5xl gap-3 sm:grid-cols-2">
      {guides.map(({ name, title, about }) => (
        <li key={name}>
          <Link href={`/help/${name}`} className="block rounded-lg">
            <Card className="h-full transition hover:border-accent">
              <span className="block font-medium">{title}</span>
              <span className="block text-muted text-xs">{about}</span>
            </Card>
          </Link>
        </li>
      ))}
    </ul>
  );
}
