/** How a merchant's checkout looks: its name, its colour, and its logo with the picture itself. */

import { and, eq, sql } from "drizzle-orm";
import type { LogoType } from "../../shared/brand-rules.ts";
import type { BrandStore } from "../ports.ts";
import type { AuditChain } from "./audit-chain.ts";
import { type Engine, must, run, type Template } from "./engine.ts";
import { setSlots, slot } from "./slots.ts";
import type { Tables } from "./tables.ts";

const LOOK = ["name", "accent"] as const;
const LOGO = ["logoHash", "logoType", "logoBase64"] as const;

/** The version that was read guards the write. */
function replace(columns: readonly ((typeof LOOK)[number] | (typeof LOGO)[number])[]): Template {
  return (db, t) =>
    db
      .update(t.merchants)
      .set({
        ...setSlots(t.merchants, columns),
        brandVersion: sql`${t.merchants.brandVersion} + 1`,
      })
      .where(and(eq(t.merchants.id, slot("id")), eq(t.merchants.brandVersion, slot("was"))))
      .returning({ id: t.merchants.id });
}
const replaceLook = replace(LOOK);
const replaceAll = replace([...LOOK, ...LOGO]);

const readLogo: Template<{ type: LogoType | null; base64: string | null }[]> = (db, t) =>
  db
    .select({ type: t.merchants.logoType, base64: t.merchants.logoBase64 })
    .from(t.merchants)
    .where(eq(t.merchants.logoHash, slot("hash")))
    .limit(1);

/** The columns of a merchant that has set nothing of its own yet. */
export const NO_BRAND = {
  accent: null,
  logoHash: null,
  logoType: null,
  logoBase64: null,
  brandVersion: 1,
  promptLimits: null,
  limitsVersion: 1,
  retentionDays: null,
  retentionVersion: 1,
} as const satisfies Partial<Tables["merchants"]["$inferSelect"]>;

export function createBrandStore(engine: Engine, chain: AuditChain): BrandStore {
  return {
    async setBrand(id, { name, accent, logo }, was, audit) {
      const look = { id, was, name, accent };
      const [logoHash, logoType, logoBase64] =
        typeof logo === "string" ? [null, null, null] : [logo.hash, logo.type, logo.base64];
      const change =
        logo === "keep"
          ? run(replaceLook, look)
          : run(replaceAll, { ...look, logoHash, logoType, logoBase64 });
      return (await chain.commit([must("version", change)], audit)).ok;
    },
    async logoByHash(hash) {
      const [row] = await engine.read(readLogo, { hash });
      if (row === undefined || row.type === null || row.base64 === null) return null;
      return { hash, type: row.type, base64: row.base64 };
    },
  };
}
