import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Download, FileQuestion, X } from "lucide-react";
import { useEffect, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask, withinSession } from "#base/api/request/client.ts";
import { Failure } from "#base/api/request/failure.ts";
import { formatSize } from "#base/format/format.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { contentUrl, type Listed } from "./entries.ts";
import { EntryIcon } from "./entry-icon.tsx";
import { previewOf } from "./preview-kind.ts";

interface PreviewProps {
  entry: Listed;
  /** The files before and after it in its folder. */
  previous: Listed | undefined;
  next: Listed | undefined;
  onGo: (entry: Listed) => void;
  onDownload: (entry: Listed) => void;
  onClose: () => void;
  ticket?: string;
}

/** A file looked at where one is, over everything else; the arrow keys step through the folder. */
export function Preview({ entry, previous, next, onGo, onDownload, onClose, ticket }: PreviewProps) {
  const { t, i18n } = useTranslation();
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      // In a film and in a field the arrows have a meaning of their own.
      if (event.target instanceof HTMLMediaElement || event.target instanceof HTMLInputElement) return;
      const to = event.key === "ArrowLeft" ? previous : event.key === "ArrowRight" ? next : undefined;
      if (to !== undefined) onGo(to);
    };
    window.addEventListener("keydown", keys);
    return () => window.removeEventListener("keydown", keys);
  }, [previous, next, onGo]);
  return (
    <ModalOverlay isOpen onOpenChange={(isOpen) => isOpen || onClose()} className="fixed inset-0 z-50 bg-page">
      <Modal className="size-full">
        <Dialog className="safe-bottom safe-top flex size-full flex-col outline-none">
          <header className="flex items-center gap-2 py-1.5 pe-2 ps-4">
            <EntryIcon entry={entry} />
            <Heading slot="title" className="min-w-0 flex-1 truncate text-base font-semibold">
              {entry.name}
            </Heading>
            <span className="tabular hidden text-soft sm:block">{formatSize(entry.size, i18n.language)}</span>
            <IconButton label={t("action.download")} onPress={() => onDownload(entry)}>
              <Download size={20} aria-hidden />
            </IconButton>
            <IconButton label={t("action.close")} onPress={onClose}>
              <X size={20} aria-hidden />
            </IconButton>
          </header>
          <div className="relative flex min-h-0 flex-1 items-stretch justify-center px-2 pb-2 sm:px-14">
            <Shown key={entry.id} entry={entry} ticket={ticket} onDownload={() => onDownload(entry)} />
            {previous !== undefined && (
              <Step label={t("drive.previous")} side="start-1" onPress={() => onGo(previous)}>
                <ChevronLeft size={24} aria-hidden className="rtl:-scale-x-100" />
              </Step>
            )}
            {next !== undefined && (
              <Step label={t("drive.next")} side="end-1" onPress={() => onGo(next)}>
                <ChevronRight size={24} aria-hidden className="rtl:-scale-x-100" />
              </Step>
            )}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const Step = ({
  label,
  side,
  onPress,
  children,
}: {
  label: string;
  side: string;
  onPress: () => void;
  children: React.ReactNode;
}) => (
  <IconButton
    label={label}
    onPress={onPress}
    className={`absolute top-1/2 -translate-y-1/2 bg-raised/90 text-ink ${side}`}
  >
    {children}
  </IconButton>
);

interface ShownProps {
  entry: Listed;
  ticket: string | undefined;
  onDownload: () => void;
}

/** The file itself, as far as this browser can show it. */
export function Shown({ entry, ticket, onDownload }: ShownProps) {
  const { t } = useTranslation();
  const [isBroken, setBroken] = useState(false);
  const kind = isBroken ? null : previewOf(entry);
  const url = contentUrl(entry.id, ticket);
  const fail = () => setBroken(true);
  if (kind === "text") return <TextShown entry={entry} ticket={ticket} />;
  if (kind === "image")
    return <img src={url} alt={entry.name} className="m-auto max-h-full max-w-full object-contain" onError={fail} />;
  if (kind === "audio" || kind === "video")
    return <Playing kind={kind} entry={entry} ticket={ticket} onBroken={fail} />;
  return (
    <div className="m-auto flex max-w-md flex-col items-center gap-3 px-6 text-center">
      <FileQuestion size={48} strokeWidth={1.5} aria-hidden className="text-soft" />
      <p className="text-base">{isBroken ? t("preview.broken") : t("preview.none")}</p>
      <p className="text-soft">{/\.pdf$/i.test(entry.name) ? t("preview.pdf") : t("preview.none.text")}</p>
      <Button look="main" onPress={onDownload}>
        <Download size={18} aria-hidden />
        {t("action.download")}
      </Button>
    </div>
  );
}

/** Longer than anybody watches at a sitting. */
const playSeconds = 6 * 3_600;

interface PlayingProps {
  kind: "audio" | "video";
  entry: Listed;
  ticket: string | undefined;
  onBroken: () => void;
}

/** Sound or film by ranges. Its address carries its own right, because the session may be renewed while it plays. */
function Playing({ kind, entry, ticket, onBroken }: PlayingProps) {
  const link = useQuery({
    queryKey: keyOf("drive-link", entry.id),
    queryFn: async ({ signal }) => {
      const body = { inline: true, expires_in: playSeconds };
      const { url } = await ask("drive.link", { path: { id: entry.id }, body, signal });
      const { pathname, search } = new URL(url, window.location.href);
      return pathname + search;
    },
    enabled: ticket === undefined,
    staleTime: 3_600_000,
  });
  const src = ticket === undefined ? link.data : contentUrl(entry.id, ticket);
  if (link.isError) return <ErrorState error={link.error} onRetry={() => void link.refetch()} />;
  if (src === undefined) return <Skeleton className="m-auto aspect-video w-full max-w-3xl" />;
  if (kind === "audio")
    return <audio src={src} controls aria-label={entry.name} className="m-auto w-full max-w-xl" onError={onBroken} />;
  return (
    // Private files rarely have captions beside them.
    <video
      src={src}
      controls
      playsInline
      aria-label={entry.name}
      className="m-auto max-h-full max-w-full bg-black"
      onError={onBroken}
    />
  );
}

const textBytesMax = 256 * 1_024;

/** The beginning of a text, as text whatever is in it. */
function TextShown({ entry, ticket }: { entry: Listed; ticket: string | undefined }) {
  const { t } = useTranslation();
  const text = useQuery({
    queryKey: keyOf("drive-text", entry.id, ticket ?? ""),
    queryFn: async ({ signal }) => {
      if (entry.size === 0) return "";
      const range = `bytes=0-${Math.min(entry.size, textBytesMax) - 1}`;
      const answer = await withinSession(() => fetch(contentUrl(entry.id, ticket), { headers: { range }, signal }));
      if (!answer.ok) throw new Failure(answer.status, "drive.not_found", "");
      return new TextDecoder().decode(await answer.arrayBuffer());
    },
    gcTime: 60_000,
  });
  if (text.isError) return <ErrorState error={text.error} onRetry={() => void text.refetch()} />;
  if (text.data === undefined) return <Skeleton key="wait" className="m-auto h-full w-full max-w-4xl" />;
  return (
    // Not the element that waited: its end would count as a jump of what comes.
    <div key="text" className="flex w-full max-w-4xl flex-col gap-2">
      <pre
        tabIndex={0}
        aria-label={entry.name}
        dir="auto"
        className="min-h-0 flex-1 overflow-auto rounded-xl bg-surface p-4 font-mono text-xs/5 whitespace-pre-wrap select-text"
      >
        {text.data}
      </pre>
      {entry.size > textBytesMax && <p className="text-center text-xs text-soft">{t("preview.cut")}</p>}
    </div>
  );
}
