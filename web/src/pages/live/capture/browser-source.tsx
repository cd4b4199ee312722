import { Mic, Video } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "#base/ui/buttons/button.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { type Broadcast, startBroadcast, stopBroadcast, useBroadcast } from "./broadcast.ts";
import type { CaptureKind } from "./capture.ts";
import { LevelMeter } from "./level-meter.tsx";
import { useDevices } from "./use-devices.ts";

const kinds = ["camera", "screen", "both"] as const satisfies readonly CaptureKind[];

/** Streaming from this browser: what is captured, how it looks and sounds, and how the connection is. */
export function BrowserSource({ liveId }: { liveId: number | null }) {
  const { t } = useTranslation();
  const broadcast = useBroadcast();
  const isMine = liveId !== null && broadcast.liveId === liveId;
  const [kind, setKind] = useState<CaptureKind>("camera");
  const [cameraId, setCamera] = useState("");
  const [microphoneId, setMicrophone] = useState("");
  const devices = useDevices(broadcast.stream);
  const isOn = isMine && broadcast.state !== "off";
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === "function";
  const optionsOf = (list: readonly MediaDeviceInfo[]) => [
    { value: "", name: t("live.browser.usual") },
    ...list.map(({ deviceId, label }) => ({ value: deviceId, name: label })),
  ];
  const start = () => {
    if (liveId !== null) void startBroadcast(liveId, { kind, cameraId, microphoneId });
  };
  return (
    <section aria-labelledby="browser" className="flex min-w-0 flex-col gap-4 rounded-2xl bg-surface p-4 sm:p-5">
      <Head />
      {liveId === null ? (
        <p className="rounded-xl bg-raised p-4 text-soft">{t("live.browser.later")}</p>
      ) : (
        <>
          {isOn && broadcast.stream !== null && <OwnPicture stream={broadcast.stream} />}
          {isMine || broadcast.problem !== null ? <BroadcastState broadcast={broadcast} /> : null}
          {!isOn && (
            <>
              <div
                role="group"
                aria-label={t("live.browser.what")}
                className="grid grid-cols-3 gap-1 rounded-lg bg-raised p-1"
              >
                {kinds.map((option) => (
                  <Button
                    key={option}
                    aria-pressed={kind === option}
                    isDisabled={option !== "camera" && !canShare}
                    look={kind === option ? "plain" : "ghost"}
                    className={kind === option ? "bg-strong!" : "text-soft"}
                    onPress={() => setKind(option)}
                  >
                    {t(`live.browser.${option}`)}
                  </Button>
                ))}
              </div>
              {!canShare && <p className="text-xs text-soft">{t("live.browser.noScreen")}</p>}
              {kind !== "screen" && (
                <Select
                  label={t("live.browser.cameraDevice")}
                  value={cameraId}
                  options={optionsOf(devices.cameras)}
                  onChange={setCamera}
                />
              )}
              <Select
                label={t("live.browser.microphone")}
                value={microphoneId}
                options={optionsOf(devices.microphones)}
                onChange={setMicrophone}
              />
            </>
          )}
          {isOn ? (
            <Button className="self-start" onPress={stopBroadcast}>
              {t("live.browser.stop")}
            </Button>
          ) : (
            <Button look="inverse" className="self-start" onPress={start}>
              {t("live.browser.start")}
            </Button>
          )}
        </>
      )}
    </section>
  );
}

function Head() {
  const { t } = useTranslation();
  return (
    <div className="flex items-center gap-3">
      <span className="grid size-10 shrink-0 place-items-center rounded-lg bg-raised">
        <Video size={20} aria-hidden />
      </span>
      <div className="min-w-0">
        <h2 id="browser" className="text-base font-semibold">
          {t("live.browser")}
        </h2>
        <p className="text-xs text-soft">{t("live.browser.text")}</p>
      </div>
    </div>
  );
}

/** The captured picture with the level of its sound; without delay, and in silence. */
function OwnPicture({ stream }: { stream: MediaStream }) {
  const { t } = useTranslation();
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (element.current !== null) element.current.srcObject = stream;
  }, [stream]);
  return (
    <div data-theme="dark" className="relative aspect-video overflow-hidden rounded-xl bg-black text-white">
      <video
        ref={element}
        autoPlay
        playsInline
        muted
        tabIndex={-1}
        aria-label={t("live.browser.own")}
        className="size-full object-contain"
      />
      <div className="absolute inset-x-0 bottom-0 flex items-center gap-2 bg-black/50 px-3 py-2">
        <Mic size={16} aria-hidden className="shrink-0" />
        <LevelMeter stream={stream} label={t("live.browser.level")} />
      </div>
    </div>
  );
}

/** How the connection is, or why there is none. */
function BroadcastState({ broadcast: { state, problem, figures } }: { broadcast: Broadcast }) {
  const { t, i18n } = useTranslation();
  if (problem !== null) {
    const textKey = typeof problem === "string" ? `live.browser.problem.${problem}` : `error.${problem.code}`;
    return (
      <Problem>
        {t(i18n.exists(textKey) ? (textKey as "live.browser.problem.other") : "live.browser.problem.other")}
      </Problem>
    );
  }
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 text-sm">
      <p role="status" className={state === "lost" ? "font-medium text-bad" : "font-medium"}>
        {t(`live.browser.state.${state}`)}
      </p>
      {state === "sending" && figures !== null && (
        <p className="tabular text-xs text-soft">
          {t("live.browser.figures", { kbps: figures.kbps, fps: figures.fps, ms: figures.roundTripMs })}
        </p>
      )}
    </div>
  );
}
