import { describe, expect, it } from "vitest";
import { hostWith } from "./_contract.ts";
import { engineAddresses } from "./docker_address.ts";

const NONE = {
  DOCKER_HOST: "",
  CONTAINER_HOST: "",
  DOCKER_CERT_PATH: "",
  DOCKER_TLS_VERIFY: "",
  HOME: "/nobody",
};
const addresses = (variables: Record<string, string>) => engineAddresses(hostWith({ ...NONE, ...variables }));

describe("engineAddresses()", () => {
  it("reads a socket's path", () => {
    expect(addresses({ DOCKER_HOST: "unix:///run/x.sock" })).toEqual([
      { kind: "unix", url: "unix:///run/x.sock", path: "/run/x.sock" },
    ]);
  });

  it("reads a host and a port, with TLS where the variables ask for it", () => {
    expect(addresses({ DOCKER_HOST: "tcp://build.example:1234" })).toEqual([
      { kind: "tcp", url: "tcp://build.example:1234", host: "build.example", port: 1234 },
    ]);
    expect(addresses({ DOCKER_HOST: "tcp://[::1]", DOCKER_TLS_VERIFY: "1" })).toEqual([
      { kind: "tcp", url: "tcp://[::1]", host: "::1", port: 2376, certificates: "/nobody/.docker" },
    ]);
    expect(addresses({ DOCKER_HOST: "tcp://a", DOCKER_CERT_PATH: "/certs" })[0]).toMatchObject({
      certificates: "/certs",
    });
  });

  it("reads a machine behind ssh", () => {
    expect(addresses({ DOCKER_HOST: "ssh://me@far:2222" })).toEqual([
      {
        kind: "ssh",
        url: "ssh://me@far:2222",
        host: "far",
        user: "me",
        port: 2222,
        socketPath: "/var/run/docker.sock",
      },
    ]);
    expect(addresses({ CONTAINER_HOST: "ssh://far/run/podman/podman.sock" })[0]).toMatchObject({
      socketPath: "/run/podman/podman.sock",
    });
  });

  it.each(["nonsense", "ftp://host", "unix://relative", "tcp://", "ssh://"])(
    "refuses %s",
    (url: string) => {
      expect(() => addresses({ DOCKER_HOST: url })).toThrow("Cannot read DOCKER_HOST");
    },
  );
});
