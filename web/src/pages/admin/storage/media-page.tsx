import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Decoders, MediaFormat } from "#base/api/types.ts";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { decodersQuery } from "./decoders-query.ts";

const formatsQuery = queryOptions({
  queryKey: keyOf("formats"),
  queryFn: ({ signal }) => ask("media.formats", { signal }),
});

/** The decoders of uploaded files, their sandbox, and the accepted formats; for administrators. */
export function MediaPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("media.title")}>
      <Held />
    </AdminFrame>
  );
}

function Held() {
  const { t } = useTranslation();
  const decoders = useQuery(decodersQuery);
  const formats = useQuery(formatsQuery);
  const failed = decoders.error ?? formats.error;
  if (failed !== null) {
    const retry = () => void Promise.all([decoders.refetch(), formats.refetch()]);
    return <ErrorState error={failed} onRetry={retry} />;
  }
  if (decoders.data === undefined || formats.data === undefined) return <Shape />;
  const { list } = formats.data;
  return (
    <>
      <Part title={t("media.decoder")}>
        <Decoder decoders={decoders.data} />
      </Part>
      <Part title={t("media.containers")} text={t("media.formats.text")}>
        <Switches formats={list.filter(({ kind }) => kind === "container")} />
      </Part>
      <Part title={t("media.codecs")}>
        <Switches formats={list.filter(({ kind }) => kind === "codec")} />
      </Part>
    </>
  );
}

function Decoder({ decoders: { ffmpeg, version, faults, sandbox, allowed } }: { decoders: Decoders }) {
  const { t } = useTranslation();
  if (version === null)
    return (
      <Row isGood={false} title={t("media.none")}>
        {null}
      </Row>
    );
  return (
    <ul className="flex flex-col gap-2">
      <Row isGood={faults?.state !== "known"} title={`FFmpeg ${version}`}>
        <span className="block break-all">{ffmpeg}</span>
        {faults !== null && <span className="block">{t(`media.faults.${faults.state}`, { says: faults.says })}</span>}
      </Row>
      <Row isGood={allowed.length === 0} title={t(`media.sandbox.${sandbox}`)}>
        {allowed.length === 0 ? (
          t("media.allowed.none")
        ) : (
          <>
            {t("media.allowed")}
            <ul className="list-disc ps-5">
              {allowed.map((attempt) => (
                <li key={attempt}>{t(`media.allowed.${attempt}`)}</li>
              ))}
            </ul>
          </>
        )}
      </Row>
    </ul>
  );
}

function Row({ isGood, title, children }: { isGood: boolean; title: string; children: ReactNode }) {
  return (
    <li className="flex items-start gap-3 rounded-xl bg-surface p-4">
      {isGood ? (
        <CircleCheck size={20} aria-hidden className="mt-0.5 shrink-0 text-good" />
      ) : (
        <CircleAlert size={20} aria-hidden className="mt-0.5 shrink-0 text-bad" />
      )}
      <div className="min-w-0">
        <span className="block font-medium break-words">{title}</span>
        <div className="text-sm break-words text-soft">{children}</div>
      </div>
    </li>
  );
}

function Switches({ formats }: { formats: readonly MediaFormat[] }) {
  const change = useMutation({
    mutationFn: ({ kind, name, is_on }: MediaFormat) =>
      ask("media.switchFormat", { path: { kind, name }, body: { is_on } }),
    onSettled: () => invalidate(formatsQuery.queryKey),
  });
  return (
    <>
      {change.error !== null && <ErrorState error={change.error} />}
      <div className="grid gap-x-8 rounded-2xl bg-surface px-4 py-2 sm:grid-cols-2 sm:px-6">
        {formats.map((format) => (
          <Toggle
            key={format.name}
            label={format.name}
            isOn={format.is_on}
            onChange={(isOn) => change.mutate({ ...format, is_on: isOn })}
          />
        ))}
      </div>
    </>
  );
}

function Part({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-1 text-base font-semibold">{title}</h2>
      {text !== undefined && <p className="mb-3 text-sm text-soft">{text}</p>}
      {children}
    </section>
  );
}

function Shape() {
  return (
    <div className="flex flex-col gap-4" aria-busy>
      {[0, 1, 2].map((place) => (
        <Skeleton key={place} className="h-20 w-full rounded-xl" />
      ))}
    </div>
  );
}
