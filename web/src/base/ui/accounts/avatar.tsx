import { useState } from "react";
import type { UserBrief } from "#base/api/types.ts";

const sizes = {
  tiny: "size-6 text-xs",
  small: "size-8 text-xs",
  comment: "size-9 text-sm",
  medium: "size-11 text-base",
  rail: "size-12 text-base",
  card: "size-16 text-xl",
  large: "size-24 text-2xl",
  face: "size-24 text-3xl sm:size-32",
} as const;

interface AvatarProps {
  user: Pick<UserBrief, "id" | "username" | "nickname" | "avatar">;
  size?: keyof typeof sizes;
  className?: string;
}

/** A person's picture, or the first letter of the name on a colour of its own. Decorative: the name stands beside it. */
export function Avatar({ user, size = "small", className = "" }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const shape = `${sizes[size]} ${className} shrink-0 rounded-full object-cover select-none`;
  if (user.avatar != null && user.avatar !== "" && user.avatar !== broken) {
    return <img src={user.avatar} alt="" className={shape} onError={() => setBroken(user.avatar)} />;
  }
  const [initial = "?"] = user.nickname || user.username;
  return (
    <span
      aria-hidden
      className={`${shape} inline-grid place-items-center font-semibold text-white`}
      style={{ background: `oklch(0.48 0.11 ${(user.id * 47) % 360})` }}
    >
      {initial.toUpperCase()}
    </span>
  );
}
