/** How much a person may keep of the list's filters; apart from the contract, since pages read it. */

/** More would be looked for longer than a filter is set anew. */
export const VIEWS_MAX = 30;
export const VIEW_NAME_MAX = 60;
/** A filter with every field filled stays well below; only long texts in other scripts do not. */
export const VIEW_QUERY_MAX = 500;
