import type { Contract } from "#kernel";

/** The names of the services that store data of users. The deletion of an account ends when each has confirmed it. */
export const userDataHolders = (services: readonly Contract[]): string[] =>
  services.filter(({ holdsUserData }) => holdsUserData).map(({ name }) => name);
