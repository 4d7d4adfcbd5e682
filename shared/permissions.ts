/**
 * Who may do what in the dashboard: one table, asked by the server's guard, by the pages that hide
 * or disable a control, and by the test that tries every route with every role.
 */

/** From the most to the least: nobody gives or takes a role above their own. */
export const USER_ROLES = ["owner", "manager", "operator", "viewer"] as const;
export type UserRole = (typeof USER_ROLES)[number];

const EVERYBODY = USER_ROLES;
const STAFF: readonly UserRole[] = ["owner", "manager", "operator"];
const CHIEFS: readonly UserRole[] = ["owner", "manager"];
const OWNERS: readonly UserRole[] = ["owner"];

const GRANTS = {
  /** The list, one payment's story, and the figures made of them; phones stay masked. */
  see_payments: EVERYBODY,
  /** A file of what the list shows, phones masked as there. */
  export_payments: EVERYBODY,
  /** A file with whole phone numbers in it. */
  export_numbers: CHIEFS,
  /** Ask M-Pesa, prompt again, settle by hand what the machine allows. */
  act_on_payments: STAFF,
  write_notes: STAFF,
  /** M-Pesa's messages as they came, without numbers and secrets, and the evidence file. */
  read_messages: STAFF,
  see_settings: EVERYBODY,
  manage_keys: CHIEFS,
  manage_websites: CHIEFS,
  /** How often Lipia may prompt a customer. */
  manage_limits: OWNERS,
  /** Everything else in the settings. */
  manage_settings: CHIEFS,
  /** Add a merchant, pause it: where money goes is the owners' to say. */
  manage_merchants: OWNERS,
  /** Say from which amount two people decide by hand. */
  set_two_person_rule: OWNERS,
  see_people: CHIEFS,
  /** Invite, give another role, remove: people at or below one's own role. */
  manage_people: CHIEFS,
  /** Sign somebody else out everywhere. */
  end_sessions: OWNERS,
  read_audit_log: CHIEFS,
  /** Take a customer's number out of everything that is kept, for good. */
  erase_people: OWNERS,
} as const satisfies Readonly<Record<string, readonly UserRole[]>>;

export type Permission = keyof typeof GRANTS;
export const PERMISSIONS = Object.keys(GRANTS) as readonly Permission[];

/** The roles that have a permission, the highest first. */
export function rolesThatMay(permission: Permission): readonly UserRole[] {
  return GRANTS[permission];
}

export function may(role: UserRole, permission: Permission): boolean {
  return rolesThatMay(permission).includes(role);
}

/** May somebody with this role let `given` in, or change a person who is `given` now? */
export function mayManage(role: UserRole, given: UserRole): boolean {
  return may(role, "manage_people") && USER_ROLES.indexOf(given) >= USER_ROLES.indexOf(role);
}
