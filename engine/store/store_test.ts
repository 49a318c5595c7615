import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../deno_host.ts";
import { digestOf, type StepId } from "../digest.ts";
import type { EngineError } from "../error.ts";
import type { Host } from "../host.ts";
import { toTree, treeDigest } from "../tree/mod.ts";
import { faultyHost, filesBelow, manifestOf, osError, putTexts, wrongBlobs } from "./_testing.ts";
import { Store } from "./store.ts";

const host = denoHost();
const never = new AbortController().signal;
const bytesOf = (text: string) => new TextEncoder().encode(text);
let folder: string;
let root: string;

function failureOf(action: () => unknown): EngineError {
  try {
    action();
  } catch (error) {
    return error as EngineError;
  }
  throw new Error("it did not fail");
}

/** Publishes a step of two files and gives its id. */
function publish(store: Store, name = "step"): StepId {
  return store.publish(manifestOf(name, putTexts(store, { "a.txt": "one", "bin/tool.sh": "two" }))).id;
}

function damage(path: string, change: (path: string) => void): void {
  Deno.chmodSync(path, 0o644);
  change(path);
}

describe("Store", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-store-" });
    root = join(folder, "deep", "store");
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  describe("open()", () => {
    it("makes a store with its parents, marked as a cache, and opens it again", () => {
      const id = publish(Store.open(host, root));
      expect(Deno.readTextFileSync(join(root, "CACHEDIR.TAG"))).toContain("8a477f597d28d172789f06886806bc55");
      expect(Store.open(host, root).hit(id)?.name).toBe("step");
      expect(filesBelow(join(root, "tmp"))).toEqual({});
    });

    it("puts back folders that somebody removed", () => {
      const id = publish(Store.open(host, root));
      for (const name of ["tmp", "locks", "blobs"]) Deno.removeSync(join(root, name), { recursive: true });
      const store = Store.open(host, root);
      expect(store.hit(id)).toBe(undefined);
      expect(store.hit(publish(store))?.id).toBe(id);
    });

    it("refuses the layout of a later version and leaves it alone", () => {
      Deno.mkdirSync(root, { recursive: true });
      Deno.writeTextFileSync(join(root, "version"), "2\n");
      const error = failureOf(() => Store.open(host, root));
      expect(error.code).toBe("store-newer");
      expect(error.message).toContain('its layout is "2", this version knows "1"');
      expect([...Deno.readDirSync(root)].map(({ name }) => name)).toEqual(["version"]);
    });

    it("says what is wrong with a file in the folder's place", () => {
      Deno.mkdirSync(join(root, ".."));
      Deno.writeTextFileSync(root, "");
      expect(failureOf(() => Store.open(host, root)).message).toContain(`Cannot open the store at "${root}"`);
    });

    it.skipIf(Deno.uid() === 0)("tells of a folder that it may not write", () => {
      Deno.chmodSync(folder, 0o555);
      const error = failureOf(() => Store.open(host, root));
      Deno.chmodSync(folder, 0o755);
      expect([error.code, error.hint]).toEqual(["permission", expect.stringContaining("VKFORGE_HOME")]);
    });

    it.skipIf(!canMount())(
      "serves hits from a read-only file system and tells what it cannot do there",
      () => {
        const id = publish(Store.open(host, root));
        mount("--bind", folder, folder);
        try {
          mount("-o", "remount,bind,ro", folder);
          const store = Store.open(host, root);
          const tree = store.hit(id)?.tree ?? [];
          expect(tree.length).toBe(2);
          store.sweep();
          for (
            const action of [
              () => store.putBytes(bytesOf("new")),
              () => publish(store, "other"),
              () => store.workFolder(),
              () => store.checkout(tree),
              () => Store.open(host, join(folder, "fresh")),
            ]
          ) {
            const error = failureOf(action);
            expect([error.code, error.hint]).toEqual([
              "read-only",
              "Point VKFORGE_HOME to a folder that can be written",
            ]);
          }
        } finally {
          unmount(folder);
        }
      },
    );

    it("heals after it was stopped at any call of its making", () => {
      for (let stopAt = 0;; stopAt++) {
        const place = join(folder, String(stopAt));
        let hasFailed = false;
        const stopping = faultyHost(({ index }) => {
          // A killed process makes no more calls at all.
          hasFailed ||= index === stopAt;
          return index >= stopAt ? osError("EIO") : undefined;
        });
        try {
          Store.open(stopping, place);
        } catch (error) {
          expect((error as EngineError).code).toBe("io");
        }
        const store = Store.open(host, place);
        expect(store.hit(publish(store))).not.toBe(undefined);
        if (!hasFailed) return;
      }
    });
  });

  describe("blobs", () => {
    it("keep bytes under their digest, read-only, with a fixed time, executable ones apart", () => {
      const store = Store.open(host, root);
      const digest = store.putBytes(bytesOf("text"));
      store.putBytes(bytesOf("text"), true);
      expect(digest).toBe(digestOf("text"));
      expect(store.has(digest)).toBe(true);
      for (const [isExecutable, mode] of [[false, 0o444], [true, 0o555]] as const) {
        const info = Deno.statSync(store.path(digest, isExecutable));
        expect([info.mode! & 0o777, info.mtime]).toEqual([mode, new Date("2020-01-01T00:00:00Z")]);
      }
    });

    it("take in files and say their digest and size", () => {
      const store = Store.open(host, root);
      using work = store.workFolder();
      const file = join(work.path, "file");
      Deno.writeTextFileSync(file, "x".repeat(3 << 20));
      expect(store.ingest(file)).toEqual({ digest: digestOf("x".repeat(3 << 20)), sizeBytes: 3 << 20 });
      expect(host.fs.lstat(file)).toBe(undefined);
      expect(failureOf(() => store.ingest(file)).message).toContain(`Cannot read "${file}"`);
    });

    it.each([["shorter", 0], ["longer", 9]])(
      "replace one that has become %s",
      (_what: string, sizeBytes: number) => {
        const store = Store.open(host, root);
        const digest = store.putBytes(bytesOf("right"));
        damage(store.path(digest), (path) => Deno.truncateSync(path, sizeBytes));
        store.putBytes(bytesOf("right"));
        expect(Deno.readTextFileSync(store.path(digest))).toBe("right");
        damage(store.path(digest), (path) => Deno.truncateSync(path, sizeBytes));
        using work = store.workFolder();
        Deno.writeTextFileSync(join(work.path, "file"), "right");
        store.adopt(join(work.path, "file"), digest);
        expect(Deno.readTextFileSync(store.path(digest))).toBe("right");
      },
    );
  });

  describe("aliases", () => {
    it("give a digest back, whatever the key looks like", () => {
      const store = Store.open(host, root);
      for (const key of ["sha512:ab/cd+==", "..", ".", "é\n", "k".repeat(4000)]) {
        expect(store.alias(key)).toBe(undefined);
        store.setAlias(key, digestOf(key));
        expect(store.alias(key)).toBe(digestOf(key));
      }
      expect(Object.keys(filesBelow(root)).filter((path) => path.startsWith("aliases")).length).toBe(5);
    });

    it("are nothing where the file is damaged", () => {
      const store = Store.open(host, root);
      store.setAlias("key", digestOf("x"));
      Deno.writeTextFileSync(join(root, "aliases", "key"), "");
      expect(store.alias("key")).toBe(undefined);
    });
  });

  describe("hit()", () => {
    it("gives what was published, and the latest of a name", () => {
      const store = Store.open(host, root);
      for (const name of ["plain", "with/slash", "..", "n".repeat(300), "é\n"]) {
        const id = publish(store, name);
        expect(store.hit(id)?.name).toBe(name);
        expect(store.latest(name)?.id).toBe(id);
      }
      expect(store.latest("other")).toBe(undefined);
    });

    it("misses what was never published", () => {
      const store = Store.open(host, root);
      expect(store.hit(digestOf("x") as StepId)).toBe(undefined);
      expect(store.wasPublished(digestOf("x") as StepId)).toBe(false);
    });

    it.each([
      ["missing", (path: string) => Deno.removeSync(path)],
      ["cut short", (path: string) => Deno.truncateSync(path, 1)],
      ["empty", (path: string) => Deno.truncateSync(path, 0)],
      ["a folder", (path: string) => (Deno.removeSync(path), Deno.mkdirSync(path))],
      ["a link", (path: string) => (Deno.removeSync(path), Deno.symlinkSync("/etc/hostname", path))],
    ])("misses where a blob is %s", (_what: string, change: (path: string) => void) => {
      const store = Store.open(host, root);
      const id = publish(store);
      damage(store.path(digestOf("two"), true), change);
      expect(store.hit(id)).toBe(undefined);
      expect(store.wasPublished(id)).toBe(true);
    });

    it("misses where the log is gone", () => {
      const store = Store.open(host, root);
      const log = { digest: store.putBytes(bytesOf("log")), sizeBytes: 3 };
      const { id } = store.publish({ ...manifestOf("step", []), log });
      expect(store.hit(id)?.log).toEqual(log);
      Deno.removeSync(store.path(log.digest));
      expect(store.hit(id)).toBe(undefined);
    });

    it("misses or is right, whichever bits of the manifest flip", () => {
      const store = Store.open(host, root);
      const id = publish(store);
      const path = join(root, "manifests", `${id}.json`);
      const right = Deno.readFileSync(path);
      const expected = store.hit(id);
      for (let round = 0; round < 200; round++) {
        const damaged = right.slice();
        for (let flips = 0; flips <= round % 3; flips++) {
          damaged[Math.floor(Math.random() * right.length)]! ^= 1 << Math.floor(Math.random() * 8);
        }
        Deno.writeFileSync(path, damaged);
        const found = store.hit(id);
        if (found !== undefined) expect(found).toEqual(expected);
      }
    });
  });

  describe("publish()", () => {
    for (const code of ["ENOSPC", "EIO"] as const) {
      it(`leaves a store that serves nothing wrong and goes on, whichever call fails with ${code}`, () => {
        let calls = 0;
        for (let failAt = 0;; failAt++) {
          let hasFailed = false;
          const store = Store.open(host, join(folder, `${failAt}`));
          const faulty = Store.open(
            faultyHost(({ index }) => {
              if (index !== failAt) return undefined;
              hasFailed = true;
              return osError(code);
            }),
            store.root,
          );
          const entries = [...putTexts(store, { shared: "shared" })];
          const { id } = manifestOf("step", entries);
          try {
            publish(faulty);
            faulty.checkout(store.hit(id)!.tree);
          } catch (error) {
            expect((error as EngineError).code).toBe(code === "ENOSPC" ? "disk-full" : "io");
          }
          expect(wrongBlobs(store.root)).toEqual([]);
          const found = store.hit(id);
          if (found !== undefined) {
            expect(filesBelow(store.checkout(found.tree))).toEqual({ "a.txt": "one", "bin/tool.sh": "two" });
          }
          const again = Store.open(host, store.root);
          again.sweep();
          expect([...Deno.readDirSync(join(store.root, "tmp"))]).toEqual([]);
          expect(publish(again)).toBe(id);
          expect(filesBelow(again.checkout(again.hit(id)!.tree))).toEqual({
            "a.txt": "one",
            "bin/tool.sh": "two",
          });
          if (!hasFailed) {
            calls = failAt;
            break;
          }
        }
        // Few calls would mean that the faults were not where the writing is.
        expect(calls).toBeGreaterThan(25);
      });

      it(`heals when it is killed at any call (every later call fails with ${code})`, () => {
        for (let stopAt = 0;; stopAt++) {
          let hasStopped = false;
          const store = Store.open(host, join(folder, `${stopAt}`));
          const stopping = Store.open(
            faultyHost(({ index }) => {
              hasStopped ||= index >= stopAt;
              return index >= stopAt ? osError(code) : undefined;
            }),
            store.root,
          );
          try {
            const id = publish(stopping);
            stopping.checkout(store.hit(id)!.tree);
          } catch {
            // Killed.
          }
          expect(wrongBlobs(store.root)).toEqual([]);
          const id = publish(store);
          expect(filesBelow(store.checkout(store.hit(id)!.tree))).toEqual({
            "a.txt": "one",
            "bin/tool.sh": "two",
          });
          if (!hasStopped) return;
        }
      });
    }
  });

  describe("checkout()", () => {
    it("lays out files, links and folders as hard links of one time", () => {
      const store = Store.open(host, root);
      const tree = toTree([
        ...putTexts(store, { "a.txt": "one", "deep/er/tool.sh": "two" }),
        { kind: "link", path: "deep/link", target: "../a.txt" },
        { kind: "folder", path: "empty/folder" },
      ]);
      const path = store.checkout(tree);
      expect(filesBelow(path)).toEqual({
        "a.txt": "one",
        "deep/er/tool.sh": "two",
        "deep/link": "→ ../a.txt",
      });
      expect(Deno.lstatSync(join(path, "a.txt")).ino).toBe(Deno.lstatSync(store.path(digestOf("one"))).ino);
      for (const inside of ["", "a.txt", "deep", "deep/er", "deep/er/tool.sh", "empty", "empty/folder"]) {
        expect([inside, Deno.lstatSync(join(path, inside)).mtime]).toEqual([
          inside,
          new Date("2020-01-01T00:00:00Z"),
        ]);
      }
      expect(store.checkout(tree)).toBe(path);
    });

    it("makes a folder for a tree without entries", () => {
      const store = Store.open(host, root);
      expect(filesBelow(store.checkout([]))).toEqual({});
    });

    it("copies where a blob has too many links", () => {
      const limited: Host = {
        ...host,
        fs: {
          ...host.fs,
          link: () => {
            throw new Error("Too many links (os error 31)");
          },
        },
      };
      const store = Store.open(limited, root);
      const path = store.checkout(toTree(putTexts(store, { "a.txt": "one", "b.sh": "two" })));
      expect(filesBelow(path)).toEqual({ "a.txt": "one", "b.sh": "two" });
      expect(Deno.statSync(join(path, "b.sh")).mode! & 0o111).toBe(0o111);
      expect(Deno.statSync(join(path, "a.txt")).mtime).toEqual(new Date("2020-01-01T00:00:00Z"));
    });

    it("tells which blob is missing", () => {
      const store = Store.open(host, root);
      const tree = toTree(putTexts(store, { "a.txt": "one" }));
      Deno.removeSync(store.path(digestOf("one")));
      const error = failureOf(() => store.checkout(tree));
      expect([error.code, error.message]).toEqual(["io", expect.stringContaining("a.txt")]);
      expect(filesBelow(join(root, "tmp"))).toEqual({});
    });

    it.each([
      ["lost a file", (path: string) => Deno.removeSync(join(path, "a.txt"))],
      ["lost a folder", (path: string) => Deno.removeSync(join(path, "bin"), { recursive: true })],
      [
        "lost everything",
        (path: string) => (Deno.removeSync(path, { recursive: true }), Deno.mkdirSync(path)),
      ],
      [
        "become a file",
        (path: string) => (Deno.removeSync(path, { recursive: true }), Deno.writeTextFileSync(path, "")),
      ],
    ])("is made anew where it has %s", (_what: string, change: (path: string) => void) => {
      const id = publish(Store.open(host, root));
      const tree = Store.open(host, root).hit(id)!.tree;
      change(Store.open(host, root).checkout(tree));
      const path = Store.open(host, root).checkout(tree);
      expect(filesBelow(path)).toEqual({ "a.txt": "one", "bin/tool.sh": "two" });
      expect(filesBelow(join(root, "tmp"))).toEqual({});
    });

    it("does not serve a blob's damage once the blob is healed", () => {
      const id = publish(Store.open(host, root));
      const store = Store.open(host, root);
      const { tree } = store.hit(id)!;
      // Both names are one inode: a power loss that empties the blob empties the checkout.
      damage(join(Store.open(host, root).checkout(tree), "a.txt"), (path) => Deno.truncateSync(path, 0));
      expect(store.hit(id)).toBe(undefined);
      publish(store);
      expect(filesBelow(store.checkout(store.hit(id)!.tree))).toEqual({
        "a.txt": "one",
        "bin/tool.sh": "two",
      });
    });

    it("can be made by several processes at once", async () => {
      const store = Store.open(host, root);
      const texts = Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [`f${index}`, `text ${index}`]),
      );
      const { id, tree } = store.publish(manifestOf("big", putTexts(store, texts)));
      const children = [1, 2, 3].map(() =>
        startChild(`store.checkout(store.hit(${JSON.stringify(id)}).tree); console.log("done");`)
      );
      for (const child of children) expect((await child.output()).code).toBe(0);
      expect(filesBelow(store.checkoutPath(treeDigest(tree)))).toEqual(texts);
      expect(filesBelow(join(root, "tmp"))).toEqual({});
    });
  });

  describe("two processes", () => {
    it("open a new store, put and publish the same at once", async () => {
      const children = [1, 2, 3, 4].map(() =>
        startChild(`
          for (let round = 0; round < 40; round++) {
            const digest = store.putBytes(new TextEncoder().encode("blob " + round));
            const tree = [{ kind: "file", path: "f", digest, sizeBytes: ("blob " + round).length, executable: false }];
            const id = digestOf("step " + round);
            store.publish({ id, kind: "step", name: "step", inputs: {}, tree, durationMs: 1 });
            if (store.hit(id) === undefined) throw new Error("no hit");
            store.sweep();
          }
        `)
      );
      for (const child of children) {
        const { code, stderr } = await child.output();
        expect([code, new TextDecoder().decode(stderr)]).toEqual([0, ""]);
      }
      expect(wrongBlobs(root)).toEqual([]);
      expect(filesBelow(join(root, "tmp"))).toEqual({});
    });

    it("hold a lock one after the other, each with a file that is there", async () => {
      const counter = join(folder, "counter");
      Deno.writeTextFileSync(counter, "0");
      const children = [1, 2, 3].map(() =>
        startChild(`
          const never = new AbortController().signal;
          for (let round = 0; round < 5; round++) {
            using lock = await store.lock("one/name", never);
            const count = Number(Deno.readTextFileSync(${JSON.stringify(counter)}));
            await new Promise((resolve) => setTimeout(resolve, 5));
            Deno.writeTextFileSync(${JSON.stringify(counter)}, String(count + 1));
            // Somebody cleans up while others wait.
            Deno.removeSync(lock.path);
          }
        `)
      );
      for (const child of children) expect((await child.output()).code).toBe(0);
      expect(Deno.readTextFileSync(counter)).toBe("15");
    });

    it("get a lock when its holder is killed", async () => {
      const store = Store.open(host, root);
      const child = startChild(`
        using lock = await store.lock("name", new AbortController().signal);
        console.log("locked");
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      `);
      await firstLine(child);
      let waits = 0;
      const waiting = store.lock("name", never, () => waits++);
      await host.clock.sleep(150);
      child.kill("SIGKILL");
      using _lock = await waiting;
      expect(waits).toBe(1);
      await child.status;
    });
  });

  describe("lock()", () => {
    it("stops waiting when it is called off", async () => {
      const store = Store.open(host, root);
      using _lock = await store.lock("name", never);
      const stop = new AbortController();
      const waiting = store.lock("name", stop.signal);
      stop.abort(new Error("called off"));
      await expect(waiting).rejects.toThrow("called off");
    });

    it("takes any name", async () => {
      const store = Store.open(host, root);
      for (const name of ["..", "a/b", "é", "n".repeat(500)]) {
        using lock = await store.lock(name, never);
        expect(host.fs.lstat(lock.path)?.kind).toBe("file");
      }
      expect([...Deno.readDirSync(join(root, "locks"))]).toEqual([]);
    });
  });

  describe("workFolder()", () => {
    it("is removed at its end, also where a step took away permissions", () => {
      const store = Store.open(host, root);
      {
        using work = store.workFolder();
        Deno.mkdirSync(join(work.path, "a", "b"), { recursive: true });
        Deno.writeTextFileSync(join(work.path, "a", "b", "c"), "");
        Deno.chmodSync(join(work.path, "a", "b"), 0);
        Deno.chmodSync(join(work.path, "a"), 0o500);
        store.sweep();
        expect(host.fs.lstat(work.path)?.kind).toBe("directory");
      }
      expect([...Deno.readDirSync(join(root, "tmp"))]).toEqual([]);
    });

    it("is swept when its owner was killed, with what else it left, and not before", async () => {
      const store = Store.open(host, root);
      const child = startChild(`
        const work = store.workFolder();
        Deno.writeTextFileSync(work.path + "/file", "x");
        console.log(work.path);
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      `);
      const path = await firstLine(child);
      store.sweep();
      expect(host.fs.lstat(join(path, "file"))?.kind).toBe("file");
      child.kill("SIGKILL");
      await child.status;
      Deno.writeTextFileSync(join(root, "tmp", "1-x.new"), "half");
      Deno.mkdirSync(join(root, "tmp", "1-folder-without-lock"));
      store.sweep();
      expect([...Deno.readDirSync(join(root, "tmp"))]).toEqual([]);
    });
  });
});

/** A process that has the same store open. */
function startChild(script: string): Deno.ChildProcess {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const code = `
    import { denoHost } from ${url("../deno_host.ts")};
    import { digestOf } from ${url("../digest.ts")};
    import { Store } from ${url("./store.ts")};
    const store = Store.open(denoHost(), ${JSON.stringify(root)});
    ${script}
  `;
  const file = join(folder, `${crypto.randomUUID()}.ts`);
  Deno.writeTextFileSync(file, code);
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", "--no-config", file],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function firstLine(child: Deno.ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  await child.stderr.cancel();
  return text.split("\n")[0] ?? "";
}

function canMount(): boolean {
  if (Deno.uid() !== 0) return false;
  const place = Deno.makeTempDirSync();
  try {
    mount("--bind", place, place);
    unmount(place);
    return true;
  } catch {
    return false;
  } finally {
    Deno.removeSync(place);
  }
}

function mount(...args: string[]): void {
  const { success } = new Deno.Command("mount", { args, stderr: "null" }).outputSync();
  if (!success) throw new Error(`mount ${args.join(" ")} failed`);
}

function unmount(path: string): void {
  new Deno.Command("umount", { args: ["--lazy", path] }).outputSync();
}
