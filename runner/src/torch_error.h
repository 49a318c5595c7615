#pragma once

#include <string>

#include "failure.h"
#include "options.h"

namespace vkforge {

// What the worker was doing; also the text of "stage" in a failure.
enum class Stage { kInput, kPlugin, kDevice, kLoad, kFirstRun, kRun, kOutput };

const char* StageText(Stage stage);

// Turns the text of an exception from libtorch into a failure with a stable code. op: the operator that
// threw ("aten::silu"), or "" if that is not known. The rules match texts of libtorch 1.13.1; each is held by
// a test with the real text.
Failure ClassifyTorchError(const std::string& text, Stage stage, Backend backend, const std::string& op = "");

// The sentence that says what is wrong: without the TorchScript traceback before it, the C++ backtrace
// after it, and the full stop.
std::string FirstSentence(const std::string& text);

}  // namespace vkforge
