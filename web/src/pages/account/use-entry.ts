import { useNavigate } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { asFailure, type Failure } from "#base/api/request/failure.ts";
import type { SecondStep } from "#base/api/account.ts";
import type { User } from "#base/api/types.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { nextPath } from "../../../../src/policy/paths/next-path.ts";

interface EntryOptions {
  /** Welcomes the user on the next page, which is not a step of the same thing. */
  readonly greets?: boolean;
  /** The account that is known already. */
  readonly username?: string;
  /** The failure that the browser came back with from a provider; a second step goes on with it. */
  readonly arrival?: Failure | undefined;
  /** In place of the next page. */
  readonly onEntered?: () => void;
  /** The second step of a log-in, for accounts that have one. */
  readonly second?: {
    readonly byCode: (step: SecondStep) => Promise<User>;
    readonly byPasskey: (ticket: string) => Promise<User>;
  };
}

/** The second step that a failure asks for; null for other failures. */
function stepOf({ code, details }: Failure): { ticket: string; methods: readonly string[] } | null {
  const { ticket, methods } = details;
  if (code !== "auth.second_factor_needed" || typeof ticket !== "string") return null;
  return { ticket, methods: Array.isArray(methods) ? methods.map(String) : [] };
}

/**
 * The state shared by the forms for signing in and up: what is typed, what went wrong, and the page that follows.
 */
export function useEntry(
  enter: (username: string, password: string) => Promise<User>,
  next: unknown,
  { greets = true, username: knownUsername = "", arrival, onEntered, second }: EntryOptions = {},
) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const text = useErrorText();
  const [username, setUsername] = useState(knownUsername);
  const [password, setPassword] = useState("");
  const firstStep = arrival === undefined ? null : stepOf(arrival);
  const [failure, setFailure] = useState<Failure | null>(firstStep === null ? (arrival ?? null) : null);
  const [isMissed, setMissed] = useState(false);
  const [step, setStep] = useState(firstStep);

  const onFailure = (thrown: unknown) => {
    const refusal = asFailure(thrown);
    const nextStep = stepOf(refusal);
    if (nextStep === null) setFailure(refusal);
    else setStep(nextStep);
    // The first step has to be taken again.
    if (refusal.code === "auth.ticket_over") setStep(null);
  };
  const { run, isBusy } = useAction(
    async (begin: () => Promise<User>) => {
      setFailure(null);
      const user = await begin();
      if (greets) showToast(t("account.welcome", { name: user.nickname || user.username }));
      if (onEntered === undefined) await navigate({ href: nextPath(next) });
      else onEntered();
    },
    { onFailure },
  );
  const submit = () => run(() => enter(username.trim(), password));
  const trySubmit = () => {
    // A button that waits would not say what for.
    if (username.trim() === "" || password === "") setMissed(true);
    else void submit();
  };
  return {
    isBusy,
    failure,
    problemText: failure === null ? null : text(failure),
    /** Set while the second step is waited for. */
    secondStep:
      step === null || second === undefined
        ? null
        : {
            methods: step.methods,
            onCode: (code: string) => void run(() => second.byCode({ ticket: step.ticket, code })),
            onPasskey: () => void run(() => second.byPasskey(step.ticket)),
            onBack: () => {
              setStep(null);
              setFailure(null);
            },
          },
    /** Enters in another way than by the fields. */
    enterBy: (begin: () => Promise<User>) => void run(begin),
    submit: trySubmit,
    onSubmit: (event: SubmitEvent<HTMLFormElement>) => {
      event.preventDefault();
      trySubmit();
    },
    fields: {
      username,
      password,
      failure,
      isMissed,
      problemText: failure === null ? null : text(failure),
      onUsername: (value: string) => {
        setUsername(value);
        setFailure(null);
      },
      onPassword: (value: string) => {
        setPassword(value);
        setFailure(null);
      },
    },
  };
}
