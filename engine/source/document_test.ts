import { describe, expect, it } from "vitest";
import { impatientHost, TestServer } from "./_testing.ts";
import { fetchDocument } from "./document.ts";

describe("fetchDocument()", () => {
  it("tries again, and gives the bytes", async () => {
    await using server = new TestServer((_request, count) =>
      count < 3 ? new Response(null, { status: 502 }) : new Response("text")
    );
    const bytes = await fetchDocument(`${server.url}/x`, { host: impatientHost() });
    expect(new TextDecoder().decode(bytes)).toBe("text");
  });

  it("tells what is not there from what cannot be reached", async () => {
    await using server = new TestServer(() => new Response(null, { status: 404 }));
    const host = impatientHost();
    await expect(fetchDocument(`${server.url}/x?token=geheim`, { host })).rejects.toMatchObject({
      code: "source-gone",
      message: `Cannot read ${server.url}/x?…: the server answers 404 Not Found`,
    });
    await expect(fetchDocument("http://127.0.0.1:9/x", { host })).rejects.toMatchObject({
      code: "source-unavailable",
    });
  });

  it("takes no more than it is allowed to", async () => {
    await using server = new TestServer(() => new Response("x".repeat(100)));
    const options = { host: impatientHost(), maxSizeBytes: 99 };
    await expect(fetchDocument(server.url, options)).rejects.toMatchObject({ code: "source-unavailable" });
  });

  it("stops when aborted", async () => {
    const options = { host: impatientHost(), signal: AbortSignal.abort() };
    await expect(fetchDocument("http://127.0.0.1:9/x", options)).rejects.toMatchObject({
      code: "interrupted",
    });
  });
});
