import { useQuery } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { sessionsQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { OpenSession } from "#base/api/types.ts";
import { formatAgo } from "#base/format/format.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { deviceOf } from "#base/format/device.ts";
import { Badge, joinFacts, Panel, Row, RowsSkeleton } from "./panel.tsx";

/** The viewer's sessions, this one first, and the way to end the others. */
export function SessionsPart() {
  const { t } = useTranslation();
  const query = useQuery(sessionsQuery);
  const { run, input, problem } = useAction(
    async (_what: string, work: () => Promise<string>) => showToast(await work()),
    { changes: [keyOf("sessions")] },
  );
  const busy = input?.[0];
  const endOne = (id: string) =>
    run(id, async () => {
      await ask("auth.endSession", { path: { id } });
      return t("settings.sessions.ended");
    });
  const endOthers = () =>
    run("others", async () => {
      const { count } = await ask("auth.endOthers", {});
      return t("settings.sessions.endedOthers", { count });
    });
  const sessions = query.data?.list.toSorted((a, b) => Number(b.is_current) - Number(a.is_current)) ?? [];
  return (
    <Panel
      title={t("settings.sessions")}
      end={
        sessions.length > 1 && (
          <Button
            look="ghost"
            className="-me-3.5 text-bad!"
            isBusy={busy === "others"}
            isDisabled={busy !== undefined}
            onPress={() => void endOthers()}
          >
            {t("security.sessions.endOthers")}
          </Button>
        )
      }
    >
      {query.isError && query.data === undefined ? (
        <LoadFailed query={query} />
      ) : query.data === undefined ? (
        <RowsSkeleton rows={2} />
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {sessions.map((session) => (
            <li key={session.id}>
              <SessionRow session={session} busy={busy} onEnd={() => void endOne(session.id)} />
            </li>
          ))}
        </ul>
      )}
      {problem !== null && (
        <div className="p-3">
          <Problem>{problem}</Problem>
        </div>
      )}
    </Panel>
  );
}

interface SessionRowProps {
  session: OpenSession;
  /** The row whose session is being ended. */
  busy: string | undefined;
  onEnd: () => void;
}

function SessionRow({ session, busy, onEnd }: SessionRowProps) {
  const { t, i18n } = useTranslation();
  const { id, agent, origin, methods, is_current: isHere, is_new_device: isNew, used_at: usedAt } = session;
  const { name, isPhone } = deviceOf(agent);
  const Icon = isPhone ? Smartphone : Monitor;
  const proofs = methods.map((method) => t(`security.method.${method}`)).join(t("security.comma"));
  return (
    <Row
      icon={<Icon size={20} aria-hidden />}
      title={
        <>
          <span className="max-w-full truncate" title={agent}>
            {name || t("settings.sessions.unknown")}
          </span>
          {isNew && !isHere && <Badge tone="warn">{t("security.sessions.new")}</Badge>}
        </>
      }
      text={joinFacts(
        isHere ? t("settings.sessions.here") : formatAgo(Date.parse(usedAt), Date.now(), i18n.language),
        origin !== "native" && t(`security.origin.${origin}`),
        proofs,
      )}
      end={
        isHere ? (
          <Badge tone="good">{t("security.sessions.active")}</Badge>
        ) : (
          <Button isBusy={busy === id} isDisabled={busy !== undefined} onPress={onEnd}>
            {t("settings.sessions.end")}
          </Button>
        )
      }
    />
  );
}
