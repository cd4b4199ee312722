import { Skeleton } from "./skeleton.tsx";

interface VideoRowsSkeletonProps {
  /** How wide its covers are. */
  coverClass: string;
  className?: string;
}

/** The place of rows of videos, each with its cover at the start. */
export const VideoRowsSkeleton = ({ coverClass, className = "" }: VideoRowsSkeletonProps) => (
  <div aria-busy className={`flex flex-col gap-3 ${className}`}>
    {[0, 1, 2, 3].map((place) => (
      <div key={place} className="flex gap-3 sm:gap-4">
        <Skeleton className={`aspect-video shrink-0 ${coverClass}`} />
        <Skeleton className="h-4 w-1/2" />
      </div>
    ))}
  </div>
);
