/**
 * What happens when the disk is full: a clear error, nothing wrong in the store, and the same build succeeds once there
 * is room.
 *
 * @module
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { type EngineError, type Event, exitCodeOf } from "../../engine/mod.ts";
import { miniEngine, miniStep } from "../fixtures/mini_engine.ts";

const MIB = 2 ** 20;
const never = new AbortController().signal;
let folder: string;

/** Mounting needs root; elsewhere there is no disk of a chosen size. */
const canMount = Deno.uid() === 0 && tryMount();

describe.skipIf(!canMount)("on a disk that is too small (needs root and mount)", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-disk-" });
    mount("-t", "tmpfs", "-o", "size=8M", "tmpfs", folder);
  });

  afterEach(() => {
    run("umount", "--lazy", folder);
    Deno.removeSync(folder, { recursive: true });
  });

  // Rooms that end the assembling at different places: downloads, unpacking, laying out.
  for (const sizeMib of [2, 8, 14, 20]) {
    it(`an image is not assembled in ${sizeMib} MiB, and is once there is room`, async () => {
      resize(sizeMib * MIB);
      const { engine, image } = await miniEngine({ storeRoot: join(folder, "store") });
      const error = await failure(engine.image(image, never));
      expect([error.code, exitCodeOf(error)]).toEqual(["disk-full", 1]);
      expect(error.hint).toContain("Free some space");
      expect(engine.store.latest(`image/${image.name}`)).toBe(undefined);
      resize(512 * MIB);
      const next = await miniEngine({ storeRoot: join(folder, "store") });
      const step = miniStep(image, { name: "step", script: "bash --version > /out/out" });
      const made = await next.engine.build([step], never);
      expect(contentOf(join(next.engine.folderOf(made.get("step")!), "out"))).toContain("GNU bash");
      expect([...Deno.readDirSync(join(folder, "store", "tmp"))]).toEqual([]);
    });
  }

  it.each([
    ["output", "head -c 200M /dev/zero > /out/out"],
    ["work", "head -c 200M /dev/zero > /build/file; echo > /out/out"],
    ["log", "head -c 200M /dev/zero; echo > /out/out"],
  ])(
    "a step whose %s does not fit tells of it, keeps nothing, and succeeds once there is room",
    async (_what: string, script: string) => {
      resize(512 * MIB);
      const events: Event[] = [];
      const { engine, image } = await miniEngine({ storeRoot: join(folder, "store"), events });
      await engine.build([miniStep(image, { name: "first", script: "echo > /out/out" })], never);
      resize(usedBytes() + 16 * MIB);
      const step = miniStep(image, { name: "large", script });
      const error = await failure(engine.build([step], never));
      expect([error.code, exitCodeOf(error)]).toEqual(["disk-full", 1]);
      expect(error.hint).toContain("Free some space");
      expect([...Deno.readDirSync(join(folder, "store", "tmp"))]).toEqual([]);
      expect(engine.plan([step])[0]?.status).toBe("miss");
      resize(usedBytes() + 512 * MIB);
      const made = await engine.build([step], never);
      expect(made.get("large")?.tree.length).toBe(1);
    },
  );

  it("a store that cannot be made says why", async () => {
    Deno.writeFileSync(join(folder, "filler"), new Uint8Array(7 * MIB));
    resize(usedBytes());
    const error = await failure(miniEngine({ storeRoot: join(folder, "store") }));
    expect([error.code, error.message]).toEqual([
      "disk-full",
      expect.stringContaining("Cannot open the store"),
    ]);
  });
});

async function failure(work: Promise<unknown>): Promise<EngineError> {
  return await work.then(() => {
    throw new Error("it did not fail");
  }, (error) => error as EngineError);
}

function contentOf(path: string): string {
  return Deno.readTextFileSync(path);
}

function resize(sizeBytes: number): void {
  mount("-o", `remount,size=${Math.ceil(sizeBytes / 4096) * 4096}`, folder);
}

function usedBytes(): number {
  const { stdout } = new Deno.Command("df", { args: ["--output=used", "-B1", folder] }).outputSync();
  return Number(new TextDecoder().decode(stdout).trim().split("\n")[1]);
}

function tryMount(): boolean {
  const place = Deno.makeTempDirSync();
  try {
    mount("-t", "tmpfs", "tmpfs", place);
    run("umount", "--lazy", place);
    return true;
  } catch {
    return false;
  } finally {
    Deno.removeSync(place);
  }
}

function mount(...args: string[]): void {
  if (!run("mount", ...args)) throw new Error(`mount ${args.join(" ")} failed`);
}

function run(program: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(program, { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}
