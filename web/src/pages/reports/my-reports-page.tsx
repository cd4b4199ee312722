import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Decision, Report } from "#base/api/types.ts";
import { formatAgo, formatDate } from "#base/format/format.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { charactersIn } from "#base/text/characters.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { ErrorState, Problem, useErrorText, State } from "#base/ui/states/states.tsx";
import { myDecisionsQuery, myReportsQuery } from "#parts/report/queries.ts";
import { excerptText } from "#parts/report/server-words.ts";
import { NotFoundPage } from "#parts/shell/not-found-page.tsx";
import { Pages } from "#pages/admin/frame/pages.tsx";

/** The user's reports with their outcomes, and decisions about the user. */
export function MyReportsPage() {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(t("mine.title"));
  const reports = useInfiniteQuery({ ...myReportsQuery, enabled: me != null });
  const decisions = useInfiniteQuery({ ...myDecisionsQuery, enabled: me != null });
  const [appealing, setAppealing] = useState<Decision | null>(null);
  if (me === null) return <NotFoundPage />;
  const failed = reports.error ?? decisions.error;
  if (failed !== null)
    return <ErrorState error={failed} onRetry={() => void Promise.all([reports.refetch(), decisions.refetch()])} />;
  return (
    <div className="mx-auto flex max-w-2xl flex-col gap-6 px-4 py-4 sm:px-8 sm:py-10">
      <h1 className="text-2xl font-semibold">{t("mine.title")}</h1>
      <section>
        <h2 className="mb-3 text-base font-semibold">{t("mine.decisions")}</h2>
        <Pages
          query={decisions}
          none={
            <State
              isPart
              drawing={<ShelfDrawing />}
              title={t("mine.decisions.none")}
              text={t("mine.decisions.none.text")}
            />
          }
        >
          {(decision) => <DecisionRow key={decision.id} decision={decision} onAppeal={() => setAppealing(decision)} />}
        </Pages>
      </section>
      {/* It comes after what is above it, which would move it. */}
      {!decisions.isPending && (
        <section>
          <h2 className="mb-3 text-base font-semibold">{t("mine.reports")}</h2>
          <Pages
            query={reports}
            none={
              <State
                isPart
                drawing={<ShelfDrawing />}
                title={t("mine.reports.none")}
                text={t("mine.reports.none.text")}
              />
            }
          >
            {(report) => <ReportRow key={report.id} report={report} />}
          </Pages>
        </section>
      )}
      {appealing !== null && <AppealSheet decision={appealing} onClose={() => setAppealing(null)} />}
    </div>
  );
}

function ReportRow({ report }: { report: Report }) {
  const { t, i18n } = useTranslation();
  return (
    <li className="rounded-xl bg-surface p-4">
      <p className="font-medium">
        {t(`kind.${report.kind}`)} · {t(`reason.${report.reason}`)}
      </p>
      <p className="text-sm text-soft">
        {formatAgo(Date.parse(report.created_at), Date.now(), i18n.language)} ·{" "}
        {t(report.action === null ? "outcome.open" : `outcome.${report.action}`)}
      </p>
      {report.note !== "" && <p className="mt-2 text-sm break-words">{t("mine.note", { note: report.note })}</p>}
    </li>
  );
}

function DecisionRow({ decision, onAppeal }: { decision: Decision; onAppeal: () => void }) {
  const { t, i18n } = useTranslation();
  const { appeal } = decision;
  const excerpt = excerptText(decision, textsOf(i18n.language));
  const until = decision.until === null ? null : formatDate(Date.parse(decision.until), i18n.language);
  return (
    <li className="flex flex-col items-start gap-2 rounded-xl bg-surface p-4">
      <p className="font-medium">
        {t(`kind.${decision.kind}`)} · {t(`outcome.${decision.action}`)}
        {until !== null && ` ${t("outcome.until", { date: until })}`}
      </p>
      {excerpt !== "" && <p className="line-clamp-3 text-sm break-words text-soft">{excerpt}</p>}
      {decision.note !== "" && <p className="text-sm break-words">{t("mine.note", { note: decision.note })}</p>}
      {decision.rule !== "" && <p className="text-sm break-words">{t("mine.rule", { rule: decision.rule })}</p>}
      {appeal !== null && (
        <p className="text-sm text-soft">
          {t(`mine.appeal.${appeal.state}`)} {appeal.answer}
        </p>
      )}
      {appeal === null && decision.action !== "dismiss" && <Button onPress={onAppeal}>{t("mine.appeal")}</Button>}
    </li>
  );
}

const appealMax = 2_000;

function AppealSheet({ decision, onClose }: { decision: Decision; onClose: () => void }) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const send = async () => {
    try {
      await ask("moderation.appeal", { body: { case_id: decision.id, text } });
      await invalidate(myDecisionsQuery.queryKey);
      onClose();
    } catch (thrown) {
      setProblem(textOf(thrown));
    }
  };
  return (
    <Sheet title={t("mine.appeal")} isOpen onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Field
          label={t("mine.appeal.text")}
          rows={4}
          value={text}
          onChange={setText}
          charactersMax={appealMax}
          autoFocus
        />
        {problem !== null && <Problem>{problem}</Problem>}
        <Button
          look="main"
          isDisabled={text.trim() === "" || charactersIn(text) > appealMax}
          onPress={() => void send()}
        >
          {t("mine.appeal.send")}
        </Button>
      </div>
    </Sheet>
  );
}
