/** The path that providers send browsers back to, behind the address of the instance. */
export const callbackPath = "/api/v1/auth/oidc/callback";
