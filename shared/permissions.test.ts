import { describe, expect, it } from "vitest";
import { may, mayManage, PERMISSIONS, rolesThatMay, USER_ROLES } from "./permissions.ts";

describe("permissions", () => {
  it("grow with the role: whoever stands higher may all that the lower may", () => {
    for (const permission of PERMISSIONS) {
      const granted = USER_ROLES.filter((role) => may(role, permission));
      expect(granted, permission).toEqual(USER_ROLES.slice(0, granted.length));
      expect(rolesThatMay(permission), permission).toEqual(granted);
      expect(granted, permission).toContain("owner");
    }
  });

  it("let a viewer look and take nothing of it in hand", () => {
    expect(PERMISSIONS.filter((permission) => may("viewer", permission))).toEqual([
      "see_payments",
      "export_payments",
      "see_settings",
    ]);
  });

  it("keep keys, settings and people from operators", () => {
    expect(PERMISSIONS.filter((one) => may("operator", one) && !may("viewer", one))).toEqual([
      "act_on_payments",
      "write_notes",
      "read_messages",
    ]);
  });
});

describe("giving a role", () => {
  const managed = (role: (typeof USER_ROLES)[number]) =>
    USER_ROLES.filter((given) => mayManage(role, given));

  it("never reaches above one's own", () => {
    expect(managed("owner")).toEqual(["owner", "manager", "operator", "viewer"]);
    expect(managed("manager")).toEqual(["manager", "operator", "viewer"]);
  });

  it("is not for operators and viewers at all", () => {
    expect([...managed("operator"), ...managed("viewer")]).toEqual([]);
  });
});
