#pragma once

#include <c10/util/Exception.h>

#include <string>
#include <vector>

namespace vkforge {

// Keeps libtorch's warnings of this thread in place of printing them: the backend tells only there why it
// found no device, between two C++ backtraces.
class WarningLog : public c10::WarningHandler {
 public:
  WarningLog() : guard_(this) {}

  void process(const c10::SourceLocation&, const std::string& text, bool) override {
    lines_.push_back(text.substr(0, text.find('\n')));
  }

  // The first line of each, in order.
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
  c10::Warning::WarningHandlerGuard guard_;
};

}  // namespace vkforge
