import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { useCategories } from "#base/ui/fields/use-categories.ts";

/** The ways into what there is about something. */
export function CategoryList({ title }: { title: string }) {
  const categories = useCategories() ?? [];
  const titleId = useId();
  if (categories.length === 0) return null;
  return (
    <nav aria-labelledby={titleId}>
      <h2 id={titleId} className="mb-2 text-base font-semibold">
        {title}
      </h2>
      <ul className="flex flex-wrap gap-2">
        {categories.map(({ id, name }) => (
          <li key={id}>
            <Link
              to="/category/$id"
              params={{ id }}
              className="flex min-h-11 items-center rounded-full bg-raised px-4 font-medium hover:bg-line"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
