import { Card, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";

/** What there is to read. */
export function GuideList({ guides }: { guides: { name: string; title: string; about: string }[] }) {
  return (
    <>
      <PageTitle note="Guides to every part of Sightline">Help</PageTitle>
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
    </>
  );
}
