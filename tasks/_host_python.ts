/**
 * Python of the image with the machine's own Vulkan driver, outside the sandbox: for GPUs.
 *
 * @module
 */
import { EngineError } from "../engine/mod.ts";
import { findMachineDriver, machineCommand } from "../recipes/drivers/mod.ts";
import type { Session } from "./_session.ts";

/** What {@linkcode runHostPython} runs. */
export interface HostPythonRun {
  /** Arguments of python3. */
  readonly args: readonly string[];
  /** A folder to work in. */
  readonly work: string;
  /** Folder for imports. */
  readonly pythonPath: string;
}

/**
 * Runs the image's Python; lines that it prints are shown.
 *
 * @throws {EngineError} "source-unavailable" where the machine has no driver of a GPU; "step-failed" if Python ends
 * with another code than 0, with what it printed last
 */
export async function runHostPython(session: Session, run: HostPythonRun): Promise<void> {
  const { host, engine, project, renderer, signal } = session;
  const driver = findMachineDriver(host);
  const { root } = await engine.image(project.materials.vulkanSdk, signal);
  const lines: string[] = [];
  const { program, args, env } = machineCommand(host, driver, {
    root,
    program: "usr/bin/python3.11",
    args: run.args,
    work: run.work,
    environment: { PYTHONPATH: run.pythonPath },
  });
  const child = host.spawn(program, {
    args,
    cwd: run.work,
    env,
    signal,
    onStdout: showLines((line) => renderer.say(line)),
    onStderr: showLines((line) => lines.push(line)),
  });
  const { code } = await child.exit;
  if (signal.aborted) throw new EngineError("interrupted", "Interrupted");
  if (code !== 0) {
    throw new EngineError("step-failed", `Python on this machine's GPU ended with exit code ${code}`, {
      detail: lines.slice(-20),
      hint: `The Vulkan loader was shown ${
        driver.manifests.join(", ")
      }; VK_DRIVER_FILES chooses another driver`,
    });
  }
}

/** Hands on whole lines. */
function showLines(show: (line: string) => void): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder();
  let rest = "";
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(show);
  };
}
