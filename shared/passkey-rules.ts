/** What of second factors and passkeys the pages and the server agree on; apart from the contract, since pages read it. */

/** What can be asked after the password. Recovery codes stand in for each. */
export const FACTOR_KINDS = ["app", "passkey"] as const;
export type FactorKind = (typeof FACTOR_KINDS)[number];

/** More than anybody has devices; a list that long is not looked through any more. */
export const PASSKEYS_MAX = 10;
export const PASSKEY_NAME_MAX = 60;
