import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { patchVideo } from "#base/api/queries.ts";
import { markStale } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Video } from "#base/api/types.ts";
import { formatDate } from "#base/format/format.ts";
import { localMs, localText } from "#base/format/local-time.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { WhenField } from "#base/ui/fields/when-field.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

export interface Publication {
  readonly isBusy: boolean;
  /** The words for the last failure. */
  readonly problem: string | null;
  readonly now: () => void;
  /** Plans it for this time, in milliseconds since 1970. */
  readonly at: (ms: number) => void;
  readonly notYet: () => void;
}

/** Changes when a draft is published, and shows it so everywhere. */
export function usePublication(video: Video): Publication {
  const { t, i18n } = useTranslation();
  const { id } = video;
  const {
    run: after,
    isBusy,
    problem,
  } = useAction(async (work: Promise<Video>, said: string) => {
    patchVideo(id, await work);
    markStale(keyOf("feed"));
    showToast(said);
  });
  return {
    isBusy,
    problem,
    now: () => void after(ask("video.publish", { path: { id }, body: {} }), t("publish.done")),
    at: (ms: number) => {
      const body = { publish_at: new Date(ms).toISOString() };
      const said = t("publish.planned", { when: formatDate(ms, i18n.language) });
      void after(ask("video.update", { path: { id }, body }), said);
    },
    notYet: () => void after(ask("video.update", { path: { id }, body: { draft: true } }), t("publish.cancelled")),
  };
}

const hourMs = 3_600_000;

/** When a draft of one's own is published: now, at a time, or not yet. */
export function Publishing({ video }: { video: Video }) {
  const { t, i18n } = useTranslation();
  const planned = video.publish_at === null ? null : Date.parse(video.publish_at);
  const [when, setWhen] = useState(() => localText(planned ?? Date.now() + hourMs));
  const publication = usePublication(video);
  const ms = localMs(when);
  const isPast = ms === null || ms <= Date.now();
  return (
    <section aria-label={t("publish.when")} className="flex flex-col gap-3 rounded-xl bg-raised p-4">
      <p className="font-medium">
        {planned === null ? t("publish.isDraft") : t("publish.isPlanned", { when: formatDate(planned, i18n.language) })}
      </p>
      <WhenField value={when} onChange={setWhen} problem={isPast ? t("publish.past") : null} />
      {publication.problem !== null && <Problem>{publication.problem}</Problem>}
      <div className="flex flex-wrap gap-2 *:flex-1">
        <Button
          className="bg-line!"
          isDisabled={isPast || ms === planned}
          isBusy={publication.isBusy}
          onPress={() => ms !== null && publication.at(ms)}
        >
          {planned === null ? t("publish.plan") : t("publish.replan")}
        </Button>
        {planned !== null && (
          <Button className="bg-line!" onPress={publication.notYet}>
            {t("publish.cancel")}
          </Button>
        )}
        <Button look="main" onPress={publication.now}>
          {t("publish.now")}
        </Button>
      </div>
    </section>
  );
}
