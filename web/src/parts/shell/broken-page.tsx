import { useEffect, useState } from "react";
import { ErrorState, useOnline } from "#base/ui/states/states.tsx";

/**
 * A page that did not load or draw. A reload is another attempt, because a part of the program that did not come is not
 * asked for again otherwise; without a network it begins as soon as there is one.
 */
export function BrokenPage({ error }: { error: unknown }) {
  const online = useOnline();
  const [wasOnline] = useState(online);
  useEffect(() => {
    if (online && !wasOnline) location.reload();
  }, [online, wasOnline]);
  return <ErrorState error={error} onRetry={() => location.reload()} isManual />;
}
