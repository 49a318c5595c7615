import type { Host } from "../../engine/host.ts";
import { exists, probe, readSetting } from "./_probe.ts";
import type { Check } from "./check.ts";

/**
 * The embedded sandbox can be made. Settings of the kernel say why it cannot; only trying says that it can, because
 * a container may forbid it through seccomp, which no setting shows.
 */
export async function checkUserNamespaces(host: Host): Promise<Check> {
  const name = "User namespaces";
  const restricted = restriction(host);
  const tried = await probe(host, "unshare", {
    args: ["--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "true"],
  });
  if (tried?.code === 0) {
    if (restricted?.setting !== "apparmor" || host.machine.userId === 0) {
      return { name, status: "ok", message: "The embedded sandbox can be used" };
    }
    // Ubuntu has a profile that lets the program unshare do what it refuses to others.
    return {
      name,
      status: "warn",
      message: `${restricted.message}; a trial succeeded, but the sandbox may be refused`,
      hint: restricted.hint,
    };
  }
  if (restricted !== undefined && (host.machine.userId !== 0 || restricted.setting === "max")) {
    return {
      name,
      status: "fail",
      message: restricted.message,
      hint: `${restricted.hint}; or use \`--engine docker\``,
    };
  }
  if (tried === undefined) {
    return {
      name,
      status: "info",
      message: "No setting of the kernel forbids them; they could not be tried",
      hint: "Install util-linux, which has the program unshare, to have them tried here",
    };
  }
  return {
    name,
    status: "fail",
    message: `They cannot be made here: ${tried.stderr.trim().split("\n")[0] ?? ""}`,
    hint:
      "Inside a container, start it with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`; or use `--engine docker`",
  };
}

/** A container engine answers. Optional: the embedded sandbox does without. */
export async function checkContainerEngine(host: Host): Promise<Check> {
  const name = "Container engine";
  const remote = host.env.get("DOCKER_HOST");
  const sockets = engineSockets(host).filter((path) => exists(host, path));
  for (const program of ["docker", "podman"]) {
    const env = remote === undefined ? {} : { DOCKER_HOST: remote };
    const home = host.env.get("HOME");
    const answer = await probe(host, program, {
      args: ["version", "--format", "{{.Server.Version}}"],
      env: home === undefined ? env : { ...env, HOME: home },
    });
    const version = answer?.stdout.trim() ?? "";
    if (answer?.code === 0 && version !== "") {
      return { name, status: "ok", message: `${program} ${version} answers` };
    }
  }
  const hint = "Nothing to do: the embedded sandbox (`--engine bwrap`) needs none";
  if (remote !== undefined) {
    return { name, status: "info", message: `None answers at DOCKER_HOST=${remote}`, hint };
  }
  const [socket] = sockets;
  if (socket !== undefined) return { name, status: "info", message: `None answers at ${socket}`, hint };
  return { name, status: "info", message: "None found", hint };
}

interface Restriction {
  readonly setting: "max" | "clone" | "apparmor";
  readonly message: string;
  readonly hint: string;
}

/** The setting of the kernel that forbids user namespaces, if there is one. */
function restriction(host: Host): Restriction | undefined {
  if (readSetting(host, "/proc/sys/user/max_user_namespaces") === "0") {
    return {
      setting: "max",
      message: "They are off: user.max_user_namespaces is 0",
      hint: "Run `sudo sysctl user.max_user_namespaces=10000`",
    };
  }
  if (readSetting(host, "/proc/sys/kernel/unprivileged_userns_clone") === "0") {
    return {
      setting: "clone",
      message: "They are off for ordinary users: kernel.unprivileged_userns_clone is 0",
      hint: "Run `sudo sysctl kernel.unprivileged_userns_clone=1`, or run vkforge as root",
    };
  }
  if (readSetting(host, "/proc/sys/kernel/apparmor_restrict_unprivileged_userns") === "1") {
    return {
      setting: "apparmor",
      message: "AppArmor restricts them: kernel.apparmor_restrict_unprivileged_userns is 1",
      hint: "Run `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or run vkforge as root",
    };
  }
  return undefined;
}

function engineSockets(host: Host): string[] {
  const runtime = host.env.get("XDG_RUNTIME_DIR");
  return [
    "/var/run/docker.sock",
    ...(runtime === undefined ? [] : [`${runtime}/docker.sock`, `${runtime}/podman/podman.sock`]),
    "/run/podman/podman.sock",
  ];
}
