/** The secrets of a drill: known to all, so that finding one anywhere is proof. */

/** LIPIA_SECRET: 32 bytes, hex. */
export const DRILL_SECRET = "c0ffee11".repeat(8);

export const OWNER = {
  email: "owner@drill.co.ke",
  password: "canary pass phrase of the owner",
} as const;

/** Credentials of the sandbox kind. */
export const DRILL_APP = {
  consumerKey: "canaryConsumerKeyK3yK3yK3yK3y",
  consumerSecret: "canaryConsumerSecretS3cr3tS3cr3t",
  shortcode: "654321",
  passkey: "canaryPasskey0123456789abcdef0123456789abcdef0123456789abcdef01",
} as const;
