/** The name of a service in a registry that others use too. */
export const nameIn = (service: string): string => `kinora-${service}`;

/** All names under which an instance of a service registers. @param patterns such as `{service}-service` */
export const registeredNames = (service: string, patterns: readonly string[]): string[] => [
  nameIn(service),
  ...patterns.map((pattern) => pattern.replaceAll("{service}", service)),
];
