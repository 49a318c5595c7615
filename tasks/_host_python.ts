/**
 * Python of the image with the machine's own Vulkan driver, outside the sandbox: for GPUs.
 *
 * @module
 */
import { join } from "node:path";
import { EngineError } from "../engine/mod.ts";
import { REPOSITORY, type Session } from "./_session.ts";

/** Variables that choose a driver or a GPU, handed on as they are. */
const HANDED_ON = [
  "VK_DRIVER_FILES",
  "VK_ICD_FILENAMES",
  "NVIDIA_VISIBLE_DEVICES",
  "HOME",
  "XDG_RUNTIME_DIR",
];

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
 * @throws {EngineError} "step-failed" if it ends with another code than 0, with what it printed last
 */
export async function runHostPython(session: Session, run: HostPythonRun): Promise<void> {
  const { host, engine, project, renderer, signal } = session;
  const { root } = await engine.image(project.materials.vulkanSdk, signal);
  const lines: string[] = [];
  const child = host.spawn("/bin/bash", {
    args: [
      join(REPOSITORY, "recipes", "gpu", "run_on_host.sh"),
      root,
      "usr/bin/python3.11",
      ...run.args,
    ],
    cwd: run.work,
    env: {
      PATH: "/usr/bin:/bin",
      LC_ALL: "C.UTF-8",
      PYTHONPATH: run.pythonPath,
      VKFORGE_WORK: run.work,
      ...Object.fromEntries(HANDED_ON.flatMap((name) => {
        const value = host.env.get(name);
        return value === undefined ? [] : [[name, value]];
      })),
    },
    signal,
    onStdout: showLines((line) => renderer.say(line)),
    onStderr: showLines((line) => lines.push(line)),
  });
  const { code } = await child.exit;
  if (signal.aborted) throw new EngineError("interrupted", "Interrupted");
  if (code !== 0) {
    throw new EngineError("step-failed", `Python on this machine's GPU ended with exit code ${code}`, {
      detail: lines.slice(-20),
      hint: "Set VK_DRIVER_FILES to the manifest of the GPU's Vulkan driver",
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
