/**
 * Every exported function, class, type and constant has JSDoc. `deno doc --lint` asks the same of every member, where
 * the name mostly says it all.
 *
 * @module
 */

/** An exported symbol without JSDoc. */
export interface Undocumented {
  readonly file: string;
  readonly name: string;
  readonly line: number;
}

interface Declaration {
  readonly kind: string;
  readonly declarationKind: string;
  readonly location: { readonly line: number };
  readonly jsDoc?: { readonly doc?: string; readonly tags?: readonly unknown[] };
}

interface DocumentedFile {
  readonly symbols: ReadonlyArray<{ readonly name: string; readonly declarations: readonly Declaration[] }>;
}

/** The undocumented exports of some files, in order. */
export async function undocumented(repository: string, files: readonly string[]): Promise<Undocumented[]> {
  const { stdout, success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", ...files],
    cwd: repository,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as {
    readonly nodes: Record<string, DocumentedFile>;
  };
  return Object.entries(nodes).flatMap(([specifier, { symbols }]) =>
    symbols.flatMap(({ name, declarations }) => {
      const own = declarations.filter(({ declarationKind, kind }) =>
        // What a front door passes on is documented where it is declared.
        declarationKind === "export" && kind !== "reference"
      );
      // Of a type and a value of one name, one text is enough.
      if (own.length === 0 || own.some(({ jsDoc }) => jsDoc !== undefined)) return [];
      return [{ file: new URL(specifier).pathname, name, line: own[0]?.location.line ?? 0 }];
    })
  );
}
