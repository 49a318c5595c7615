import { describe, expect, it } from "vitest";
import { stderrScreen } from "./screen.ts";

/** Runs a program that has the screen as `screen`. */
function spawn(body: string): Deno.ChildProcess {
  const module = JSON.stringify(import.meta.resolve("./screen.ts"));
  const code = `import { stderrScreen } from ${module}; const screen = stderrScreen(); ${body}`;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

describe("stderrScreen()", () => {
  it("writes all of a large text to a slow reader", async () => {
    const child = spawn(`screen.write("x".repeat(1_000_000))`);
    const { stderr } = await child.output();
    expect(stderr.length).toBe(1_000_000);
  });

  it("goes on when nobody reads any more", async () => {
    const child = spawn(
      `for (let i = 0; i < 10; i++) screen.write("x".repeat(100_000)); console.log("done");`,
    );
    await child.stderr.cancel();
    expect((await new Response(child.stdout).text()).trim()).toBe("done");
    expect((await child.status).success).toBe(true);
  });

  for (const end of ["Deno.exit(3)", "throw new Error()", "Promise.reject(new Error())", "undefined"]) {
    it(`calls back at the end of a process by ${end}`, async () => {
      const child = spawn(`screen.onExit(() => screen.write("restored")); ${end}`);
      const { stderr } = await child.output();
      expect(new TextDecoder().decode(stderr)).toContain("restored");
    });
  }

  it("does not keep the process alive", async () => {
    const child = spawn(`screen.every(1, () => {});`);
    expect((await child.output()).success).toBe(true);
  });

  it("has a size, terminal or not", () => {
    const { columns, rows } = stderrScreen().size();
    expect(columns).toBeGreaterThan(0);
    expect(rows).toBeGreaterThan(0);
  });
});
