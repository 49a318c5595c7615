// Times every dispatch and copy with the device's own timestamps.
//
// Upstream has a profiler of shaders (api/QueryPool.h), which must be compiled in, ends with an error after
// 4,096 timestamps, rounds the length of a tick to nanoseconds and does not know how many bits count.

#include "command_times.h"

#include <ATen/native/vulkan/api/Context.h>

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "compute_queue.h"
#include "vkforge_vulkan.h"

namespace vkforge {
namespace {

// Timestamps of one query pool. Two for each command.
constexpr uint32_t kPoolSize = 512;

class QueryPool {
 public:
  explicit QueryPool(VkDevice device) : device_(device) {
    VkQueryPoolCreateInfo info{};
    info.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO;
    info.queryType = VK_QUERY_TYPE_TIMESTAMP;
    info.queryCount = kPoolSize;
    TORCH_CHECK(vkCreateQueryPool(device_, &info, nullptr, &pool_) == VK_SUCCESS, "Cannot make a query pool");
  }
  ~QueryPool() { vkDestroyQueryPool(device_, pool_, nullptr); }
  QueryPool(const QueryPool&) = delete;
  QueryPool& operator=(const QueryPool&) = delete;

  bool full() const { return used_ == kPoolSize; }

  void write(VkCommandBuffer commands) {
    // Queries must be reset before they are written; the one queue runs commands in the order of recording.
    if (used_ == 0) vkCmdResetQueryPool(commands, pool_, 0, kPoolSize);
    // The bottom of the pipe is reached when all commands before have ended.
    vkCmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, pool_, used_++);
  }

  // Appends what has been written, and begins anew. The device must be idle.
  void take(std::vector<uint64_t>& ticks) {
    if (used_ == 0) return;
    const size_t first = ticks.size();
    ticks.resize(first + used_);
    const VkResult result = vkGetQueryPoolResults(device_, pool_, 0, used_, used_ * sizeof(uint64_t),
                                                  &ticks[first], sizeof(uint64_t), VK_QUERY_RESULT_64_BIT);
    used_ = 0;
    TORCH_CHECK(result == VK_SUCCESS, "Cannot read timestamps");
  }

 private:
  VkDevice device_;
  VkQueryPool pool_ = VK_NULL_HANDLE;
  uint32_t used_ = 0;
};

struct CommandTime {
  uint32_t label;
  double begin_ns;
  double end_ns;
};

class CommandTimer {
 public:
  // Lives as long as the process: the device is gone before static objects are destroyed in some drivers.
  static CommandTimer& instance() {
    static CommandTimer* const timer = new CommandTimer();
    return *timer;
  }

  bool running() const { return running_.load(std::memory_order_relaxed); }

  void start() {
    at::native::vulkan::api::Context* const context = at::native::vulkan::api::context();
    const VkPhysicalDevice device = context->adapter_ptr()->physical_handle();
    VkPhysicalDeviceProperties properties{};
    vkGetPhysicalDeviceProperties(device, &properties);
    const std::optional<ComputeQueue> queue = compute_queue(device);
    const uint32_t bits = queue ? queue->timestamp_valid_bits : 0;
    TORCH_CHECK(bits > 0 && properties.limits.timestampPeriod > 0, "The queue has no timestamps");
    const std::lock_guard<std::mutex> lock(mutex_);
    device_ = context->device();
    mask_ = bits >= 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
    period_ns_ = properties.limits.timestampPeriod;
    running_ = true;
  }

  void stop() { running_ = false; }

  void set_label(uint32_t label) { label_ = label; }

  void begin(VkCommandBuffer commands) {
    const std::lock_guard<std::mutex> lock(mutex_);
    labels_.push_back(label_);
    write(commands);
  }

  void end(VkCommandBuffer commands) {
    const std::lock_guard<std::mutex> lock(mutex_);
    write(commands);
  }

  // Of all commands since the last call. The device must be idle.
  std::vector<CommandTime> take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    const std::vector<uint32_t> labels = std::exchange(labels_, {});
    pool_ = 0;
    std::vector<uint64_t> ticks;
    for (const std::unique_ptr<QueryPool>& pool : pools_) pool->take(ticks);
    std::vector<CommandTime> times;
    times.reserve(labels.size());
    const auto since_first = [&](uint64_t tick) {
      return static_cast<double>((tick - ticks[0]) & mask_) * period_ns_;
    };
    for (size_t i = 0; i < labels.size(); i++) {
      times.push_back({labels[i], since_first(ticks[2 * i]), since_first(ticks[2 * i + 1])});
    }
    return times;
  }

 private:
  void write(VkCommandBuffer commands) {
    if (pool_ < pools_.size() && pools_[pool_]->full()) pool_++;
    if (pool_ == pools_.size()) pools_.push_back(std::make_unique<QueryPool>(device_));
    pools_[pool_]->write(commands);
  }

  std::atomic<bool> running_{false};
  std::atomic<uint32_t> label_{0};
  std::mutex mutex_;
  VkDevice device_ = VK_NULL_HANDLE;
  uint64_t mask_ = 0;
  double period_ns_ = 0;
  std::vector<std::unique_ptr<QueryPool>> pools_;
  size_t pool_ = 0;
  std::vector<uint32_t> labels_;
};

}  // namespace

TimedCommand::TimedCommand(VkCommandBuffer commands)
    : commands_(CommandTimer::instance().running() ? commands : VK_NULL_HANDLE) {
  if (commands_ != VK_NULL_HANDLE) CommandTimer::instance().begin(commands_);
}

TimedCommand::~TimedCommand() {
  if (commands_ != VK_NULL_HANDLE) CommandTimer::instance().end(commands_);
}

}  // namespace vkforge

int vkforge_vulkan_time_commands(int on) {
  try {
    if (on != 0) {
      vkforge::CommandTimer::instance().start();
    } else {
      vkforge::CommandTimer::instance().stop();
    }
    return 0;
  } catch (const std::exception&) {
    return -1;
  }
}

void vkforge_vulkan_label_commands(uint32_t label) { vkforge::CommandTimer::instance().set_label(label); }

int vkforge_vulkan_take_command_times(vkforge_vulkan_command_time_callback callback, void* context) {
  try {
    if (vkforge_vulkan_synchronize() != 0) return -1;
    for (const vkforge::CommandTime& time : vkforge::CommandTimer::instance().take()) {
      callback(context, time.label, time.begin_ns, time.end_ns);
    }
    return 0;
  } catch (const std::exception&) {
    return -1;
  }
}
