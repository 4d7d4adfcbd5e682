import { describe, expect, test } from "vitest";
import { findBrowser, type Machine } from "./browser.mjs";

/** A machine without any browser; `asked` records what was done to it, in order. */
function machine(changes: Partial<Machine> = {}): { machine: Machine; asked: string[] } {
  const asked: string[] = [];
  const bare: Machine = {
    wanted: undefined,
    systemBrowsers: () => [],
    ownBrowser: () => null,
    launch: async () => null,
    download: async () => false,
    packageInstall: () => null,
    mayInstall: async () => true,
    install: async () => true,
  };
  const whole = { ...bare, ...changes };
  return {
    asked,
    machine: {
      ...whole,
      launch: (path) => {
        asked.push(`launch ${path}`);
        return whole.launch(path);
      },
      download: () => {
        asked.push("download");
        return whole.download();
      },
      install: (command) => {
        asked.push(command);
        return whole.install(command);
      },
    },
  };
}

const everywhere = { systemBrowsers: () => ["/usr/bin/chromium"], ownBrowser: () => "/own/chrome" };

describe("the order in which a browser is looked for", () => {
  test("CHROMIUM_PATH goes before all others", async () => {
    const { machine: here, asked } = machine({ ...everywhere, wanted: "/mine" });
    expect(await findBrowser(here)).toEqual({
      kind: "found",
      path: "/mine",
      from: "CHROMIUM_PATH",
    });
    expect(asked).toEqual(["launch /mine"]);
  });

  test("a CHROMIUM_PATH that does not start is an error that says so, not another browser", async () => {
    const launch = async () => "no such file";
    const found = await findBrowser(machine({ ...everywhere, wanted: "/mine", launch }).machine);
    expect(found).toMatchObject({ kind: "none" });
    expect(found.kind === "none" && found.advice).toMatch(
      /CHROMIUM_PATH names \/mine.*no such file/,
    );
  });

  test("then the system's, before Playwright's own", async () => {
    const found = await findBrowser(machine(everywhere).machine);
    expect(found).toEqual({ kind: "found", path: "/usr/bin/chromium", from: "system" });
  });

  test("a system browser that does not start is passed over", async () => {
    const launch = async (path: string) => (path === "/usr/bin/chromium" ? "a stand-in" : null);
    const { machine: here, asked } = machine({ ...everywhere, launch });
    expect(await findBrowser(here)).toEqual({
      kind: "found",
      path: "/own/chrome",
      from: "playwright",
    });
    expect(asked).toEqual(["launch /usr/bin/chromium", "launch /own/chrome"]);
  });

  test("with none at all, Playwright downloads one", async () => {
    let downloaded = false;
    const { machine: here, asked } = machine({
      ownBrowser: () => (downloaded ? "/own/chrome" : null),
      download: async () => {
        downloaded = true;
        return true;
      },
    });
    expect(await findBrowser(here)).toEqual({
      kind: "found",
      path: "/own/chrome",
      from: "installed",
    });
    expect(asked).toEqual(["download", "launch /own/chrome"]);
  });

  test("where the download is out of reach, the package manager installs one", async () => {
    let installed = false;
    const { machine: here, asked } = machine({
      systemBrowsers: () => (installed ? ["/usr/bin/chromium"] : []),
      packageInstall: () => "apt-get install -y chromium",
      install: async () => {
        installed = true;
        return true;
      },
    });
    expect(await findBrowser(here)).toEqual({
      kind: "found",
      path: "/usr/bin/chromium",
      from: "installed",
    });
    expect(asked).toEqual(["download", "apt-get install -y chromium", "launch /usr/bin/chromium"]);
  });
});

describe("when no way leads to a browser", () => {
  test("nothing is installed without leave, and the answer says what to do", async () => {
    const { machine: here, asked } = machine({
      packageInstall: () => "apt-get install -y chromium",
      mayInstall: async () => false,
    });
    const found = await findBrowser(here);
    expect(asked).toEqual(["download"]);
    expect(found.kind === "none" && found.advice).toMatch(/Install Chromium.*CHROMIUM_PATH/s);
  });

  test("the answer names everything that was tried", async () => {
    const found = await findBrowser(
      machine({
        systemBrowsers: () => ["/usr/bin/chromium-browser"],
        launch: async () => "libnss3.so is missing",
        packageInstall: () => "dnf install -y chromium",
        install: async () => false,
      }).machine,
    );
    const advice = found.kind === "none" ? found.advice : "";
    expect(advice).toContain("/usr/bin/chromium-browser does not start: libnss3.so is missing");
    expect(advice).toContain("Playwright could not download");
    expect(advice).toContain("This failed: dnf install -y chromium");
  });
});
