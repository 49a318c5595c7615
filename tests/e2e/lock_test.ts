import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cli, type CliRun, documentOf } from "./_cli.ts";
import { Checkout } from "./_checkout.ts";

const LOCK = "vkforge.lock.json";
const IMAGE = "docker/vulkan-sdk/image.ts";
const IMAGE_LOCK = "docker/vulkan-sdk/packages.lock.json";
const SANDBOX_LOCK = "docker/bubblewrap/packages.lock.json";

let checkout: Checkout;

async function plan(): Promise<CliRun> {
  return await cli(["plan", "--json"], { repository: checkout.root, store: `${checkout.root}/store` });
}

/** Exit 3 and an error that is the same for people and for programs. */
function expectRefusal(run: CliRun, code: string, message: string, hint: string): void {
  expect(run.code).toBe(3);
  const { ok, error } = documentOf(run);
  expect({ ok, code: error.code }).toEqual({ ok: false, code });
  expect(error.message).toContain(message);
  expect(error.hint).toContain(hint);
  expect(run.stderr).toContain(`error: ${error.message}\n`);
  expect(run.stderr).toContain("  hint: ");
}

describe("locks", () => {
  // One copy: to Deno each is a new program, which it has to compile.
  beforeAll(() => {
    checkout = new Checkout();
  });

  afterEach(() => {
    for (const path of [LOCK, IMAGE_LOCK, SANDBOX_LOCK, IMAGE]) checkout.restore(path);
    expect([...Deno.readDirSync(checkout.root)].map(({ name }) => name)).not.toContain("store");
  });

  afterAll(() => checkout[Symbol.dispose]());

  it.each([LOCK, IMAGE_LOCK, SANDBOX_LOCK])("%s missing", async (path: string) => {
    Deno.removeSync(checkout.path(path));
    expectRefusal(
      await plan(),
      "lock-missing",
      `Cannot find the lock file "${checkout.path(path)}"`,
      path === LOCK ? "Restore it from version control" : "make it anew with `deno task lock`",
    );
  });

  it.each([LOCK, IMAGE_LOCK])("%s not JSON", async (path: string) => {
    checkout.write(path, checkout.read(path).slice(0, 300));
    expectRefusal(await plan(), "lock-malformed", "it is not JSON", "Restore it from version control");
  });

  it("empty", async () => {
    checkout.write(LOCK, "");
    expectRefusal(await plan(), "lock-malformed", "it is not JSON", "Restore it from version control");
  });

  it("with the conflict markers of a merge", async () => {
    const text = checkout.read(LOCK);
    checkout.write(LOCK, `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> other\n`);
    expectRefusal(await plan(), "lock-malformed", "conflict markers of a merge", "Restore it");
  });

  it.each([LOCK, IMAGE_LOCK])("%s of a later schema", async (path: string) => {
    checkout.edit(path, (lock) => lock.schema = 99);
    expectRefusal(
      await plan(),
      "lock-malformed",
      "it has schema 99, this version knows schema 1",
      "the version of",
    );
  });

  it("without a schema", async () => {
    checkout.edit(LOCK, (lock) => delete lock.schema);
    expectRefusal(await plan(), "lock-malformed", "schema is missing, expected 1", "Restore it");
  });

  it.each([
    ["sources.pytorch.sha256", "abc", 'sources.pytorch.sha256 is "abc"'],
    ["sources.pytorch.kind", "ftp", 'sources.pytorch.kind is "ftp"'],
    ["sources.pytorch.colour", "red", 'has the unknown member "colour"'],
    ["sources.pytorch.path", "pool/../../x", 'sources.pytorch.path is "pool/../../x"'],
    ["archives.bookworm.url", "ext::sh", 'archives.bookworm.url is "ext::sh"'],
  ])("with a wrong %s", async (member: string, value: string, message: string) => {
    const [group = "", name = "", key = ""] = member.split(".");
    checkout.edit(LOCK, (lock) => lock[group][name][key] = value);
    expectRefusal(await plan(), "lock-malformed", message, "Restore it from version control");
  });

  it("without a source that a recipe needs", async () => {
    checkout.edit(LOCK, (lock) => delete lock.sources.swiftshader);
    expectRefusal(await plan(), "lock-stale", 'The lock has no source "swiftshader"', "from version control");
  });

  it("of packages, when the image asks for more", async () => {
    checkout.write(IMAGE, checkout.read(IMAGE).replace('"bash",', '"bash",\n      "cowsay",'));
    expectRefusal(
      await plan(),
      "lock-stale",
      '"cowsay" from "bookworm" is asked for, but not locked',
      "deno task lock",
    );
  });

  it("of packages, when the image asks for less", async () => {
    checkout.write(IMAGE, checkout.read(IMAGE).replace('"brotli",', ""));
    expectRefusal(
      await plan(),
      "lock-stale",
      '"brotli" from "bookworm" is locked, but not asked for',
      "deno task lock",
    );
  });
});
