import type { User } from "#base/api/types.ts";
import { Invitations } from "#parts/invitations/invitations.tsx";

/** The invitations of the viewer. */
export const InvitationsPart = ({ me }: { me: User }) => <Invitations me={me} />;
