/** What opens Daraja for a further merchant, as it is sealed beside it. */
import { z } from "zod";
import type { Seal } from "./ports.ts";

const credentials = z.strictObject({
  consumerKey: z.string().min(1),
  consumerSecret: z.string().min(1),
  passkey: z.string().min(1),
});
export type Credentials = z.infer<typeof credentials>;

export function sealCredentials(seal: Seal, open: Credentials): string {
  const { consumerKey, consumerSecret, passkey } = open;
  return seal.seal(JSON.stringify({ consumerKey, consumerSecret, passkey }));
}

/** Null for what this secret does not open. */
export function openCredentials(seal: Seal, sealed: string): Credentials | null {
  try {
    return credentials.parse(JSON.parse(seal.open(sealed)));
  } catch {
    return null;
  }
}
