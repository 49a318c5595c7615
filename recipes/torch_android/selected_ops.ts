/**
 * The list of operators for a build with only those that some models use.
 *
 * @module
 */

/**
 * What the Vulkan backend itself calls on the CPU while it packs weights, uploads and downloads. No model names these
 * operators, and upstream's model tracer, which has no Vulkan, does not see them. Taken from the calls in
 * aten/src/ATen/native/vulkan of the patched source and what those dispatch to.
 */
export const BACKEND_CPU_OPS: readonly string[] = [
  "aten::_local_scalar_dense",
  "aten::_reshape_alias",
  "aten::_to_copy",
  "aten::as_strided",
  "aten::cat",
  "aten::clone",
  "aten::constant_pad_nd",
  "aten::contiguous",
  "aten::copy_",
  "aten::empty.memory_format",
  "aten::empty_strided",
  "aten::expand",
  "aten::fill_.Scalar",
  "aten::flip",
  "aten::item",
  "aten::narrow",
  "aten::pad",
  "aten::permute",
  "aten::reshape",
  "aten::resize_",
  "aten::select.int",
  "aten::sigmoid",
  "aten::slice.Tensor",
  "aten::t",
  "aten::tanh",
  "aten::to.device",
  "aten::to.dtype",
  "aten::transpose.int",
  "aten::view",
  "aten::where.self",
  "aten::zero_",
  "aten::zeros",
];

/**
 * The list as torchgen reads it with TRACING_BASED=1; JSON, which is YAML. Without tracing upstream would dispatch
 * statically to the CPU (cmake/Codegen.cmake), past the Vulkan kernels.
 */
export function selectedOpsYaml(ops: readonly string[]): string {
  const names = [...new Set([...ops, ...BACKEND_CPU_OPS])].sort();
  const roots = new Set(ops);
  const list = {
    // Kernels for all types: which ones a model needs is known only from running it.
    include_all_non_op_selectives: true,
    operators: Object.fromEntries(names.map((name) => [name, {
      is_root_operator: roots.has(name),
      is_used_for_training: false,
      include_all_overloads: false,
    }])),
  };
  return `${JSON.stringify(list, undefined, 1)}\n`;
}
