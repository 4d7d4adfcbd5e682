/**
 * Who may call which route of the dashboard, one line each. A route without a line does not
 * compile, and what is not listed here is not served (dashboard-guard.ts).
 */
import type { DashboardRoute } from "../../shared/api.ts";
import type { Permission } from "../../shared/permissions.ts";

/** `everybody`: also who is not signed in. `signed_in`: what concerns only the person who asks. */
export type Entrance = "everybody" | "signed_in" | Permission;

export const ENTRANCES: Readonly<Record<DashboardRoute, Entrance>> = {
  dashboardSession: "signed_in",
  dashboardSignIn: "everybody",
  dashboardSignOut: "everybody",
  dashboardSetUp: "everybody",
  dashboardStepUp: "signed_in",
  dashboardSecurity: "signed_in",
  dashboardFactorBegin: "signed_in",
  dashboardFactorConfirm: "signed_in",
  dashboardFactorOff: "signed_in",
  dashboardRecoveryCodes: "signed_in",
  dashboardAudit: "read_audit_log",
  dashboardAuditVerify: "read_audit_log",
  dashboardSettings: "see_settings",
  dashboardOrigins: "manage_websites",
  dashboardNewKey: "manage_keys",
  dashboardRevokeKey: "manage_keys",
  dashboardBrand: "see_settings",
  dashboardChangeBrand: "manage_settings",
  dashboardPeople: "see_people",
  dashboardPersonRole: "manage_people",
  dashboardRemovePerson: "manage_people",
  dashboardSignPersonOut: "end_sessions",
  dashboardInvite: "manage_people",
  dashboardRevokeInvitation: "manage_people",
  dashboardReadInvitation: "everybody",
  dashboardJoin: "everybody",
  dashboardSessions: "signed_in",
  dashboardEndSession: "signed_in",
  dashboardEndOtherSessions: "signed_in",
  dashboardPassword: "signed_in",
  dashboardGoLive: "see_settings",
  dashboardTryCallback: "manage_settings",
  dashboardTryCredentials: "manage_settings",
  dashboardErase: "erase_people",
  dashboardHome: "see_payments",
  dashboardFailures: "see_payments",
  dashboardPayments: "see_payments",
  dashboardTotals: "see_payments",
  dashboardExport: "export_payments",
  dashboardExportNumbers: "export_numbers",
  dashboardViews: "signed_in",
  dashboardSaveView: "signed_in",
  dashboardDeleteView: "signed_in",
  dashboardPayment: "see_payments",
  dashboardAsk: "act_on_payments",
  dashboardPrompt: "act_on_payments",
  dashboardConfirm: "act_on_payments",
  dashboardFail: "act_on_payments",
  dashboardReverse: "act_on_payments",
  dashboardNote: "write_notes",
  dashboardMessages: "read_messages",
  dashboardEvidence: "read_messages",
};
