/**
 * A way to a device that can be made bad: connections that are dropped, delayed, reset, cut off in the middle, or that
 * fall silent.
 *
 * @module
 */
import { connect, createServer, type Server, type Socket } from "node:net";

/** What happens to a connection after a number of bytes. */
export interface Fault {
  readonly kind: "drop" | "reset" | "truncate" | "delay" | "silence";
  /** Of both directions together. */
  readonly afterBytes: number;
  /** For "delay". */
  readonly delayMs?: number;
}

/** See the module's text. */
export class Proxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #target: string;
  /** Gives the fault of a new connection; none if `undefined`. */
  nextFault: () => Fault | undefined = () => undefined;
  /** Bytes in both directions so far. */
  bytes = 0;
  /** Faults that happened, by kind. */
  readonly happened = new Map<Fault["kind"], number>();

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Opens a port of this machine's loopback. @param target Unix socket */
  static async open(target: string): Promise<Proxy> {
    const proxy = new Proxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** `host:port`, as `adb connect` takes it. */
  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy is closed");
    return `127.0.0.1:${address.port}`;
  }

  /** Ends all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #accept(near: Socket): void {
    const far = connect({ path: this.#target });
    let fault = this.nextFault();
    let passed = 0;
    let isSilent = false;
    const both = [near, far];
    const end = () => both.forEach((socket) => socket.destroy());
    const pass = (from: Socket, to: Socket) => {
      from.on("data", (chunk: Uint8Array) => {
        if (isSilent) return;
        const before = passed;
        passed += chunk.length;
        this.bytes += chunk.length;
        if (fault === undefined || passed < fault.afterBytes) {
          if (!to.write(chunk)) {
            from.pause();
            to.once("drain", () => from.resume());
          }
          return;
        }
        this.happened.set(fault.kind, (this.happened.get(fault.kind) ?? 0) + 1);
        switch (fault.kind) {
          case "drop":
            return end();
          case "reset":
            both.forEach((socket) => socket.resetAndDestroy());
            return;
          case "truncate":
            // A part arrives, and then the end.
            to.end(chunk.subarray(0, Math.max(0, fault.afterBytes - before)));
            from.destroy();
            return;
          case "silence":
            isSilent = true;
            return;
          case "delay":
            both.forEach((socket) => socket.pause());
            setTimeout(() => {
              if (!to.destroyed) to.write(chunk);
              both.forEach((socket) => socket.resume());
            }, fault.delayMs ?? 0);
            passed = 0;
            fault = this.nextFault();
        }
      });
    };
    pass(near, far);
    pass(far, near);
    for (const socket of both) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        end();
      });
    }
  }
}
