import type { Contract } from "#kernel";

/** The names of the services that store something of users: the deletion of an account is over when each has published it. */
export const userDataHolders = (services: readonly Contract[]): string[] =>
  services.filter(({ holdsUserData }) => holdsUserData).map(({ name }) => name);
