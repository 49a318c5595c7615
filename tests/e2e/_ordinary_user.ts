/**
 * Running the command line as an ordinary user, where the tests themselves run as root.
 *
 * @module
 */
import { join } from "node:path";
import { type CliOptions, DENO_DIR } from "./_cli.ts";

/** "nobody". */
const USER = 65534;

/** Whether this process may become another user. */
export const CAN_CHANGE_USER = Deno.uid() === 0 &&
  new Deno.Command("setpriv", { args: [...becoming(), "true"], stdout: "null", stderr: "null" })
    .outputSync().success;

/** An ordinary user with a home, a runtime and its packages. */
export class OrdinaryUser implements Disposable {
  readonly home: string;

  constructor() {
    this.home = Deno.makeTempDirSync({ prefix: "vkforge-e2e-home-" });
    // Root's own are often in root's home, where nobody else may look.
    Deno.copyFileSync(Deno.execPath(), join(this.home, "deno"));
    run("cp", ["--recursive", join(DENO_DIR, "npm"), join(this.home, "npm")]);
    this.own(this.home);
  }

  /** Gives a folder to the user. */
  own(folder: string): void {
    run("chown", ["--recursive", `${USER}:${USER}`, folder]);
  }

  /** How to start a command as this user. */
  get options(): Pick<CliOptions, "wrap" | "deno" | "env"> {
    return {
      wrap: ["setpriv", ...becoming()],
      deno: join(this.home, "deno"),
      env: { HOME: this.home, DENO_DIR: this.home },
    };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.home, { recursive: true });
  }
}

function becoming(): string[] {
  return [`--reuid=${USER}`, `--regid=${USER}`, "--clear-groups", "--inh-caps=-all"];
}

function run(program: string, args: readonly string[]): void {
  const { success, stderr } = new Deno.Command(program, { args: [...args] }).outputSync();
  if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
}
