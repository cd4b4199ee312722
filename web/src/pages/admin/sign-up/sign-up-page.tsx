import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { instanceQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { RulesForm } from "./rules-form.tsx";

const rulesQuery = queryOptions({
  queryKey: keyOf("registration"),
  queryFn: ({ signal }) => ask("auth.registration", { signal }),
  staleTime: 0,
});

/** How people sign up. */
export function SignUpPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.signUp")}>
      <Rules />
    </AdminFrame>
  );
}

function Rules() {
  const rules = useQuery(rulesQuery);
  const instance = useQuery(instanceQuery);
  if (rules.data === undefined)
    return rules.isError ? <LoadFailed query={rules} /> : <Skeleton className="h-96 w-full rounded-2xl" />;
  return <RulesForm rules={rules.data} hasMail={instance.data?.features.includes("mail") === true} />;
}
