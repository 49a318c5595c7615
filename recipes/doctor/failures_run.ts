import type { Failure } from "./failure.ts";

const SOURCE = "https://github.com/pytorch/pytorch/blob/v1.13.1/aten/src/ATen/native/vulkan";

/** Failures of running a model on Vulkan. */
export const RUN_FAILURES: readonly Failure[] = [
  {
    id: "op-not-on-vulkan",
    area: "run",
    symptom: /Could not run 'aten::[\w.]+' with arguments from the 'Vulkan' backend/,
    example:
      "NotImplementedError: Could not run 'aten::upsample_bilinear2d.out' with arguments from the 'Vulkan' backend. This could be because the operator doesn't exist for this backend",
    title: "Vulkan has no such operator",
    cause: "The backend of 1.13.1 implements about 70 operators; the rest is not moved to the CPU, it fails.",
    fix:
      "Run `deno task check-ops MODEL`: it names each such operator and a rewrite that gives the same result",
    since: "all versions; each has another list",
    reference: "https://github.com/pytorch/pytorch/issues/50723",
  },
  {
    id: "more-than-4-dimensions",
    area: "run",
    symptom: /Only Tensors with 1 <= dim <= 4 can be represented as a Vulkan Image/,
    example: "RuntimeError: Only Tensors with 1 <= dim <= 4 can be represented as a Vulkan Image!",
    title: "A tensor has no or more than four dimensions",
    cause:
      "Tensors are 3-D images; heads of detectors (YOLO) reshape to five dimensions, eager Python makes 0-D ones.",
    fix:
      "Cut the head off the model and decode on the CPU, or decode without the reshape; `deno task check-ops MODEL` shows where",
    since: "all versions",
    reference: "https://github.com/pytorch/pytorch/issues/53965",
  },
  {
    id: "batch-norm-channels",
    area: "run",
    symptom: /Vulkan batchnorm (?:expects|only supports)/,
    example: "RuntimeError: Vulkan batchnorm expects channel dim to be multiple of 4!",
    title: "Batch norm outside what Vulkan can do",
    cause:
      "The kernel takes 4-D tensors in evaluation mode whose channels are a multiple of four, with weight and bias.",
    fix:
      "Call eval() before tracing, so that batch norm folds into the convolution; otherwise pad the channels to a multiple of four",
    since: "PyTorch 1.13",
    reference: `${SOURCE}/ops/Batchnorm.cpp`,
  },
  {
    id: "cat-dimension",
    area: "run",
    symptom: /Vulkan cat (?:not implemented for|expects|inputs must have)/,
    example: "RuntimeError: Vulkan cat not implemented for width dimension!",
    title: "Concatenation along a dimension that Vulkan cannot do",
    cause:
      "cat takes 4-D tensors, and joins channels or height only, with the dimension counted from the front.",
    fix:
      "Permute so that the dimension becomes 1 or 2, or join on the CPU. Keep channels multiples of four: otherwise the result depends on the order in which threads run",
    since: "PyTorch 1.13",
    reference: `${SOURCE}/ops/Concat.cpp`,
  },
  {
    id: "mean-dimensions",
    area: "run",
    symptom: /Vulkan mean(?: expects|: currently only supports)/,
    example: "RuntimeError: Vulkan mean: currently only supports image-wide reduction!",
    title: "Mean over other dimensions than height and width",
    cause: "mean takes 4-D tensors and exactly the dimensions 2 and 3.",
    fix: "Use adaptive_avg_pool2d(x, 1), or permute so that the dimensions become 2 and 3",
    since: "PyTorch 1.13",
    reference: `${SOURCE}/ops/Mean.cpp`,
  },
  {
    id: "softmax-dimension",
    area: "run",
    symptom: /Vulkan softmax expects/,
    example: "RuntimeError: Vulkan softmax expects dim == 1 (channel)",
    title: "Softmax over another dimension than the channels",
    cause: "softmax takes 4-D tensors, batch 1 and dim=1, literally: dim=-3 is refused.",
    fix:
      "Write dim=1 on a 4-D tensor, or run softmax on the CPU; it does not subtract the maximum, so logits above 88 overflow",
    since: "PyTorch 1.13",
    reference: `${SOURCE}/ops/Softmax.cpp`,
  },
  {
    id: "layer-norm-shape",
    area: "run",
    symptom: /Vulkan layernorm expects/,
    example: "RuntimeError: Vulkan layernorm expects normalized_shape to have length 3, i.e. [C, H, W]",
    title: "Layer norm outside what Vulkan can do",
    cause:
      "The kernel normalizes over [C, H, W] with batch 1, and needs weight and bias of that whole shape.",
    fix:
      "Rewrite it with 1x1 convolutions and batch norm, as `deno task check-ops MODEL` describes, which is also faster",
    since: "PyTorch 1.13",
    reference: `${SOURCE}/ops/Layernorm.cpp`,
  },
  {
    id: "select-dimension",
    area: "run",
    symptom:
      /Vulkan (?:select only supports|stack (?:expects|inputs)|doesn't support zero-sized slice|adaptive_avg_pool2d expects)/,
    example: "RuntimeError: Vulkan select only supports 3d tensors!",
    title: "select, stack, slice or pooling on a shape that Vulkan cannot do",
    cause: "select takes 3-D tensors and dim 0, stack 2-D tensors and dim 0, adaptive pooling 4-D tensors.",
    fix: "Slice instead of indexing (x[:, 0:1] for x[:, 0]), or move the part to the CPU",
    since: "PyTorch 1.13",
    reference: `${SOURCE}/ops/Select.cpp`,
  },
  {
    id: "convolution-unusable",
    area: "run",
    symptom: /Vulkan (?:Convolution|Linear) not (?:usable|available)!/,
    example:
      "RuntimeError: Vulkan Convolution not usable! Reason: The provided input tensor is either invalid or unsupported by Vulkan impl.",
    title: "A convolution or linear layer got an input that Vulkan cannot take",
    cause:
      "Inputs of convolutions are 4-D floats; of linear layers at least 2-D, with the weight still on the CPU.",
    fix:
      "Check shape and type of the input. Beware of what is accepted but wrong: batches, groups, dilation with padding; `deno task check-ops MODEL` finds these",
    since: "PyTorch 1.13",
    reference: `${SOURCE}/ops/Convolution.cpp`,
  },
  {
    id: "broadcasting",
    area: "run",
    symptom: /Invalid broadcasting for Vulkan binary elementwise op!/,
    example:
      "RuntimeError: Invalid broadcasting for Vulkan binary elementwise op! If channel dimensions aren't equal, then one of the inputs must have channel and batch dimensions both equal to 1!",
    title: "Shapes that Vulkan cannot broadcast",
    cause:
      "Height and width broadcast freely; channels and batch only when one side has a single one of both.",
    fix: "Expand the smaller operand to the full shape when the model is converted",
    since: "PyTorch 1.13",
    reference: `${SOURCE}/ops/Arithmetic.cpp`,
  },
  {
    id: "data-type",
    area: "run",
    symptom: /Invalid Data Type: expected c10::QUint8, at::kHalf or (?:at::)?Float but got/,
    example: "RuntimeError: Invalid Data Type: expected c10::QUint8, at::kHalf or Float but got Long",
    title: "Only floats go to Vulkan",
    cause:
      "Vulkan tensors hold float, half or quint8; integers and booleans (argmax, comparisons, indices) cannot be stored.",
    fix: "Convert inputs to float32, and compute indices and masks on the CPU",
    since: "PyTorch 1.13",
    reference: `${SOURCE}/ops/Copy.cpp`,
  },
  {
    id: "autograd-other",
    area: "run",
    symptom: /has kernels registered to both CompositeImplicitAutograd and a backend mapped to AutogradOther/,
    example:
      "RuntimeError: aten::max_pool2d has kernels registered to both CompositeImplicitAutograd and a backend mapped to AutogradOther.",
    title: "Eager Python records gradients",
    cause: "Outside inference mode some operators could take two ways, and the dispatcher refuses to choose.",
    fix: "Run within torch.inference_mode()",
    since: "PyTorch 1.13",
    reference: "https://github.com/pytorch/pytorch/blob/v1.13.1/aten/src/ATen/core/boxing/KernelFunction.cpp",
  },
  {
    id: "memory-map-failed",
    area: "run",
    symptom: /VkResult(?: of |:)-5\b|VK_ERROR_MEMORY_MAP_FAILED/,
    example: "RuntimeError: VkResult:-5",
    title: "Vulkan memory could not be mapped (VK_ERROR_MEMORY_MAP_FAILED)",
    cause: "Not known; reported with PyTorch 1.10 to 1.12 on NVIDIA desktops.",
    fix:
      "The threads hold no fix. Check that `vulkaninfo --summary` works, update the driver, and try `--driver swiftshader` to tell driver from model",
    since: "PyTorch 1.10 to 1.12",
    reference: "https://github.com/pytorch/pytorch/issues/72775",
  },
  {
    id: "out-of-device-memory",
    area: "run",
    symptom: /VkResult(?: of |:)-[12]\b|VK_ERROR_OUT_OF_(?:DEVICE|HOST)_MEMORY/,
    example: "RuntimeError: VkResult:-2",
    title: "The GPU has no memory left, or an image is too large",
    cause:
      "A tensor becomes one 3-D image; beyond the device's maxImageDimension3D, or its memory, it cannot be made.",
    fix: "Use a smaller input; never flatten large maps on Vulkan: reshape on the CPU",
    since: "all versions",
    reference: "https://github.com/pytorch/pytorch/issues/61951",
  },
  {
    id: "no-vulkan-device",
    area: "run",
    symptom:
      /Pytorch Vulkan (?:Runtime: (?:no device devices|Failed to load Vulkan driver)|Context: (?:Failed to initialize|The global context could not))|vkCreateInstance: Found no drivers|VK_ERROR_INCOMPATIBLE_DRIVER|VkResult(?: of |:)-9\b/,
    example:
      "[W Runtime.cpp:201] Warning: Pytorch Vulkan Runtime: no device devices are available for selection!",
    title: "No Vulkan driver was found",
    cause:
      "The loader found no ICD file, or one that names a library which is not there; one broken file can spoil the others.",
    fix:
      "Point VK_DRIVER_FILES (older loaders: VK_ICD_FILENAMES) to exactly one ICD file; VK_LOADER_DEBUG=all shows what the loader tries. Containers need the GPU and its ICD file passed in",
    since: "all versions",
    reference: "https://github.com/KhronosGroup/Vulkan-Loader/issues/994",
  },
  {
    id: "segmentation-fault",
    area: "run",
    symptom: /\bSIGSEGV\b|Segmentation fault(?! signal terminated program)|exit code 139\b/,
    example: "vkforge-runner: line 3: 214 Segmentation fault (core dumped)",
    title: "The program died with SIGSEGV",
    cause:
      "The shaders of PyTorch read out of bounds at odd image sizes. A GPU returns zero there, SwiftShader crashes: 15 of 17 runs of mobilenet_v2 with the unpatched backend.",
    fix:
      "Use `--runtime vkforge` (the default), which asks the driver for robustBufferAccess; with it 0 of 15 runs crashed. If it is in use already, please report the model",
    since: "PyTorch 1.13.1 unpatched (`--runtime stock`, `--runtime source`)",
    reference: "recipes/patches/vulkan/0001-vulkan-request-robustbufferaccess.patch",
  },
];
