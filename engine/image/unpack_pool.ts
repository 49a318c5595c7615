/**
 * Workers that unpack packages beside each other: decompression is the longest part of assembling an image.
 *
 * @module
 */
import { EngineError } from "../error.ts";
import type { Tree } from "../tree/mod.ts";
import type { UnpackReply, UnpackRequest } from "./unpack_worker.ts";

interface Job {
  readonly request: UnpackRequest;
  readonly resolve: (tree: Tree) => void;
  readonly reject: (error: unknown) => void;
}

/** A pool of unpacking workers; its end ends them. */
export class UnpackPool implements Disposable {
  readonly #size: number;
  readonly #idle: Worker[] = [];
  readonly #running = new Map<Worker, Job>();
  readonly #queue: Job[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  /** Unpacks one package. */
  unpack(request: UnpackRequest): Promise<Tree> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
      this.#next();
    });
  }

  [Symbol.dispose](): void {
    const stopped = [...this.#running.values(), ...this.#queue.splice(0)];
    for (const worker of [...this.#idle.splice(0), ...this.#running.keys()]) worker.terminate();
    this.#running.clear();
    for (const job of stopped) job.reject(new EngineError("interrupted", "Unpacking was stopped"));
  }

  #next(): void {
    if (this.#idle.length === 0 && this.#running.size >= this.#size) return;
    const job = this.#queue.shift();
    if (job === undefined) return;
    this.#run(this.#idle.pop() ?? startWorker(), job);
  }

  #run(worker: Worker, job: Job): void {
    this.#running.set(worker, job);
    worker.onmessage = ({ data }: MessageEvent<UnpackReply>) => {
      this.#running.delete(worker);
      if (data.ok) job.resolve(data.tree);
      else {job.reject(
          new EngineError(data.code, data.message, data.hint === undefined ? {} : { hint: data.hint }),
        );}
      this.#idle.push(worker);
      this.#next();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#running.delete(worker);
      worker.terminate();
      job.reject(new EngineError("io", `Unpacking failed: ${event.message}`));
      this.#next();
    };
    worker.postMessage(job.request);
  }
}

function startWorker(): Worker {
  return new Worker(new URL("./unpack_worker.ts", import.meta.url), { type: "module" });
}
