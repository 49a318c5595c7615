/**
 * The part of dockerode that is used, typed by hand: @types/dockerode brings types of an old Node that hide Deno's.
 *
 * @module
 */

/** Options that every request takes. */
export interface RequestOptions {
  readonly abortSignal?: AbortSignal;
}

/** An engine. */
export interface Docker {
  version(options: RequestOptions): Promise<EngineVersion>;
  info(options: RequestOptions): Promise<EngineInfo>;
  createContainer(options: ContainerOptions & RequestOptions): Promise<Container>;
  getContainer(id: string): Container;
  listContainers(options: {
    readonly all: boolean;
    readonly filters: Filters;
  }): Promise<ReadonlyArray<{ readonly Id: string }>>;
  getVolume(name: string): { remove(): Promise<unknown> };
  listVolumes(options: {
    readonly filters: Filters;
  }): Promise<{ readonly Volumes: ReadonlyArray<{ readonly Name: string }> | null }>;
  getImage(name: string): {
    inspect(options: RequestOptions): Promise<{ readonly RootFS?: { readonly Layers?: readonly string[] } }>;
    remove(): Promise<unknown>;
  };
  listImages(options: {
    readonly filters: Filters;
  }): Promise<ReadonlyArray<{ readonly RepoTags: readonly string[] | null }>>;
  loadImage(
    body: NodeJS.ReadableStream,
    options: RequestOptions & { readonly quiet: boolean },
  ): Promise<Body>;
  readonly modem: {
    followProgress(body: Body, onFinished: (error: Error | null) => void): void;
  };
}

/** A container. */
export interface Container {
  readonly id: string;
  putArchive(body: NodeJS.ReadableStream, options: RequestOptions & { readonly path: string }): Promise<Body>;
  getArchive(options: RequestOptions & { readonly path: string }): Promise<Body>;
  attach(
    options: RequestOptions & {
      readonly stream: true;
      readonly stdin: true;
      readonly stdout: true;
      readonly stderr: true;
      readonly hijack: true;
    },
  ): Promise<Body & { write(text: string): void }>;
  start(options: RequestOptions): Promise<unknown>;
  kill(): Promise<unknown>;
  inspect(): Promise<{ readonly State: ContainerState }>;
  stats(options: { readonly stream: true }): Promise<Body>;
  remove(options: { readonly force: boolean; readonly v: boolean }): Promise<unknown>;
}

/** Whether a container runs, or how it ended. */
export interface ContainerState {
  readonly Running: boolean;
  readonly OOMKilled: boolean;
  readonly ExitCode: number;
}

/** An answer that comes in pieces. */
export type Body = NodeJS.ReadableStream & AsyncIterable<Uint8Array> & { destroy(error?: Error): void };

/** Conditions on a list. */
export type Filters = Readonly<Record<string, readonly string[]>>;

/** What an engine says of itself. */
export interface EngineVersion {
  readonly Version: string;
  readonly Components?: ReadonlyArray<{ readonly Name: string; readonly Version: string }>;
}

/** What an engine says of its machine. */
export interface EngineInfo {
  readonly OSType: string;
  readonly Architecture: string;
  readonly MemTotal: number;
  readonly MemoryLimit?: boolean;
  readonly PidsLimit?: boolean;
}

/** The options of "POST /containers/create" that are used. */
export interface ContainerOptions {
  readonly name: string;
  readonly Image: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Hostname?: string;
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Env?: readonly string[];
  readonly Cmd: readonly string[];
  readonly OpenStdin?: boolean;
  readonly AttachStdin?: boolean;
  readonly AttachStdout?: boolean;
  readonly AttachStderr?: boolean;
  readonly HostConfig: {
    readonly NetworkMode: "none";
    readonly ReadonlyRootfs?: boolean;
    readonly CapDrop?: readonly string[];
    readonly SecurityOpt?: readonly string[];
    readonly MaskedPaths?: readonly string[];
    readonly CpusetCpus?: string;
    readonly Init?: boolean;
    readonly IpcMode?: "private";
    readonly Memory?: number;
    readonly MemorySwap?: number;
    readonly PidsLimit?: number;
    readonly ShmSize?: number;
    readonly Ulimits?: ReadonlyArray<{ readonly Name: string; readonly Soft: number; readonly Hard: number }>;
    readonly Tmpfs?: Readonly<Record<string, string>>;
    readonly Mounts: readonly VolumeMount[];
    readonly LogConfig: { readonly Type: "none" };
  };
}

/** A volume in a container; nameless ones go with it. */
export interface VolumeMount {
  readonly Type: "volume";
  readonly Source?: string;
  readonly Target: string;
  readonly ReadOnly?: boolean;
  readonly VolumeOptions?: { readonly Labels: Readonly<Record<string, string>> };
}
