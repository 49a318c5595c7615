/**
 * Asking whether an adb server answers on a port, without starting one.
 *
 * @module
 */
import { connect } from "node:net";

const TIMEOUT_MS = 3_000;

/** The version of the protocol that the server on a port of this machine speaks; `undefined` where none answers. */
export function serverVersion(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    let text = "";
    const end = (version?: number) => {
      socket.destroy();
      resolve(version);
    };
    socket.setTimeout(TIMEOUT_MS, () => end());
    socket.on("error", () => end());
    socket.on("close", () => end());
    // A request is its length in four hex digits and its text; so is the answer, after a word.
    socket.on("connect", () => socket.write("000chost:version"));
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const found = /^OKAY0004([0-9a-f]{4})/.exec(text);
      if (found !== null) end(Number.parseInt(found[1]!, 16));
      else if (text.length > 12 || text.startsWith("FAIL")) end();
    });
  });
}
