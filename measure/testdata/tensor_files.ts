/** Header text and raw bytes of a tensor file, as the runner and the model recipes write them. */
export interface TensorFiles {
  readonly header: string;
  readonly data: Uint8Array;
}

/** Makes the two files of a tensor for a test; the data file is named `<name>.bin`. */
export async function tensorFiles(
  tensor: {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly bytes: Uint8Array;
  },
): Promise<TensorFiles> {
  const digest = await crypto.subtle.digest("SHA-256", Uint8Array.from(tensor.bytes));
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const { name, dtype, shape } = tensor;
  return {
    header: JSON.stringify({ schema: 1, name, dtype, shape, data: `${name}.bin`, sha256 }),
    data: tensor.bytes,
  };
}
