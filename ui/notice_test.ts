import { describe, expect, it } from "vitest";
import { Notices } from "./notice.ts";

const drift = {
  source: "libfoo",
  lockedVersion: "1.2-1",
  usedVersion: "1.2-2",
  lockedSha256: "a".repeat(64),
  usedSha256: "b".repeat(64),
  reason: "gone from the mirror and the archive",
};

describe("Notices", () => {
  it("gives a warning once", () => {
    const notices = new Notices();
    const warning = { type: "warning", message: "Few memory", hint: "Close something" } as const;
    expect(notices.take(warning)).toEqual({ kind: "warning", text: "Few memory", hint: "Close something" });
    expect(notices.take(warning)).toBeUndefined();
  });

  it("says what drifted, to what and why", () => {
    const notice = new Notices().take({ type: "drift", drift });
    expect(notice?.text).toBe(
      '"libfoo" is not as locked: 1.2-2 in place of 1.2-1 (gone from the mirror and the archive)',
    );
  });

  it("names the digests when the version is the same", () => {
    const notice = new Notices().take({ type: "drift", drift: { ...drift, usedVersion: "1.2-1" } });
    expect(notice?.text).toContain("sha256 bbbbbbbbbbbb… in place of aaaaaaaaaaaa…");
  });

  it("tells two drifts apart", () => {
    const notices = new Notices();
    notices.take({ type: "drift", drift });
    expect(notices.take({ type: "drift", drift: { ...drift, source: "libbar" } })).toBeDefined();
  });

  it("leaves other events alone", () => {
    expect(new Notices().take({ type: "waiting", name: "a", reason: "b" })).toBeUndefined();
  });
});
