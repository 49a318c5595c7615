/**
 * Something that answers as adbd would and never lets anybody in.
 *
 * @module
 */
import { createServer, type Server, type Socket } from "node:net";

const AUTH = 0x48545541;
const TOKEN = 1;
const CONNECT = 0x4e584e43;

/** "refuses" asks for keys and takes none, "silent" says nothing. */
export type FalseKind = "refuses" | "silent";

/** See the module's text. */
export class FalseDaemon {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(kind: FalseKind) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      if (kind === "refuses") {
        socket.on("data", (chunk: Uint8Array) => this.#refuse(socket, new Uint8Array(chunk)));
      }
    });
  }

  static async open(kind: FalseKind): Promise<FalseDaemon> {
    const daemon = new FalseDaemon(kind);
    await new Promise<void>((resolve) => daemon.#server.listen(0, "127.0.0.1", resolve));
    return daemon;
  }

  /** `host:port`, as `adb connect` takes it. */
  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The daemon is closed");
    return `127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Asks to sign another token, whatever came: introduction, signature; the public key is for a person to confirm. */
  #refuse(socket: Socket, data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    if (data.byteLength < 24) return;
    const [command, first] = [view.getUint32(0, true), view.getUint32(4, true)];
    const isSignature = command === AUTH && first === 2;
    if (command === CONNECT || isSignature) socket.write(message(AUTH, TOKEN, new Uint8Array(20).fill(7)));
  }
}

/** A message: command, two arguments, length, sum of the bytes, the command's complement, and the bytes. */
function message(command: number, first: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(24 + data.length);
  const view = new DataView(bytes.buffer);
  const words = [command, first, 0, data.length, data.reduce((sum, byte) => sum + byte, 0), ~command >>> 0];
  words.forEach((word, index) => view.setUint32(4 * index, word, true));
  bytes.set(data, 24);
  return bytes;
}
