import { type ReactNode, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { isOnline, watchConnection } from "#base/api/request/connection.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { errorText } from "#base/i18n/error-text.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { Button } from "../buttons/button.tsx";
import { PlugDrawing } from "./illustrations.tsx";
import { useNextTry } from "./next-try.ts";

interface StateProps {
  drawing: ReactNode;
  title: string;
  text: string;
  /** It is one list among others, below a heading of its own. */
  isPart?: boolean;
  children?: ReactNode;
}

/** A whole page or panel that has something to say instead of something to show: a drawing, words, one action. */
export function State({ drawing, title, text, isPart = false, children }: StateProps) {
  const Title = isPart ? "h2" : "h1";
  return (
    <div
      className={`animate-rise mx-auto flex max-w-md flex-col items-center justify-center gap-3 px-6 py-10 text-center ${isPart ? "" : "min-h-[65dvh]"}`}
    >
      {drawing}
      <Title className={`mt-2 font-semibold ${isPart ? "text-base" : "text-xl"}`}>{title}</Title>
      <p className={`text-balance text-soft ${isPart ? "text-sm" : "text-base"}`}>{text}</p>
      {children !== undefined && <div className="mt-3 flex flex-wrap justify-center gap-3">{children}</div>}
    </div>
  );
}

/** The words for anything that was thrown, in the viewer's language. */
export function useErrorText(): (thrown: unknown) => string {
  const { i18n } = useTranslation();
  return (thrown) => errorText(asFailure(thrown), textsOf(i18n.language), i18n.language);
}

interface ErrorStateProps {
  error: unknown;
  isRetrying?: boolean;
  onRetry?: () => void;
  /** A retry costs what is on the page, so that only its viewer begins one. */
  isManual?: boolean;
}

/** Explains an error and its remedy; the code is in the details. A server that does not answer is asked again by itself. */
export function ErrorState({ error, isRetrying = false, onRetry, isManual = false }: ErrorStateProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const online = useOnline();
  const failure = asFailure(error);
  const offline = !online || failure.code === "network.offline";
  const retriesItself = online && !isManual && onRetry !== undefined && failure.code === "network.unreachable";
  const leftS = useNextTry(retriesItself, () => onRetry?.());
  return (
    <State
      drawing={<PlugDrawing />}
      title={offline ? t("offline.title") : t("error.title")}
      text={offline ? t("offline.text") : text(failure)}
    >
      {onRetry !== undefined && (
        <Button look="main" isBusy={isRetrying} onPress={onRetry}>
          {t("action.retry")}
        </Button>
      )}
      {retriesItself && (
        <p className="tabular w-full text-sm text-soft">
          <NextTry seconds={leftS} />
        </p>
      )}
      {!offline && (
        <details className="w-full text-xs text-soft">
          <summary className="mx-auto inline-flex min-h-11 items-center px-3">{t("error.details")}</summary>
          <code className="block select-text">
            {failure.code} {failure.traceId}
          </code>
        </details>
      )}
    </State>
  );
}

export const useOnline = (): boolean => useSyncExternalStore(watchConnection, isOnline);

/** When the next attempt begins; a screen reader is not interrupted by it every second. */
export function NextTry({ seconds }: { seconds: number }) {
  const { t } = useTranslation();
  return <span aria-hidden>{t("offline.nextTry", { seconds })}</span>;
}

/** A problem inside a form or a card. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="rounded-lg border border-bad/50 bg-bad/10 px-3 py-2.5 text-sm text-ink">
      {children}
    </p>
  );
}
