import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { instanceQuery, queryClient } from "../api/queries.ts";
import { Choice } from "../ui/choice.tsx";
import { useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { AdminFrame } from "./admin-frame.tsx";
import { decodersQuery } from "./decoders-query.ts";

const parts = ["accounts", "videos", "words", "audit", "deletions", "storage", "media"] as const;
const modes = ["open", "approval", "closed"] as const;

/** The state of the instance, and its registration. */
export function OverviewPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.title")}>
      <DecoderFaults />
      <ul className="grid gap-3 sm:grid-cols-2">
        <li>
          <Card to="/moderation" title={t("cases.title")} text={t("admin.overview.queue")} />
        </li>
        {parts.map((part) => (
          <li key={part}>
            <Card to={`/admin/${part}`} title={t(`admin.${part}`)} text={t(`admin.overview.${part}`)} />
          </li>
        ))}
      </ul>
      <section className="rounded-2xl bg-surface p-4 sm:p-6">
        <Joining />
      </section>
    </AdminFrame>
  );
}

/** The known faults of FFmpeg, where it has some: files of strangers reach them. */
function DecoderFaults() {
  const { t } = useTranslation();
  const { version, faults } = useQuery(decodersQuery).data ?? {};
  if (version == null || faults?.state !== "known") return null;
  return (
    <Link
      to="/admin/media"
      className="flex items-start gap-3 rounded-2xl bg-surface p-4 transition-colors hover:bg-raised"
    >
      <CircleAlert size={20} aria-hidden className="mt-0.5 shrink-0 text-bad" />
      <span className="min-w-0">
        <span className="block font-semibold">{t("admin.faults", { version })}</span>
        <span className="block text-sm text-soft">{t("admin.faults.remedy", { says: faults.says })}</span>
      </span>
    </Link>
  );
}

function Card({
  to,
  title,
  text,
}: {
  to: "/moderation" | `/admin/${(typeof parts)[number]}`;
  title: string;
  text: string;
}) {
  return (
    <Link to={to} className="block h-full rounded-2xl bg-surface p-4 transition-colors hover:bg-raised">
      <span className="block font-semibold">{title}</span>
      <span className="block text-sm text-soft">{text}</span>
    </Link>
  );
}

function Joining() {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const { data } = useQuery({ ...instanceQuery, staleTime: 0 });
  if (data === undefined) return <div aria-busy className="skeleton h-40 w-full rounded-xl" />;
  const change = async (registration: (typeof modes)[number]) => {
    try {
      await ask("auth.setRegistration", { body: { registration } });
      showToast(t("admin.saved"));
    } catch (thrown) {
      showToast(textOf(thrown));
    }
    await queryClient.invalidateQueries({ queryKey: instanceQuery.queryKey });
  };
  return (
    <Choice
      label={t("admin.registration")}
      value={data.registration}
      onChange={(mode) => void change(mode)}
      options={modes.map((value) => ({
        value,
        name: t(`admin.registration.${value}`),
        text: t(`admin.registration.${value}.text`),
      }))}
    />
  );
}
