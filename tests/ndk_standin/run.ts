/**
 * Runs the stand-in through the real engine, in the user's store, and judges what comes out:
 *
 *     deno run -A tests/ndk_standin/run.ts             toolchain, configure, link_libcxx, collect: minutes the first time
 *     deno run -A tests/ndk_standin/run.ts compile     c10 and the Vulkan backend: half an hour of processor time
 *     deno run -A tests/ndk_standin/run.ts --record    configure twice, and write recorded.json
 *
 * @module
 */
import { join } from "node:path";
import { readElf } from "../../aar/elf.ts";
import { digestOf } from "../../engine/digest.ts";
import { denoHost } from "../../engine/deno_host.ts";
import { Engine } from "../../engine/mod.ts";
import { loadProject } from "../../recipes/project.ts";
import { loadAndroidMaterials } from "../../recipes/torch_android/mod.ts";
import { androidToolchain } from "../../recipes/torch_android/toolchain.ts";
import { storeRoot } from "../../tasks/_session.ts";
import { REPOSITORY } from "../fixtures/mini_engine.ts";
import { withArchives } from "./archives.ts";
import { recordingOf } from "./recording.ts";
import { imageCheck, ndkStandin } from "./standin.ts";

const PAGE = 16384;

const host = denoHost();
const project = await loadProject(host, REPOSITORY);
const standin = await ndkStandin(host, project);
const record = Deno.args.includes("--record");
const named = Deno.args.filter((argument) => argument !== "--record");
const recorded = ["configure", "options"];
const usual = record ? [] : ["toolchain", "configure", "link_libcxx", "collect"];
const names = [...new Set([...(named.length > 0 ? named : usual), ...(record ? recorded : [])])];
const steps = names.filter((name) => name !== "toolchain").map((name) => {
  const step = Object.values(standin).find((one) => one.name === `standin/${name}`);
  if (step === undefined) throw new Error(`There is no step "standin/${name}"`);
  return step;
});
const engine = Engine.open({
  host,
  storeRoot: storeRoot(host),
  repository: REPOSITORY,
  sources: { archives: project.lock.archives },
  offline: false,
  jobs: 2,
  memoryBytes: 8 * 2 ** 30,
  sandbox: "auto",
  sandboxTools: project.sandboxTools,
  emit: (event) => {
    if (event.type === "step-end") {
      console.log(`${event.name}: ${event.outcome} in ${Math.round(event.durationMs / 1000)} s`);
    }
  },
});
const manifests = await engine.build(steps, new AbortController().signal, "ndk-standin");
const folder = Deno.makeTempDirSync({ prefix: "vkforge-standin-" });
for (const { name } of steps) {
  engine.export(manifests.get(name)?.tree ?? [], join(folder, name.replace("standin/", "")));
}

/** A file of a step's output. */
function output(step: string, path: string): Uint8Array {
  return Deno.readFileSync(join(folder, step, path));
}

function logOf(step: string): string {
  return join(storeRoot(host), "logs", `${encodeURIComponent(step)}.log`);
}

const text = (step: string, path: string) => new TextDecoder().decode(output(step, path));

function expect(what: string, ok: boolean): void {
  console.log(`${ok ? "ok  " : "FAIL"} ${what}`);
  if (!ok) Deno.exitCode = 1;
}

if (names.includes("toolchain")) {
  const materials = await loadAndroidMaterials(host, project);
  const { signal } = new AbortController();
  const { ndk, sdk, gradle } = androidToolchain(withArchives(materials, folder, "21.4.7075529"));
  const tools = imageCheck(materials.ndkR21e);
  const made = await engine.build([ndk, sdk, gradle, tools], signal, "ndk-standin");
  const paths = [...made.values()].flatMap(({ tree }) => tree.map(({ path }) => path));
  for (
    const path of [
      "ndk/source.properties",
      "sdk/platforms/android-28/android.jar",
      "sdk/build-tools/28.0.3/aapt2",
      "gradle/bin/gradle",
    ]
  ) {
    expect(`the archives give ${path}`, paths.includes(path));
  }
  engine.export(made.get(tools.name)?.tree ?? [], join(folder, "image"));
  const versions = text("image", "versions");
  expect(
    "the image has Java 11 and CMake 3.18",
    /^openjdk 11\.[\s\S]*^cmake version 3\.18\./m.test(versions),
  );
  const wrong = androidToolchain(withArchives(materials, folder, "25.1.8937393")).ndk;
  const refusal = await engine.build([wrong], signal, "ndk-standin").then(() => "", String);
  const log = refusal === "" ? "" : await Deno.readTextFile(logOf(wrong.name));
  expect(
    "another release of the NDK is refused by name",
    log.includes("it is 25.1.8937393, PyTorch 1.13.1 needs"),
  );
}
if (names.includes("link_libcxx")) {
  const { loads, soname, exported } = readElf(output("link_libcxx", "shared/libc++_shared.so"));
  expect("libc++_shared.so has pages of 16 KB", loads.every(({ alignBytes }) => alignBytes >= PAGE));
  expect("libc++_shared.so keeps its name", soname === "libc++_shared.so");
  expect("libc++_shared.so exports both archives", exported.includes("__cxa_guard_acquire"));
}
if (names.includes("collect")) {
  const library = new TextDecoder("latin1").decode(output("collect", "install/lib/libtorch_cpu.a"));
  expect("archives have no debug information", !library.includes(".debug_info"));
  // The member's header: name, time, owner, group, mode.
  expect("archives have no times and owners", /f\.o\/ +0 +0 +0 +644 /.test(library));
  const paths = manifests.get("standin/collect")?.tree.map(({ path }) => path) ?? [];
  expect("nothing but archives lies in install/lib", !paths.some((path) => path.endsWith(".pc")));
}
if (names.includes("compile")) {
  const objects = text("compile", "objects").trimEnd().split("\n").map((line) => line.split(" "));
  const backend = objects.filter(([, , path]) => path?.includes("native/vulkan/"));
  console.log(`${objects.length} objects, ${backend.length} of the Vulkan backend`);
  expect("all objects are for 64-bit ARM", objects.every(([machine]) => machine === "AArch64"));
  const commands = recordingOf(text("compile", "calls"), text("compile", "compile_commands.json"));
  // Besides those of the sources: the shaders, which the build generates.
  expect("all files of the backend are compiled", commands.backend.length + 1 === backend.length);
}
if (record) {
  const script = await Deno.readFile(join(REPOSITORY, "recipes/torch_android/build_torch.sh"));
  const runs = Object.fromEntries(
    recorded.map((name) => [name, recordingOf(text(name, "calls"), text(name, "compile_commands.json"))]),
  );
  const path = join(import.meta.dirname ?? ".", "recorded.json");
  await Deno.writeTextFile(path, JSON.stringify({ schema: 1, buildTorch: digestOf(script), ...runs }));
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", path] }).output();
}
Deno.removeSync(folder, { recursive: true });
