import { Mic, MicOff, PhoneOff, Video, VideoOff } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { TileName } from "#parts/player/live/tile-name.tsx";

/** The own stream of a guest, as in a mirror and in silence, with ways to mute it, hide it and leave. */
export function OwnTile({ stream, onLeave }: { stream: MediaStream; onLeave: () => void }) {
  const { t } = useTranslation();
  const element = useRef<HTMLVideoElement>(null);
  const [isQuiet, setQuiet] = useTracks(stream.getAudioTracks());
  const [isHidden, setHidden] = useTracks(stream.getVideoTracks());
  useEffect(() => {
    if (element.current !== null) element.current.srcObject = stream;
  }, [stream]);
  return (
    <div
      className="live-tile animate-rise relative min-h-0 min-w-0 overflow-hidden bg-neutral-900 text-white"
      data-guest="me"
    >
      <video
        ref={element}
        autoPlay
        playsInline
        muted
        tabIndex={-1}
        aria-label={t("live.browser.own")}
        className="absolute inset-0 size-full -scale-x-100 object-cover"
      />
      <TileName>{t("guests.you")}</TileName>
      <div className="absolute end-1.5 top-1.5 flex gap-1">
        <Switch
          isOff={isQuiet}
          label={t(isQuiet ? "guests.micOn" : "guests.micOff")}
          onPress={() => setQuiet(!isQuiet)}
        >
          {isQuiet ? <MicOff size={18} aria-hidden /> : <Mic size={18} aria-hidden />}
        </Switch>
        <Switch
          isOff={isHidden}
          label={t(isHidden ? "guests.cameraOn" : "guests.cameraOff")}
          onPress={() => setHidden(!isHidden)}
        >
          {isHidden ? <VideoOff size={18} aria-hidden /> : <Video size={18} aria-hidden />}
        </Switch>
        <IconButton label={t("guests.leave")} className="size-9! bg-live hover:opacity-90" onPress={onLeave}>
          <PhoneOff size={18} aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}

interface SwitchProps {
  isOff: boolean;
  label: string;
  onPress: () => void;
  children: ReactNode;
}

function Switch({ isOff, label, onPress, children }: SwitchProps) {
  return (
    <IconButton
      label={label}
      className={`size-9! ${isOff ? "bg-white text-black" : "bg-black/45 hover:bg-black/70"}`}
      onPress={onPress}
    >
      {children}
    </IconButton>
  );
}

/** True if tracks send silence or black, and the way to change that. */
function useTracks(tracks: readonly MediaStreamTrack[]): [boolean, (isOff: boolean) => void] {
  const [isOff, setOff] = useState(false);
  const change = (off: boolean) => {
    for (const track of tracks) track.enabled = !off;
    setOff(off);
  };
  return [isOff, change];
}
