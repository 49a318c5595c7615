import { describe, expect, it } from "vitest";
import { containerOptions, feederOptions } from "./docker_container.ts";

const names = {
  image: "image",
  name: "vkforge-1",
  labels: { "vkforge.session": "id" },
  inputs: "vkforge-1-in",
};
const run = {
  command: ["/bin/true"],
  environment: {},
  limits: { memoryBytes: 2 ** 20, processes: 4, timeoutMs: 1000 },
};

describe("containerOptions(), feederOptions()", () => {
  it("name the owner of every volume, whichever of the two containers makes it", () => {
    const mounts = [
      ...containerOptions(run, names, { isPodman: false }).HostConfig.Mounts,
      ...containerOptions(run, names, { isPodman: true }).HostConfig.Mounts,
      ...feederOptions(names).HostConfig.Mounts,
    ];
    expect(mounts).toHaveLength(8);
    for (const mount of mounts) expect(mount.VolumeOptions?.Labels).toEqual(names.labels);
  });
});
