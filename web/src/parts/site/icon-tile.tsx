import { initialsOf } from "../../../../src/policy/initials.ts";
import { Mark } from "#parts/shell/logo.tsx";

interface IconTileProps {
  name: string;
  /** The address of the picture; empty where the server draws it from the name. */
  icon: string;
  size: number;
}

/** The name with which an instance has the program's own icon. */
const productName = "Kinora";

/** An icon as it will be: the picture, or the initials of the name on the accent. */
export function IconTile({ name, icon, size }: IconTileProps) {
  if (icon !== "")
    return <img src={icon} alt="" width={size} height={size} className="aspect-square rounded-[25%] object-cover" />;
  if (name === productName) return <Mark size={size} />;
  return (
    <span
      aria-hidden
      className="grid shrink-0 place-items-center rounded-[25%] bg-accent font-bold text-on-accent"
      style={{ width: size, height: size, fontSize: size * 0.4 }}
    >
      {initialsOf(name)}
    </span>
  );
}
