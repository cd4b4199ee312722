import { Globe, EyeOff, KeyRound, Link2, Lock, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Visibility } from "#base/api/types.ts";

const icons = {
  public: Globe,
  unlisted: Link2,
  followers: Users,
  password: KeyRound,
  gated: Lock,
  private: EyeOff,
} as const;
export function VisibilityIcon({ visibility, size = 16 }: { visibility: Visibility; size?: number }) {
  const Icon = icons[visibility];
  return <Icon size={size} aria-hidden className="shrink-0" />;
}

/** The visibility of a video, in a word. */
export function VisibilityBadge({ visibility }: { visibility: Visibility }) {
  const { t } = useTranslation();
  return (
    <span className="inline-flex items-center gap-1.5">
      <VisibilityIcon visibility={visibility} />
      {t(`visibility.${visibility}`)}
    </span>
  );
}
