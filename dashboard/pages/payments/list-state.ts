/**
 * The rows of the list and how they change while somebody reads them. Pure: no requests, no
 * signals. Rows are newest first; ids are time-sortable, so their order is the rows' order.
 */
import type { DashboardList, DashboardPayment } from "../../../shared/api.ts";

export interface ListState {
  readonly rows: readonly DashboardPayment[];
  /** New payments that wait for the reader to look up, newest first. */
  readonly incoming: readonly DashboardPayment[];
  readonly hasMore: boolean;
  /** More came in than one page tells, so the rows no longer join up: read from the top. */
  readonly gap: boolean;
  /** Rows that came or changed while somebody looked on: shown with a passing light. */
  readonly fresh: ReadonlySet<string>;
}

/** `hold` keeps new rows back while the reader is among the rows (scrolled, pointing, typing). */
export type Arrival = "show" | "hold";

export function firstPage(page: DashboardList): ListState {
  return { rows: page.data, incoming: [], hasMore: page.hasMore, gap: false, fresh: new Set() };
}

/** Adds the next older page; what is known already stays once. */
export function withOlderPage(state: ListState, page: DashboardList): ListState {
  const known = idsOf(state.rows);
  const older = page.data.filter(({ id }) => !known.has(id));
  return { ...state, rows: [...state.rows, ...older], hasMore: page.hasMore };
}

/** Takes the newer version of a row where it stands; a row never moves or leaves by changing. */
export function withPayment(state: ListState, payment: DashboardPayment): ListState {
  if (!isNews(state, payment.id, payment.version) || !holds(state, payment.id)) return state;
  const replace = (row: DashboardPayment) => (row.id === payment.id ? payment : row);
  return {
    ...state,
    rows: state.rows.map(replace),
    incoming: state.incoming.map(replace),
    fresh: new Set([...state.fresh, payment.id]),
  };
}

/** Takes a fresh first page: known rows in their newer version, unknown ones as arrivals. */
export function withFreshPage(state: ListState, page: DashboardList, arrival: Arrival): ListState {
  if (state.rows.length === 0 && state.incoming.length === 0) {
    return arrival === "show" || page.data.length === 0
      ? firstPage(page)
      : { ...state, incoming: page.data, hasMore: page.hasMore };
  }
  const known = idsOf([...state.rows, ...state.incoming]);
  const joins = page.data.some(({ id }) => known.has(id)) || !page.hasMore;
  const updated = page.data.filter(({ id }) => known.has(id)).reduce(withPayment, state);
  const arrived = page.data.filter(({ id }) => !known.has(id));
  const next = {
    ...updated,
    incoming: newestFirst([...arrived, ...updated.incoming]),
    gap: state.gap || !joins,
  };
  return arrival === "show" && !next.gap ? withIncomingShown(next) : next;
}

/** Puts the arrivals among the rows. With a gap the caller reads the list anew instead. */
export function withIncomingShown(state: ListState): ListState {
  if (state.incoming.length === 0) return state;
  return {
    ...state,
    rows: newestFirst([...state.incoming, ...state.rows]),
    incoming: [],
    fresh: idsOf(state.incoming),
  };
}

export function holds(state: ListState, id: string): boolean {
  return [...state.rows, ...state.incoming].some((row) => row.id === id);
}

/** Whether a nudge is news for this list. */
export function isNews(state: ListState, id: string, version: number): boolean {
  const row = [...state.rows, ...state.incoming].find((known) => known.id === id);
  return row === undefined || row.version < version;
}

function idsOf(rows: readonly DashboardPayment[]): ReadonlySet<string> {
  return new Set(rows.map(({ id }) => id));
}

function newestFirst(rows: readonly DashboardPayment[]): readonly DashboardPayment[] {
  return [...rows].sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
}
