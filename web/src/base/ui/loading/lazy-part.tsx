import { type ComponentType, type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isOnline, watchConnection } from "#base/api/request/connection.ts";
import { importAgain } from "#base/api/request/import-again.ts";
import { loadTexts, type Part as TextPart } from "#base/i18n/i18n.ts";
import { Button } from "../buttons/button.tsx";
import { showToast } from "../toasts/toasts.tsx";

/** A part of a page, such as a menu or a sheet, whose code comes when it is used. */
interface LazyPart<Props> {
  (props: Props): ReactNode;
  /** Fetches the code before it is used; a failure is reported when it is. */
  preload: () => void;
}

class Source<Props> {
  readonly #load: () => Promise<ComponentType<Props>>;
  #attempt: Promise<ComponentType<Props>> | undefined;
  Loaded: ComponentType<Props> | null = null;
  #failures = 0;

  constructor(load: () => Promise<ComponentType<Props>>) {
    this.#load = load;
  }

  /** One attempt at a time; a failed one is forgotten. */
  load(): Promise<ComponentType<Props>> {
    // Browsers remember a failed import, and what it imports: none begins that can only fail.
    if (!isOnline() && navigator.serviceWorker?.controller == null)
      return Promise.reject(new TypeError("no connection"));
    this.#attempt ??= this.#load().then(
      (Loaded) => (this.Loaded = Loaded),
      (thrown: unknown) => {
        this.#failures += 1;
        this.#attempt = undefined;
        throw thrown;
      },
    );
    return this.#attempt;
  }

  /** The browser may remember a module that failed twice as failed, until the page is loaded again. */
  get needsReload(): boolean {
    return this.#failures > 1;
  }

  readonly preload = (): void => void this.load().catch(() => undefined);
}

const sourceOf = <Name extends string, Props>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
  texts: readonly TextPart[],
) =>
  new Source(async () => {
    const [module] = await Promise.all([importAgain(load), texts.length > 0 && loadTexts(...texts)]);
    return module[name];
  });

/** The component once it is there, and after a failed attempt the way to the next one. */
function useSource<Props>(source: Source<Props>, onLost: () => void = () => undefined) {
  const [Loaded, setLoaded] = useState(() => {
    if (source.Loaded === null) source.preload();
    return source.Loaded;
  });
  const [attempt, setAttempt] = useState(0);
  const [lostAttempt, setLostAttempt] = useState(-1);
  const lost = useEffectEvent(() => {
    setLostAttempt(attempt);
    onLost();
  });
  const isThere = Loaded !== null;
  useEffect(() => {
    if (isThere) return;
    let isOver = false;
    source.load().then(
      (component) => isOver || setLoaded(() => component),
      () => isOver || lost(),
    );
    return () => {
      isOver = true;
    };
  }, [source, isThere, attempt]);
  return { Loaded, isLost: !isThere && lostAttempt === attempt, again: () => setAttempt(attempt + 1) };
}

/** A sheet that is loaded when it is opened. If its code does not come, it closes, and the next press asks again. */
export function lazySheet<Name extends string, Props extends { onClose: () => void }>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
  ...texts: TextPart[]
): LazyPart<Props> {
  const source = sourceOf(load, name, texts);
  function LazySheet(props: Props) {
    const { t } = useTranslation();
    const { Loaded } = useSource(source, () => {
      const reload = { name: t("action.reload"), run: () => location.reload() };
      showToast(t("part.lost"), source.needsReload ? reload : undefined);
      props.onClose();
    });
    return Loaded === null ? null : <Loaded {...props} />;
  }
  return Object.assign(LazySheet, { preload: source.preload });
}

interface PlaceOptions {
  readonly texts?: readonly TextPart[];
  /** The content while the code is loaded. */
  readonly waiting?: ReactNode;
}

/**
 * A part of a page that is loaded when it is shown. If its code does not come, its place says so and has a button to
 * ask again.
 */
export function lazyPart<Name extends string, Props extends object>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
  { texts = [], waiting = null }: PlaceOptions = {},
): LazyPart<Props> {
  const source = sourceOf(load, name, texts);
  function InPage(props: Props) {
    const { t } = useTranslation();
    const { Loaded, isLost, again } = useSource(source);
    if (Loaded !== null) return <Loaded {...props} />;
    if (!isLost) return waiting;
    return (
      <div role="alert" className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-sm text-soft">
        {t("part.lost")}
        <Button onPress={() => (source.needsReload ? location.reload() : again())}>
          {t(source.needsReload ? "action.reload" : "action.retry")}
        </Button>
      </div>
    );
  }
  return Object.assign(InPage, { preload: source.preload });
}

const frameRetryMs = 10_000;

/** A part of the frame round every page: where its code does not come, its place waits, and it is asked for again. */
export function lazyFrame<Name extends string, Props extends object>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
  { texts = [], waiting = null }: PlaceOptions = {},
): LazyPart<Props> {
  const source = sourceOf(load, name, texts);
  function InFrame(props: Props) {
    const { Loaded, isLost, again } = useSource(source);
    const retry = useEffectEvent(again);
    useEffect(() => {
      if (!isLost) return;
      const timer = setTimeout(() => retry(), frameRetryMs);
      const unwatch = watchConnection(() => isOnline() && retry());
      return () => {
        clearTimeout(timer);
        unwatch();
      };
    }, [isLost]);
    return Loaded === null ? waiting : <Loaded {...props} />;
  }
  return Object.assign(InFrame, { preload: source.preload });
}
