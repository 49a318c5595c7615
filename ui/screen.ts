/**
 * Where renderers write: standard error, because standard output belongs to results.
 *
 * @module
 */

/** A place to write, with a size and a clock. Tests hand in their own. */
export interface Screen {
  /** Writes all of the text at once. */
  write(text: string): void;
  /** The size now; a window may be resized. */
  size(): { readonly columns: number; readonly rows: number };
  /** Milliseconds that never jump. */
  now(): number;
  /** Calls back at an interval, without keeping the process alive. */
  every(ms: number, callback: () => void): Disposable;
  /** Calls back when the process ends, however it comes to that but for a signal that nobody handles. */
  onExit(callback: () => void): Disposable;
}

/** Standard error of this process. */
export function stderrScreen(): Screen {
  const encoder = new TextEncoder();
  let broken = false;
  return {
    write(text) {
      // A reader that went away (`2>&1 | head`) must not turn a good build into a failed one.
      if (!broken) broken = !writeAll(encoder.encode(text));
    },
    size() {
      try {
        const { columns, rows } = Deno.consoleSize();
        if (columns > 0 && rows > 0) return { columns, rows };
      } catch {
        // Not a terminal.
      }
      return { columns: 80, rows: 24 };
    },
    now: () => performance.now(),
    every(ms, callback) {
      const timer = setInterval(callback, ms);
      Deno.unrefTimer(timer);
      return { [Symbol.dispose]: () => clearInterval(timer) };
    },
    onExit(callback) {
      // An error that nobody catches ends the process without "unload".
      const events = ["unload", "error", "unhandledrejection"] as const;
      for (const event of events) globalThis.addEventListener(event, callback);
      return {
        [Symbol.dispose]: () => {
          for (const event of events) globalThis.removeEventListener(event, callback);
        },
      };
    },
  };
}

/** Gives false when nobody reads any more. */
function writeAll(bytes: Uint8Array): boolean {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += Deno.stderr.writeSync(bytes.subarray(offset));
    } catch (error) {
      // A parent such as npx may have set the shared terminal to non-blocking: wait until it drains.
      if (!(error instanceof Deno.errors.WouldBlock)) return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return true;
}
