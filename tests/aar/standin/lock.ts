/**
 * Resolves the stand-in's image: `deno run -A tests/aar/standin/lock.ts`.
 *
 * @module
 */
import { join } from "node:path";
import { denoHost } from "../../../engine/deno_host.ts";
import { readLockFile, resolveDebian, writePackagesLock } from "../../../engine/lock/mod.ts";
import { LOCK_FILE, packagesLockPath } from "../../../recipes/project.ts";
import { REPOSITORY } from "../../fixtures/mini_engine.ts";
import { AAR_STANDIN } from "./image.ts";

const host = denoHost();
const { archives } = await readLockFile(host, join(REPOSITORY, LOCK_FILE));
const folder = Deno.makeTempDirSync({ prefix: "vkforge-lock-" });
const packages = await resolveDebian({ requested: AAR_STANDIN.requested, archives }, { host, folder });
const requested = Object.fromEntries(
  Object.entries(AAR_STANDIN.requested).map(([archive, names]) => [archive, [...names]]),
);
writePackagesLock(host, packagesLockPath(REPOSITORY, AAR_STANDIN), { schema: 1, requested, packages });
Deno.removeSync(folder, { recursive: true });
