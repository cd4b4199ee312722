import type { User } from "#base/api/types.ts";

/** The picture over the head; a quiet light in a colour of the account's own where there is none. */
export function Banner({ user }: { user: Pick<User, "id" | "background_image"> }) {
  const shape = "h-33 w-full object-cover sm:h-36 sm:rounded-2xl";
  if (user.background_image !== "") return <img src={user.background_image} alt="" className={shape} />;
  const hue = (user.id * 47) % 360;
  return (
    <div
      aria-hidden
      className={shape}
      style={{ background: `linear-gradient(100deg, oklch(0.42 0.09 ${hue}), oklch(0.3 0.07 ${(hue + 60) % 360}))` }}
    />
  );
}
