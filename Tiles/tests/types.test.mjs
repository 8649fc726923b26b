// The JSDoc types of the client, checked by TypeScript's compiler where it is installed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";

const config = fileURLToPath(new URL("../jsconfig.json", import.meta.url));
const version = spawnSync("tsc", ["--version"], { encoding: "utf8" });

test("the types hold", { skip: version.error ? "tsc is not installed" : false }, () => {
  const { stdout, status } = spawnSync("tsc", ["-p", config], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
