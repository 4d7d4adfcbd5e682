/** Where the package lies, both when tsx runs the sources and when node runs dist/. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE_NAME = "lipia";

/**
 * The folder that holds our package.json, found by walking up from this file.
 * Throws when there is none: then the installation is damaged.
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isOurs(folder)) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Error("no package.json of lipia lies above this file; install Lipia again");
    }
    folder = parent;
  }
  return folder;
}

function isOurs(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return (
      typeof manifest === "object" &&
      manifest !== null &&
      "name" in manifest &&
      manifest.name === PACKAGE_NAME
    );
  } catch {
    return false;
  }
}
