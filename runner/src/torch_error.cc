#include "torch_error.h"

#include <algorithm>
#include <initializer_list>

namespace vkforge {
namespace {

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool ContainsAny(const std::string& text, std::initializer_list<const char*> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](const char* part) { return Contains(text, part); });
}

// The text between the two marks, or "".
std::string Between(const std::string& text, const std::string& before, const std::string& after) {
  const size_t start = text.find(before);
  if (start == std::string::npos) return "";
  const size_t from = start + before.size();
  const size_t end = text.find(after, from);
  return end == std::string::npos ? "" : text.substr(from, end - from);
}

std::string TitleCase(Backend backend) { return backend == Backend::kCpu ? "CPU" : "Vulkan"; }

// The name of a vulkan_prepack operator or packed class that the model uses and nobody has registered.
std::string UnregisteredName(const std::string& text) {
  if (Contains(text, "Unknown builtin op: ")) {
    const std::string rest = Between(text, "Unknown builtin op: ", "\n");
    return rest.substr(0, rest.find_last_not_of('.') + 1);
  }
  return Between(text, "Unknown type name '__torch__.torch.classes.", "'");
}

Failure MissingOp(const std::string& backend, const std::string& op, const std::string& text) {
  return {FailureCode::kMissingOp, "The " + backend + " backend has no \"" + op + "\"",
          "Rewrite the layer with operators that the backend has", text};
}

Failure OfVkResult(const std::string& text, const std::string& code) {
  if (code == "-1" || code == "-2") {
    return {FailureCode::kOutOfMemory, "The Vulkan device has no memory left",
            "Try a smaller input, or a device with more memory", text};
  }
  if (code == "-4") return {FailureCode::kDeviceLost, "The Vulkan driver lost the device", "", text};
  return {FailureCode::kUnsupported, "A Vulkan call failed with VkResult " + code, "", text};
}

}  // namespace

const char* StageText(Stage stage) {
  switch (stage) {
    case Stage::kInput:
      return "input";
    case Stage::kPlugin:
      return "plugin";
    case Stage::kDevice:
      return "device";
    case Stage::kLoad:
      return "load";
    case Stage::kFirstRun:
      return "first-run";
    case Stage::kRun:
      return "run";
    case Stage::kOutput:
      return "output";
  }
  return "";
}

Failure ClassifyTorchError(const std::string& text, Stage stage, Backend backend, const std::string& op) {
  const std::string missing = Between(text, "Could not run '", "'");
  if (!missing.empty()) {
    const std::string missing_on = Between(text, "with arguments from the '", "'");
    return MissingOp(missing_on.empty() ? TitleCase(backend) : missing_on, missing, text);
  }
  // A structured operator has a kernel for all backends that ends in the CPU's, which finds no memory.
  if (!op.empty() && Contains(text, "Cannot access data pointer of Tensor that doesn't have storage")) {
    return MissingOp(TitleCase(backend), op, text);
  }
  const std::string unregistered = UnregisteredName(text);
  if (!unregistered.empty()) {
    const bool vulkan = Contains(unregistered, "vulkan");
    return {FailureCode::kMissingOp, "The " + TitleCase(backend) + " runtime has no \"" + unregistered + "\"",
            vulkan ? "The model was made for Vulkan: pass --backend vulkan and --plugin" : "", text};
  }
  if (ContainsAny(text, {"Vulkan Runtime: The global runtime could not be retrieved",
                         "Vulkan Context: The global context could not be retrieved"})) {
    return {FailureCode::kWrongDevice, "No Vulkan device can be used",
            "Set VK_DRIVER_FILES and VK_ICD_FILENAMES to the driver's ICD file", text};
  }
  const std::string vk_result = Between(text + "\n", "got VkResult of ", "\n");
  if (!vk_result.empty())
    return OfVkResult(text, vk_result.substr(0, vk_result.find_first_not_of("-0123456789")));
  if (ContainsAny(text, {"can't allocate memory", "std::bad_alloc", "not enough memory"})) {
    return {FailureCode::kOutOfMemory, "The host has no memory left", "", text};
  }
  if (stage == Stage::kLoad) {
    return {FailureCode::kLoadFailed, "Cannot load the model: " + FirstSentence(text), "", text};
  }
  if (ContainsAny(text, {"forward() Expected a value of type", "forward() expected at most",
                         "forward() is missing value for argument"})) {
    return {FailureCode::kBadInput, "The model does not take these inputs: " + FirstSentence(text),
            "Give one --input per argument of forward()", text};
  }
  if (stage == Stage::kFirstRun || stage == Stage::kRun) {
    const std::string rejected = op.empty() ? "the model" : "\"" + op + "\"";
    return {FailureCode::kUnsupported,
            "The " + TitleCase(backend) + " backend rejected " + rejected + ": " + FirstSentence(text), "",
            text};
  }
  return {FailureCode::kInternal, FirstSentence(text), "", text};
}

std::string FirstSentence(const std::string& text) {
  std::string sentence = text;
  // The TorchScript interpreter puts the cause last: "RuntimeError: <cause>".
  // An internal assertion names the place in the source before it says what was asserted.
  for (const std::string mark :
       {"RuntimeError: ", "NotImplementedError: ", "please report a bug to PyTorch. "}) {
    const size_t at = sentence.rfind(mark);
    if (at != std::string::npos) sentence = sentence.substr(at + mark.size());
  }
  sentence = sentence.substr(0, sentence.find('\n'));
  sentence = sentence.substr(0, sentence.find(". "));
  while (!sentence.empty() && (sentence.back() == '.' || sentence.back() == ' ')) sentence.pop_back();
  return sentence.empty() ? "no reason given" : sentence;
}

}  // namespace vkforge
