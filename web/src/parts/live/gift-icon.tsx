import { Coffee, Guitar, LampCeiling, type LucideIcon, PartyPopper, Rose, TramFront } from "lucide-react";

/** The gifts that every instance has, which look the same on devices whose fonts have no emoji, or others. */
const drawn: Readonly<Record<string, { readonly Icon: LucideIcon; readonly color: string }>> = {
  rose: { Icon: Rose, color: "#f43f5e" },
  coffee: { Icon: Coffee, color: "#b7794a" },
  lantern: { Icon: LampCeiling, color: "#f97316" },
  firework: { Icon: PartyPopper, color: "#eab308" },
  solo: { Icon: Guitar, color: "#0ea5e9" },
  night_tram: { Icon: TramFront, color: "#8b5cf6" },
};

interface GiftIconProps {
  slug: string;
  /** An emoji, for gifts that have no drawing. */
  icon: string;
}

/** The picture of a gift, as high as the text around it. Decorative: its name stands beside it. */
export function GiftIcon({ slug, icon }: GiftIconProps) {
  const drawing = drawn[slug];
  if (drawing === undefined) return <span aria-hidden>{icon}</span>;
  const { Icon, color } = drawing;
  return (
    <Icon aria-hidden size="1em" color={color} fill={color} fillOpacity={0.25} className="inline-block shrink-0" />
  );
}
