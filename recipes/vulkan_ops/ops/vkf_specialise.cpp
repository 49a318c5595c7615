#include <ATen/native/vulkan/ops/vkf_specialise.h>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>

namespace at {
namespace native {
namespace vulkan {
namespace ops {
namespace vkf {
namespace {

constexpr uint32_t kFirstConstant = 3; // 0 to 2 are the work group's size
constexpr size_t kHeaderWords = 5;
constexpr uint32_t kDecorationSpecId = 1;

/// The instructions of SPIR-V that are of interest here.
enum Opcode : uint32_t {
  kName = 5,
  kMemberName = 6,
  kEntryPoint = 15,
  kConstantTrue = 41,
  kConstantFalse = 42,
  kConstant = 43,
  kSpecConstant = 50,
  kSpecConstantOp = 52,
  kFunction = 54,
  kFunctionEnd = 56,
  kFunctionCall = 57,
  kStore = 62,
  kDecorate = 71,
  kImageWrite = 99,
  kIEqual = 170,
  kINotEqual = 171,
  kSGreaterThan = 173,
  kLoopMerge = 246,
  kSelectionMerge = 247,
  kLabel = 248,
  kBranch = 249,
  kBranchConditional = 250,
  kSwitch = 251,
};

using Words = std::vector<uint32_t>;

struct Instruction final {
  const uint32_t* words;

  uint32_t length() const {
    return words[0] >> 16;
  }
  uint32_t opcode() const {
    return words[0] & 0xffffu;
  }
  uint32_t operator[](const size_t i) const {
    return words[i];
  }
};

struct Block final {
  std::vector<Instruction> instructions; // from the label to the branch
};

struct Function final {
  std::vector<Instruction> head; // OpFunction and its parameters
  std::vector<Block> blocks;
  std::set<uint32_t> calls;
};

/// Drops what specialisation constants make unreachable. Drivers do that, too, but some only after they have inlined
/// and translated everything: a pipeline of 60 operations then takes SwiftShader more than a second.
class Specialiser final {
 public:
  Specialiser(const uint32_t* const words, const size_t count, const Words& values) : source_(words, words + count) {
    set_constants(values);
    parse();
  }

  Words result() {
    for (auto& entry : functions_) {
      drop_unreachable(entry.second);
    }
    std::set<uint32_t> used;
    use(entry_point_, used);

    Words out(source_.begin(), source_.begin() + kHeaderWords);
    std::set<uint32_t> kept_ids;
    Words body;
    for (const uint32_t id : order_) {
      if (used.count(id) != 0) {
        write(functions_[id], body, kept_ids);
      }
    }
    for (const Instruction& instruction : module_) {
      const uint32_t opcode = instruction.opcode();
      const bool stale = opcode == kDecorate && local_ids_.count(instruction[1]) != 0 && kept_ids.count(instruction[1]) == 0;
      if (opcode != kName && opcode != kMemberName && !stale) {
        append(instruction, out);
      }
    }
    out.insert(out.end(), body.begin(), body.end());
    return out;
  }

 private:
  Words source_;
  std::vector<Instruction> module_; // all before the functions
  std::map<uint32_t, Function> functions_;
  std::vector<uint32_t> order_;
  std::unordered_map<uint32_t, uint32_t> known_; // values of constants
  std::set<uint32_t> local_ids_; // results of instructions in functions
  uint32_t entry_point_{0};

  template <class Visit>
  void for_each(const Visit& visit) {
    for (size_t at = kHeaderWords; at < source_.size();) {
      const uint32_t length = source_[at] >> 16;
      TORCH_INTERNAL_ASSERT(length > 0 && at + length <= source_.size(), "The SPIR-V is cut off");
      visit(&source_[at], length);
      at += length;
    }
  }

  /// Writes the values over the constants' defaults.
  void set_constants(const Words& values) {
    std::unordered_map<uint32_t, uint32_t> value_of;
    size_t found = 0;
    for_each([&](uint32_t* const words, const uint32_t length) {
      const uint32_t opcode = words[0] & 0xffffu;
      if (opcode == kDecorate && length == 4 && words[2] == kDecorationSpecId && words[3] >= kFirstConstant &&
          words[3] - kFirstConstant < values.size()) {
        value_of[words[1]] = values[words[3] - kFirstConstant];
      } else if (opcode == kSpecConstant && length == 4 && value_of.count(words[2]) != 0) {
        words[3] = value_of[words[2]];
        ++found;
      }
    });
    TORCH_INTERNAL_ASSERT(found == values.size(), "The shader has ", found, " of ", values.size(), " constants");
  }

  void parse() {
    Function* function = nullptr;
    for_each([&](const uint32_t* const words, const uint32_t length) {
      const Instruction instruction{words};
      const uint32_t opcode = instruction.opcode();
      if (opcode == kFunction) {
        order_.push_back(words[2]);
        function = &functions_[words[2]];
      }
      if (function == nullptr) {
        module_.push_back(instruction);
        note_constant(instruction);
        if (opcode == kEntryPoint) {
          entry_point_ = words[2];
        }
        return;
      }
      if (opcode == kLabel) {
        function->blocks.emplace_back();
      }
      if (opcode == kFunctionEnd) {
        function = nullptr;
      } else if (function->blocks.empty()) {
        function->head.push_back(instruction);
      } else {
        function->blocks.back().instructions.push_back(instruction);
      }
      local_ids_.insert(result_of(instruction));
    });
  }

  /// The id that an instruction within a function defines; 0 for none.
  static uint32_t result_of(const Instruction& instruction) {
    const uint32_t opcode = instruction.opcode();
    if (opcode == kLabel) {
      return instruction[1];
    }
    const bool none = opcode == kStore || opcode == kImageWrite || opcode >= kLoopMerge || instruction.length() < 3;
    return none ? 0 : instruction[2];
  }

  void note_constant(const Instruction& instruction) {
    switch (instruction.opcode()) {
      case kConstantTrue:
      case kConstantFalse:
        known_[instruction[2]] = instruction.opcode() == kConstantTrue;
        return;
      case kConstant:
      case kSpecConstant:
        if (instruction.length() == 4) {
          known_[instruction[2]] = instruction[3];
        }
        return;
      case kSpecConstantOp:
        if (instruction.length() == 6 && known_.count(instruction[4]) != 0 && known_.count(instruction[5]) != 0) {
          const int32_t a = static_cast<int32_t>(known_[instruction[4]]);
          const int32_t b = static_cast<int32_t>(known_[instruction[5]]);
          if (instruction[3] == kIEqual) {
            known_[instruction[2]] = a == b;
          } else if (instruction[3] == kINotEqual) {
            known_[instruction[2]] = a != b;
          } else if (instruction[3] == kSGreaterThan) {
            known_[instruction[2]] = a > b;
          }
        }
        return;
    }
  }

  /// Where a block goes for sure; 0 where that depends on more than constants.
  uint32_t certain_target(const Block& block) const {
    const Instruction& last = block.instructions.back();
    if (last.opcode() == kBranchConditional && known_.count(last[1]) != 0) {
      return known_.at(last[1]) != 0 ? last[2] : last[3];
    }
    if (last.opcode() == kSwitch && known_.count(last[1]) != 0) {
      for (uint32_t i = 3; i + 1 < last.length(); i += 2) {
        if (last[i] == known_.at(last[1])) {
          return last[i + 1];
        }
      }
      return last[2];
    }
    return 0;
  }

  void drop_unreachable(Function& function) {
    std::map<uint32_t, const Block*> blocks;
    for (const Block& block : function.blocks) {
      blocks[block.instructions.front()[1]] = &block;
    }
    std::set<uint32_t> reached;
    Words pending{function.blocks.front().instructions.front()[1]};
    while (!pending.empty()) {
      const uint32_t label = pending.back();
      pending.pop_back();
      if (!reached.insert(label).second) {
        continue;
      }
      const Block& block = *blocks.at(label);
      const uint32_t certain = certain_target(block);
      for (const Instruction& instruction : block.instructions) {
        const uint32_t opcode = instruction.opcode();
        if (opcode == kFunctionCall) {
          function.calls.insert(instruction[3]);
        } else if (opcode == kLoopMerge) {
          pending.insert(pending.end(), {instruction[1], instruction[2]});
        } else if (certain != 0) {
          continue; // the branch and what it merges into
        } else if (opcode == kSelectionMerge || opcode == kBranch) {
          pending.push_back(instruction[1]);
        } else if (opcode == kBranchConditional) {
          pending.insert(pending.end(), {instruction[2], instruction[3]});
        } else if (opcode == kSwitch) {
          pending.push_back(instruction[2]);
          for (uint32_t i = 4; i < instruction.length(); i += 2) {
            pending.push_back(instruction[i]);
          }
        }
      }
      if (certain != 0) {
        pending.push_back(certain);
      }
    }
    std::vector<Block> kept;
    for (Block& block : function.blocks) {
      if (reached.count(block.instructions.front()[1]) != 0) {
        kept.push_back(std::move(block));
      }
    }
    function.blocks = std::move(kept);
  }

  void use(const uint32_t id, std::set<uint32_t>& used) const {
    if (used.insert(id).second) {
      for (const uint32_t callee : functions_.at(id).calls) {
        use(callee, used);
      }
    }
  }

  static void append(const Instruction& instruction, Words& out) {
    out.insert(out.end(), instruction.words, instruction.words + instruction.length());
  }

  void write(const Function& function, Words& out, std::set<uint32_t>& ids) const {
    for (const Instruction& instruction : function.head) {
      append(instruction, out);
      ids.insert(result_of(instruction));
    }
    for (const Block& block : function.blocks) {
      const uint32_t certain = certain_target(block);
      for (const Instruction& instruction : block.instructions) {
        const bool branches = &instruction == &block.instructions.back();
        if (certain == 0 || !(branches || instruction.opcode() == kSelectionMerge)) {
          append(instruction, out);
        } else if (branches) {
          out.insert(out.end(), {2u << 16 | kBranch, certain});
        }
        ids.insert(result_of(instruction));
      }
    }
    out.push_back(1u << 16 | kFunctionEnd);
  }
};

struct SpecialisedShader final {
  Words words;
  std::unique_ptr<api::ShaderSource> source;
};

} // namespace

const api::ShaderSource& specialise(const api::ShaderSource& shader, const std::initializer_list<uint32_t> values) {
  // Never freed: the context's caches, which outlive static objects of this file, know the words by their address.
  static std::mutex& mutex = *new std::mutex();
  static auto& cache = *new std::map<std::pair<const void*, Words>, SpecialisedShader>();

  std::lock_guard<std::mutex> lock(mutex);
  SpecialisedShader& entry = cache[{shader.src_code.spirv.bin, values}];
  if (!entry.source) {
    entry.words =
        Specialiser(shader.src_code.spirv.bin, shader.src_code.spirv.size / sizeof(uint32_t), values).result();
    entry.source = std::make_unique<api::ShaderSource>(shader);
    entry.source->src_code.spirv.bin = entry.words.data();
    entry.source->src_code.spirv.size = static_cast<uint32_t>(entry.words.size() * sizeof(uint32_t));
    for (const uint32_t value : values) {
      entry.source->kernel_name += "." + std::to_string(value);
    }
  }
  return *entry.source;
}

} // namespace vkf
} // namespace ops
} // namespace vulkan
} // namespace native
} // namespace at
