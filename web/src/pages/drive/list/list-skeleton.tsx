import { Skeleton } from "#base/ui/states/skeleton.tsx";
import type { View } from "./entry-list-props.ts";

const places = Array.from({ length: 8 }, (_, place) => place);

/** The shape of a list that is on its way. */
export function ListSkeleton({ view }: { view: View }) {
  if (view === "grid") {
    return (
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-4 lg:grid-cols-6" aria-busy>
        {places.map((place) => (
          <Skeleton key={place} className="aspect-square" />
        ))}
      </div>
    );
  }
  return (
    <div className="flex flex-col" aria-busy>
      {places.map((place) => (
        <div key={place} className="flex h-14 items-center gap-3">
          <Skeleton className="h-10 w-14" />
          <Skeleton className="h-4 w-1/2" />
        </div>
      ))}
    </div>
  );
}
