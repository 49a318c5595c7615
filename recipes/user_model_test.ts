import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digestOf } from "../engine/digest.ts";
import { userModel } from "./user_model.ts";

describe("userModel()", () => {
  it("pins the file by its digest, under a name that is safe in a script", async () => {
    const folder = await Deno.makeTempDir();
    const file = join(folder, "my model (1).pt");
    await Deno.writeTextFile(file, "text");
    const { input, fileName, sha256 } = await userModel(file);
    expect(fileName).toBe("my_model__1_.pt");
    expect(sha256).toBe(digestOf("text"));
    expect(input).toMatchObject({ kind: "source", fileName, source: { sha256, sizeBytes: 4 } });
  });

  it("says what cannot be read", async () => {
    await expect(userModel("/nothing/here.pt")).rejects.toThrow(/there is no such file/);
    await expect(userModel("/")).rejects.toThrow(/it is not a file/);
  });
});
