import { describe, expect, it } from "vitest";
import { fakeHost } from "./_fake_host.ts";
import { checkContainerEngine, checkUserNamespaces } from "./checks_sandbox.ts";

const MAX = "/proc/sys/user/max_user_namespaces";
const CLONE = "/proc/sys/kernel/unprivileged_userns_clone";
const APPARMOR = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
const works = { unshare: { code: 0 } };
const refused = { unshare: { code: 1, stderr: "unshare: unshare failed: Operation not permitted\n" } };

describe("checkUserNamespaces()", () => {
  it("is content when they can be made", async () => {
    const host = fakeHost({
      programs: works,
      files: { [MAX]: "96365\n", [CLONE]: "1\n", [APPARMOR]: "0\n" },
    });
    expect(await checkUserNamespaces(host)).toMatchObject({ status: "ok" });
  });

  for (
    const [path, value, hint] of [
      [MAX, "0", "user.max_user_namespaces=10000"],
      [CLONE, "0", "kernel.unprivileged_userns_clone=1"],
      [APPARMOR, "1", "kernel.apparmor_restrict_unprivileged_userns=0"],
    ] as const
  ) {
    it(`names the setting ${path} and what to do`, async () => {
      const check = await checkUserNamespaces(
        fakeHost({ programs: refused, files: { [path]: `${value}\n` } }),
      );
      expect(check.status).toBe("fail");
      expect(check.hint).toContain(hint);
    });
  }

  it("warns when AppArmor restricts them and a trial succeeds all the same", async () => {
    const check = await checkUserNamespaces(fakeHost({ programs: works, files: { [APPARMOR]: "1\n" } }));
    expect(check.status).toBe("warn");
  });

  it("does not mind restrictions of ordinary users when it is root", async () => {
    const machine = { userId: 0 };
    const files = { [APPARMOR]: "1\n", [CLONE]: "0\n" };
    expect((await checkUserNamespaces(fakeHost({ programs: works, files, machine }))).status).toBe("ok");
  });

  it("points to the container's profile when no setting explains it", async () => {
    const check = await checkUserNamespaces(fakeHost({ programs: refused, machine: { userId: 0 } }));
    expect(check).toMatchObject({
      status: "fail",
      message: "They cannot be made here: unshare: unshare failed: Operation not permitted",
    });
    expect(check.hint).toContain("seccomp=unconfined");
  });

  it("says when it could not try", async () => {
    expect((await checkUserNamespaces(fakeHost())).status).toBe("info");
  });
});

describe("checkContainerEngine()", () => {
  it("names the engine that answers", async () => {
    const host = fakeHost({ programs: { podman: { stdout: "5.2.1\n" } } });
    expect(await checkContainerEngine(host)).toEqual({
      name: "Container engine",
      status: "ok",
      message: "podman 5.2.1 answers",
    });
  });

  it("does not take a client without a server for an engine", async () => {
    const programs = { docker: { code: 1, stdout: "\n", stderr: "Cannot connect to the Docker daemon" } };
    expect(await checkContainerEngine(fakeHost({ programs }))).toMatchObject({
      status: "info",
      message: "None found",
    });
  });

  it("does not wait for a dead engine", async () => {
    const host = fakeHost({ programs: { docker: { hangs: true } }, files: { "/var/run/docker.sock": "" } });
    expect(await checkContainerEngine(host)).toMatchObject({
      status: "info",
      message: "None answers at /var/run/docker.sock",
    });
  });

  it("names DOCKER_HOST when it leads nowhere", async () => {
    const host = fakeHost({ env: { DOCKER_HOST: "tcp://10.0.0.1:2375" } });
    expect((await checkContainerEngine(host)).message).toBe(
      "None answers at DOCKER_HOST=tcp://10.0.0.1:2375",
    );
  });
});
