import { ExternalLink, Pencil } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { Live } from "#base/api/types.ts";
import { formatLength, formatNumber } from "#base/format/format.ts";
import { Button, IconButton, LinkButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { LiveBadge, Running } from "#parts/live/live-badge.tsx";
import { storeLive } from "#parts/live/queries.ts";
import { RoomContext, useRoomStore, useRoomView } from "../feed/use-room-feed.ts";
import { StudioGuests } from "../guests/studio-guests.tsx";
import { OwnProducts } from "../products/own-products.tsx";
import { BroadcastPanel } from "./broadcast-panel.tsx";
import { ClipButton, Clips } from "./clips.tsx";
import { EncoderFields } from "./encoder-fields.tsx";
import { titleMax } from "./room-draft.ts";
import { StreamHealthPanel } from "./stream-health.tsx";
import { StreamPreview, WaitingForStream } from "./stream-preview.tsx";
import { StudioChat } from "./studio-chat.tsx";
import { ViewerChart } from "./viewer-chart.tsx";

interface LiveStudioProps {
  live: Live;
  askedMs: number;
}

/** The host's view of a room: the picture that viewers see, the figures, the chat, what is sold, and the way to end it. */
export function LiveStudio({ live, askedMs }: LiveStudioProps) {
  const { t } = useTranslation();
  const me = useMe();
  const hasEnded = live.status === "ended";
  const store = useRoomStore(live.id, me?.id, !hasEnded);
  return (
    <RoomContext value={store}>
      <div
        data-side=""
        className="room-page studio-page mx-auto grid max-w-[1760px] items-start gap-4 px-4 py-4 sm:px-4 sm:py-3 xl:px-6 xl:py-4"
      >
        <div className="flex min-w-0 flex-col gap-4 max-lg:contents">
          <StudioHead live={live} askedMs={askedMs} />
          <p role="status" className="sr-only">
            {t(`live.state.${live.status}`)}
          </p>
          {hasEnded ? <Ended live={live} /> : <OnAir live={live} />}
          <div className="flex min-w-0 flex-col gap-4 max-lg:order-2">
            <div className="rounded-2xl bg-surface p-4">
              <Figures live={live} />
              <ViewerChart live={live} />
            </div>
            <Clips live={live} />
            <OwnProducts live={live} />
          </div>
        </div>
        <StudioChat live={live} />
      </div>
    </RoomContext>
  );
}

/** The picture beside what is known of the stream. */
function OnAir({ live }: { live: Live }) {
  const { t } = useTranslation();
  const [wholeKey, setKey] = useState<string | null>(null);
  return (
    <div className="studio-air">
      <div className="min-w-0 [grid-area:preview]">
        <StreamPreview
          liveId={live.id}
          label={
            <span className="rounded bg-black/60 px-1.5 py-0.5 text-xs font-semibold">
              {t(live.status === "paused" ? "live.badge.paused" : "live.whatViewersSee")}
            </span>
          }
          waiting={<WaitingForStream title={t("live.noStream")} text={t("live.noStream.text")} />}
        />
        {live.status === "paused" && <p className="mt-2 rounded-lg bg-warn/10 px-3 py-2.5 text-sm">{t("live.lost")}</p>}
        <StudioGuests live={live} />
      </div>
      <div className="min-w-0 [grid-area:health] empty:hidden">
        <StreamHealthPanel liveId={live.id} />
      </div>
      <div className="flex min-w-0 flex-col gap-4 [grid-area:encoder]">
        <BroadcastPanel liveId={live.id} />
        <section aria-labelledby="encoder" className="min-w-0 rounded-2xl bg-surface p-4 max-sm:hidden">
          <h2 id="encoder" className="mb-3 text-base font-semibold">
            {t("live.software")}
          </h2>
          <EncoderFields live={live} wholeKey={wholeKey} onKey={setKey} />
        </section>
      </div>
    </div>
  );
}

function StudioHead({ live, askedMs }: LiveStudioProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [isEditing, setEditing] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const hasEnded = live.status === "ended";
  const end = () =>
    ask("live.end", { path: { id: live.id }, body: {} }).then(storeLive, (thrown: unknown) => showToast(text(thrown)));
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
      {!hasEnded && <LiveBadge isPaused={live.status === "paused"} />}
      <Running live={live} askedMs={askedMs} className="tabular text-base font-semibold" />
      {isEditing ? (
        <TitleForm live={live} onClose={() => setEditing(false)} />
      ) : (
        <div className="flex min-w-0 flex-1 basis-60 items-center gap-1">
          <h1 className="min-w-0 truncate text-base font-semibold">
            <bdi>{live.title}</bdi>
          </h1>
          {!hasEnded && (
            <IconButton label={t("live.editTitle")} onPress={() => setEditing(true)}>
              <Pencil size={18} aria-hidden />
            </IconButton>
          )}
        </div>
      )}
      {!hasEnded && live.keeps_recording && <ClipButton live={live} />}
      <div className="flex gap-2 max-sm:w-full">
        <LinkButton to="/live/$id" params={{ id: live.id }} className="max-sm:flex-1">
          <ExternalLink size={16} aria-hidden />
          {t("live.openPage")}
        </LinkButton>
        {!hasEnded && (
          <Button look="danger" className="bg-bad/10! max-sm:flex-1" onPress={() => setAsking(true)}>
            {t("live.end")}
          </Button>
        )}
      </div>
      {isAsking && (
        <ConfirmSheet
          title={t("live.end.ask")}
          text={t(live.keeps_recording ? "live.end.kept" : "live.end.text")}
          action={t("live.end")}
          onConfirm={() => void end()}
          onClose={() => setAsking(false)}
        />
      )}
    </header>
  );
}

function TitleForm({ live, onClose }: { live: Live; onClose: () => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [title, setTitle] = useState(live.title);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (title.trim() === "") {
      setProblem(t("live.form.titleMissing"));
      return;
    }
    try {
      storeLive(await ask("live.update", { path: { id: live.id }, body: { title: title.trim() } }));
      onClose();
    } catch (thrown) {
      setProblem(text(thrown));
    }
  };
  return (
    <form onSubmit={(event) => void save(event)} className="flex min-w-0 flex-1 basis-60 items-end gap-2">
      <div className="min-w-0 flex-1">
        <Field
          label={t("upload.field.title")}
          value={title}
          onChange={setTitle}
          charactersMax={titleMax}
          problem={problem}
          autoFocus
        />
      </div>
      <Button look="inverse" type="submit">
        {t("action.save")}
      </Button>
      <Button onPress={onClose}>{t("action.cancel")}</Button>
    </form>
  );
}

/** How many watch and how much they like it. */
function Figures({ live }: { live: Live }) {
  const { t, i18n } = useTranslation();
  const online = useRoomView(({ onlineCount }) => onlineCount) ?? live.online_count;
  const likes = useRoomView(({ likeCount }) => likeCount) ?? live.like_count;
  const number = (count: number) => formatNumber(count, i18n.language);
  const coins = { formatted: number(live.gift_value) };
  const figures = [
    ...(live.status === "ended" ? [] : [{ key: "live.figure.now", count: online } as const]),
    { key: "live.figure.peak", count: Math.max(online, live.peak_count) } as const,
    { key: "live.figure.likes", count: Math.max(likes, live.like_count) } as const,
    { key: "live.figure.gifts", count: live.gift_count, note: t("mod.giftValue", coins) } as const,
  ];
  return (
    <dl className="grid grid-cols-2 gap-y-4 sm:auto-cols-fr sm:grid-flow-col sm:grid-cols-none">
      {figures.map(({ key, count, ...more }, place) => (
        <div key={key} className={`flex flex-col ${place > 0 ? "sm:border-s sm:border-line sm:ps-4" : ""}`}>
          <dt className="text-soft">{t(key)}</dt>
          <dd className="tabular text-2xl font-semibold">{number(count)}</dd>
          {"note" in more && <dd className="tabular text-xs text-soft">{more.note}</dd>}
        </div>
      ))}
    </dl>
  );
}

function Ended({ live }: { live: Live }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col items-center gap-2 rounded-2xl bg-surface px-6 py-14 text-center">
      <h2 className="text-xl font-semibold">{t("live.ended.title")}</h2>
      <p className="text-base text-soft">{t("live.ended.text", { time: formatLength(live.duration) })}</p>
      <div className="mt-3 flex flex-wrap justify-center gap-3">
        <LinkButton look="inverse" to="/live/new">
          {t("live.again")}
        </LinkButton>
        <LinkButton to="/live">{t("live.others")}</LinkButton>
      </div>
    </div>
  );
}
