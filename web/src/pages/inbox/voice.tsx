import { SendHorizontal, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDuration } from "#base/format/format.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { record, type Recording, voiceMsMax } from "./recording.ts";

interface VoiceProps {
  onSend: (file: File) => void;
  onDone: () => void;
}

const barsMax = 40;
const everyMs = 100;

/** Records a voice message: how long it is, how loud one is, and the two ways out. */
export function Voice({ onSend, onDone }: VoiceProps) {
  const { t } = useTranslation();
  const { recording, levels, ms, problem } = useRecording();
  const isOver = ms >= voiceMsMax;
  const send = async () => {
    const file = await recording.current?.finish();
    recording.current = null;
    onDone();
    if (file != null) onSend(file);
  };
  const done = useRef(send);
  done.current = send;

  useEffect(() => {
    if (isOver) void done.current();
  }, [isOver]);

  if (problem === "chat.voice.none" || problem === "chat.voice.denied")
    return (
      <div className="flex items-center gap-2 border-t border-line bg-page px-2 py-2">
        <div className="min-w-0 flex-1">
          <Problem>{t(problem)}</Problem>
        </div>
        <Button autoFocus onPress={onDone}>
          {t("action.close")}
        </Button>
      </div>
    );
  return (
    <div
      role="group"
      aria-label={t("chat.voice.recording")}
      className="flex items-center gap-2 border-t border-line bg-page px-2 py-2"
      onKeyDown={({ key }) => key === "Escape" && onDone()}
    >
      <IconButton label={t("chat.voice.cancel")} autoFocus onPress={onDone}>
        <X size={22} aria-hidden />
      </IconButton>
      <span aria-hidden className="size-2.5 shrink-0 animate-pulse rounded-full bg-bad" />
      <span role="status" className="sr-only">
        {t("chat.voice.recording")}
      </span>
      <span role="timer" className="tabular shrink-0 text-sm">
        {formatDuration(ms / 1_000)} <span className="text-soft">/ {formatDuration(voiceMsMax / 1_000)}</span>
      </span>
      <span aria-hidden className="flex h-11 min-w-0 flex-1 items-center justify-end gap-0.5 overflow-hidden">
        {levels.map((level, place) => (
          <span
            // Each bar is a place of the line, not a thing that moves.
            key={place}
            className="w-1 shrink-0 rounded-full bg-accent"
            style={{ height: `${Math.max(8, 100 * level)}%` }}
          />
        ))}
      </span>
      <IconButton label={t("chat.voice.send")} isDisabled={ms === 0} onPress={() => void send()}>
        <SendHorizontal size={22} aria-hidden />
      </IconButton>
    </div>
  );
}

/** Records from the first moment, with how long and how loud; why it cannot, as the key of a text. */
function useRecording() {
  const recording = useRef<Recording | null>(null);
  const [levels, setLevels] = useState<readonly number[]>([]);
  const [ms, setMs] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    let hasLeft = false;
    record().then(
      (begun) => {
        if (hasLeft) return begun.cancel();
        recording.current = begun;
        const startedMs = performance.now();
        timer = setInterval(() => {
          setMs(performance.now() - startedMs);
          setLevels((before) => [...before.slice(1 - barsMax), begun.level()]);
        }, everyMs);
      },
      (thrown: unknown) => {
        const isMissing = thrown instanceof DOMException && thrown.name === "NotFoundError";
        setProblem(isMissing ? "chat.voice.none" : "chat.voice.denied");
      },
    );
    return () => {
      hasLeft = true;
      clearInterval(timer);
      recording.current?.cancel();
    };
  }, []);
  return { recording, levels, ms, problem };
}
