/**
 * `npm run migrations -- NAME`: writes the next migration of both dialects from server/db/tables.ts.
 * NAME says what changes, for example `add_refunds`.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [name] = process.argv.slice(2);
if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error("Say what changes: npm run migrations -- add_refunds");
  process.exit(2);
}
for (const dialect of ["sqlite", "postgres"]) {
  const config = `--config=drizzle.${dialect}.config.ts`;
  const kit = fileURLToPath(new URL("../node_modules/drizzle-kit/bin.cjs", import.meta.url));
  const { status } = spawnSync(process.execPath, [kit, "generate", config, `--name=${name}`], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}
