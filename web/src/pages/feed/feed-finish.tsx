import { useTranslation } from "react-i18next";
import { type FeedName, useMe } from "#base/api/queries.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { CaughtUpDrawing } from "#base/ui/states/illustrations.tsx";
import { State } from "#base/ui/states/states.tsx";
import { SuggestedPeople } from "./suggested-people.tsx";

/** The card after the last video of a feed: people to follow, and where else there is something to watch. */
export function FeedFinish({ name, onFirst }: { name: FeedName; onFirst: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <State drawing={<CaughtUpDrawing />} title={t("feed.end.title")} text={t(`feed.end.text.${name}`)}>
      {me != null && <SuggestedPeople />}
      {name === "hot" ? (
        <LinkButton look="inverse" className="rounded-full!" to="/explore">
          {t("nav.explore")}
        </LinkButton>
      ) : (
        <LinkButton look="inverse" className="rounded-full!" to="/hot">
          {t("feed.end.older")}
        </LinkButton>
      )}
      <Button className="rounded-full!" onPress={onFirst}>
        {t("feed.end.action")}
      </Button>
    </State>
  );
}
