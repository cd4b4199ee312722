import { MonitorUp } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { formatDate } from "#base/format/format.ts";
import { localMs } from "#base/format/local-time.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { Tabbed } from "#base/ui/buttons/tabbed.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { UploadHeader } from "#parts/upload/upload-header.tsx";
import { useBroadcast } from "../capture/broadcast.ts";
import { BrowserSource } from "../capture/browser-source.tsx";
import { EncoderFields } from "./encoder-fields.tsx";
import { RoomForm } from "./room-form.tsx";
import { StreamPreview, WaitingForStream } from "./stream-preview.tsx";
import { type Room, useRoom } from "./use-room.ts";

/** The room as viewers will see it, beside the ways to send it; the button at the foot alone opens the room. */
export function GoLive({ live }: { live: Live | null }) {
  const { t } = useTranslation();
  const room = useRoom(live);
  const [hasStream, setPicture] = useState(false);
  const broadcast = useBroadcast();
  const isSending = live !== null && broadcast.liveId === live.id && broadcast.state === "sending";
  const [source, setSource] = useState<"software" | "browser">(isSending ? "browser" : "software");
  const hasPicture = source === "browser" ? isSending : hasStream;
  return (
    <div className="mx-auto flex min-h-[calc(100dvh-var(--top)-var(--bar))] max-w-6xl flex-col px-4 sm:px-6 sm:pt-5">
      <UploadHeader title={t("live.go")} isSaved={room.isSaved} />
      <div className="grid items-start gap-6 pb-8 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <RoomForm draft={room.draft} onChange={room.change} missing={room.missing} live={live} />
        <div className="flex min-w-0 flex-col gap-4">
          <Tabbed
            label={t("live.how")}
            tabs={[
              { name: "software", text: t("live.software") },
              { name: "browser", text: t("live.browser.tab") },
            ]}
            current={source}
            onChange={setSource}
          >
            {source === "software" ? (
              <Software live={live} room={room} hasPicture={hasPicture} onPicture={setPicture} />
            ) : (
              <BrowserSource liveId={live?.id ?? null} />
            )}
          </Tabbed>
        </div>
      </div>
      <Foot live={live} room={room} hasPicture={hasPicture} />
    </div>
  );
}

interface SoftwareProps {
  live: Live | null;
  room: Room;
  hasPicture: boolean;
  onPicture: (hasPicture: boolean) => void;
}

/** Streaming by a program such as OBS. */
function Software({ live, room, hasPicture, onPicture }: SoftwareProps) {
  const { t } = useTranslation();
  const facts = [
    ["live.software.video", "live.software.video.value"],
    ["live.software.keyframes", "live.software.keyframes.value"],
    ["live.software.sound", "live.software.sound.value"],
  ] as const;
  return (
    <section aria-labelledby="software" className="flex min-w-0 flex-col gap-4 rounded-2xl bg-surface p-4 sm:p-5">
      <div className="flex items-center gap-3">
        <span className="grid size-10 shrink-0 place-items-center rounded-lg bg-raised">
          <MonitorUp size={20} aria-hidden />
        </span>
        <div className="min-w-0">
          <h2 id="software" className="text-base font-semibold">
            {t("live.software")}
          </h2>
          <p className="text-xs text-soft">{t("live.software.text")}</p>
        </div>
      </div>
      {live === null ? (
        <p className="rounded-xl bg-raised p-4 text-soft">{t("live.software.later")}</p>
      ) : (
        <>
          <EncoderFields live={live} wholeKey={room.wholeKey} onKey={room.setKey} />
          <p role="status" className="sr-only">
            {t(hasPicture ? "live.received" : "live.waitingForStream")}
          </p>
          <StreamPreview
            liveId={live.id}
            className="lg:max-w-lg"
            onPicture={onPicture}
            label={<span className="rounded bg-black/60 px-1.5 py-0.5 text-xs font-semibold">{t("live.onlyYou")}</span>}
            waiting={<WaitingForStream title={t("live.waitingForStream")} text={t("live.waitingForStream.text")} />}
          />
        </>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{t(name)}</dt>
            <dd>{t(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface FootProps {
  live: Live | null;
  room: Room;
  hasPicture: boolean;
}

/** The next step, always in reach, with its effect. */
function Foot({ live, room, hasPicture }: FootProps) {
  const { t, i18n } = useTranslation();
  const [isTooEarly, setTooEarly] = useState(false);
  const { isScheduled, scheduledAt } = room.draft;
  const when = formatDate(localMs(scheduledAt) ?? 0, i18n.language);
  const goLive = () => {
    setTooEarly(!hasPicture);
    if (hasPicture) room.start();
  };
  const title =
    live === null ? t("live.foot.first") : isScheduled ? t("live.foot.announced", { when }) : t("live.foot");
  const text = live === null ? t("live.foot.first.text") : t("live.foot.text");
  return (
    <footer className="sticky bottom-(--bar) z-20 -mx-4 mt-auto flex flex-col gap-2 border-t border-line bg-page px-4 pt-2.5 pb-3 sm:-mx-6 sm:min-h-18 sm:flex-row sm:flex-wrap sm:items-center sm:gap-4 sm:px-6">
      {room.problem !== null && (
        <div className="sm:w-full">
          <Problem>{room.problem}</Problem>
        </div>
      )}
      <div className="min-w-0 sm:flex-1">
        {isTooEarly && !hasPicture ? (
          <p role="alert" className="font-medium text-bad">
            {t("live.foot.tooEarly")}
          </p>
        ) : (
          <>
            <p className="font-medium">{title}</p>
            <p className="text-xs text-soft max-sm:hidden">{text}</p>
          </>
        )}
      </div>
      <div className="flex gap-2">
        {live !== null && (
          <LinkButton to="/live/$id" params={{ id: live.id }} className="min-h-11! max-sm:flex-1">
            {t("live.openPage")}
          </LinkButton>
        )}
        {live === null ? (
          <Button look="main" isBusy={room.isBusy} className="min-h-11! max-sm:flex-1" onPress={room.create}>
            {t(isScheduled ? "live.foot.announce" : "live.foot.create")}
          </Button>
        ) : (
          <Button look="main" isBusy={room.isBusy} className="min-h-11! max-sm:flex-1" onPress={goLive}>
            {t("live.go")}
          </Button>
        )}
      </div>
    </footer>
  );
}
