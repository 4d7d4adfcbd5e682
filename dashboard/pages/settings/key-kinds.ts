/** The kinds of key in the order in which a shop needs them. */
import type { KeyView } from "../../../shared/settings-api.ts";

export const KIND_ORDER: readonly KeyView["kind"][] = ["secret", "publishable", "signing"];
