/**
 * A copy of the repository that a test may break.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { REPOSITORY } from "./_cli.ts";

/** Results, caches and history: no part of a checkout, and large. */
const LEFT_OUT = new Set([".git", "results", "node_modules", "__pycache__", ".ruff_cache"]);

/** See the module's text. */
export class Checkout implements Disposable {
  readonly root: string;

  /** Copies the working tree. */
  constructor() {
    this.root = Deno.makeTempDirSync({ prefix: "vkforge-e2e-" });
    copyFolder(REPOSITORY, this.root);
  }

  /** Writes a file and makes the folders above it. */
  write(path: string, content: string): void {
    Deno.mkdirSync(dirname(this.path(path)), { recursive: true });
    Deno.writeTextFileSync(this.path(path), content);
  }

  read(path: string): string {
    return Deno.readTextFileSync(this.path(path));
  }

  /** Changes a JSON file. */
  // deno-lint-ignore no-explicit-any -- tests break the types on purpose
  edit(path: string, change: (json: any) => void): void {
    const json = JSON.parse(this.read(path));
    change(json);
    this.write(path, JSON.stringify(json, null, 2));
  }

  /** Puts a file back as the repository has it. */
  restore(path: string): void {
    Deno.copyFileSync(join(REPOSITORY, path), this.path(path));
  }

  path(path: string): string {
    return join(this.root, path);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory, isFile } of Deno.readDirSync(from)) {
    if (LEFT_OUT.has(name)) continue;
    if (isDirectory) copyFolder(join(from, name), join(to, name));
    else if (isFile) Deno.copyFileSync(join(from, name), join(to, name));
  }
}
