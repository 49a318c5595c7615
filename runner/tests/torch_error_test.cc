#include "torch_error.h"

#include <gtest/gtest.h>

namespace vkforge {
namespace {

Failure Classify(const std::string& text, Stage stage = Stage::kFirstRun) {
  return ClassifyTorchError(text, stage, Backend::kVulkan);
}

// The texts below are libtorch 1.13.1's, cut where a backtrace or an operator list begins.

TEST(TorchErrorTest, NamesTheMissingOperator) {
  const Failure failure = Classify(
      "The following operation failed in the TorchScript interpreter.\n"
      "Traceback of TorchScript (most recent call last):\n"
      "  File \"model.py\", line 5, in forward\n"
      "    return torch.silu(x)\n"
      "           ~~~~~~~~~~ <--- HERE\n"
      "RuntimeError: Could not run 'aten::silu' with arguments from the 'Vulkan' backend. This could be "
      "because the "
      "operator doesn't exist for this backend.");
  EXPECT_EQ(failure.code, FailureCode::kMissingOp);
  EXPECT_EQ(failure.message, "The Vulkan backend has no \"aten::silu\"");
}

TEST(TorchErrorTest, NamesTheOperatorWhoseKernelIsTheCpus) {
  const std::string text = "RuntimeError: Cannot access data pointer of Tensor that doesn't have storage\n";
  const Failure failure = ClassifyTorchError(text, Stage::kFirstRun, Backend::kVulkan, "aten::silu");
  EXPECT_EQ(failure.code, FailureCode::kMissingOp);
  EXPECT_EQ(failure.message, "The Vulkan backend has no \"aten::silu\"");
}

TEST(TorchErrorTest, NamesTheOperatorThatRejectedItsArguments) {
  const Failure failure = ClassifyTorchError(
      "false INTERNAL ASSERT FAILED at \"aten/src/ATen/native/vulkan/ops/Tensor.cpp\":40, please report a "
      "bug to "
      "PyTorch. Only Tensors with 1 <= dim <= 4 can be represented as a Vulkan Image!\nException raised from",
      Stage::kFirstRun, Backend::kVulkan, "aten::to");
  EXPECT_EQ(failure.code, FailureCode::kUnsupported);
  EXPECT_EQ(
      failure.message,
      "The Vulkan backend rejected \"aten::to\": Only Tensors with 1 <= dim <= 4 can be represented as a "
      "Vulkan Image!");
}

TEST(TorchErrorTest, NamesWhatAModelMadeForVulkanNeeds) {
  const Failure failure =
      Classify("\nUnknown type name '__torch__.torch.classes.vulkan.Conv2dPackedContext':\nSerialized File",
               Stage::kLoad);
  EXPECT_EQ(failure.code, FailureCode::kMissingOp);
  EXPECT_EQ(failure.message, "The Vulkan runtime has no \"vulkan.Conv2dPackedContext\"");
  EXPECT_EQ(failure.hint, "The model was made for Vulkan: pass --backend vulkan and --plugin");
}

TEST(TorchErrorTest, NamesTheUnknownBuiltin) {
  const Failure failure =
      Classify("\nUnknown builtin op: vulkan_prepack::run_conv2d_context.\nCould not find any similar ops",
               Stage::kLoad);
  EXPECT_EQ(failure.code, FailureCode::kMissingOp);
  EXPECT_EQ(failure.message, "The Vulkan runtime has no \"vulkan_prepack::run_conv2d_context\"");
}

TEST(TorchErrorTest, TellsWhenThereIsNoDevice) {
  EXPECT_EQ(Classify("Pytorch Vulkan Context: The global context could not be retrieved because it failed to "
                     "initialize.")
                .code,
            FailureCode::kWrongDevice);
}

TEST(TorchErrorTest, TellsOutOfMemoryFromOtherVulkanErrors) {
  const std::string text =
      "\"aten/src/ATen/native/vulkan/api/Resource.cpp\"[118] Expected VK_SUCCESS, got VkResult of ";
  EXPECT_EQ(Classify(text + "-2\nException raised from").code, FailureCode::kOutOfMemory);
  EXPECT_EQ(Classify(text + "-4").code, FailureCode::kDeviceLost);
  EXPECT_EQ(Classify(text + "-11").message, "A Vulkan call failed with VkResult -11");
}

TEST(TorchErrorTest, TellsWhenTheHostHasNoMemory) {
  EXPECT_EQ(
      Classify(
          "[enforce fail at alloc_cpu.cpp:66] . DefaultCPUAllocator: can't allocate memory: you tried to "
          "allocate 4000000000000 bytes. Error code 12 (Cannot allocate memory)")
          .code,
      FailureCode::kOutOfMemory);
}

TEST(TorchErrorTest, TellsWhenTheInputsDoNotFit) {
  const Failure failure = Classify(
      "forward() is missing value for argument 'y'. Declaration: forward(__torch__.M self, Tensor x, "
      "Tensor y) -> Tensor");
  EXPECT_EQ(failure.code, FailureCode::kBadInput);
  EXPECT_EQ(failure.message,
            "The model does not take these inputs: forward() is missing value for argument 'y'");
}

TEST(TorchErrorTest, TakesTheRestOfARunForUnsupported) {
  const Failure failure = Classify(
      "The following operation failed in the TorchScript interpreter.\n"
      "Traceback of TorchScript (most recent call last):\n"
      "RuntimeError: Only Tensors with 1 <= dim <= 4 can be represented as a Vulkan Image!\n");
  EXPECT_EQ(failure.code, FailureCode::kUnsupported);
  EXPECT_EQ(
      failure.message,
      "The Vulkan backend rejected the model: Only Tensors with 1 <= dim <= 4 can be represented as a Vulkan "
      "Image!");
}

TEST(TorchErrorTest, TakesTheRestOfALoadForLoadFailed) {
  const Failure failure = Classify(
      "PytorchStreamReader failed reading zip archive: failed finding central directory\nException raised "
      "from",
      Stage::kLoad);
  EXPECT_EQ(failure.code, FailureCode::kLoadFailed);
  EXPECT_EQ(failure.message,
            "Cannot load the model: PytorchStreamReader failed reading zip archive: failed finding central "
            "directory");
}

TEST(TorchErrorTest, FirstSentenceIsNeverEmpty) { EXPECT_EQ(FirstSentence(""), "no reason given"); }

}  // namespace
}  // namespace vkforge
