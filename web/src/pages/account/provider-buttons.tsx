import { useQuery } from "@tanstack/react-query";
import { Globe } from "lucide-react";
import { providerStart } from "#base/api/providers.ts";
import { providersQuery } from "#base/api/queries.ts";
import { buttonClass } from "#base/ui/buttons/button.tsx";

interface ProviderButtonsProps {
  /** The page that follows the log-in. */
  next: string;
}

/** Links to the providers that people log in with; nothing where the site has none. */
export function ProviderButtons({ next }: ProviderButtonsProps) {
  const { data } = useQuery(providersQuery);
  // The session is in cookies by then, and the page for logging in takes notice of it.
  const back = `/login?from=provider&next=${encodeURIComponent(next)}`;
  return (data?.list ?? []).map(({ id, name, icon_url: icon }) => (
    <a
      key={id}
      href={providerStart(id, back)}
      className={buttonClass("plain", "min-h-12 max-w-full min-w-0 flex-auto shrink! text-base")}
    >
      {icon === "" ? (
        <Globe size={20} aria-hidden className="shrink-0" />
      ) : (
        <img src={icon} alt="" className="size-5 shrink-0 object-contain" />
      )}
      <bdi className="min-w-0 truncate">{name}</bdi>
    </a>
  ));
}
